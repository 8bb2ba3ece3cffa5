/**
 * The codes that `response_code` stands for (contract 4.8): a code of three digits, or a group like `2XX`. Anything else
 * stands for none.
 */
export function responseCodes(text: string): readonly number[] {
  if (/^[1-9]\d\d$/.test(text)) return [Number(text)];
  const [, group] = /^([1-5])XX$/.exec(text) ?? [];
  return group === undefined ? [] : Array.from({ length: 100 }, (_, index) => Number(group) * 100 + index);
}
