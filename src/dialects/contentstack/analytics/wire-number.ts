/** Above it a count is written as a text of digits. */
export const LARGEST_NUMBER = 2_147_483_647;

/** A count as JSON: numbers are bounded to 32 bits, so a larger one is a text of digits (contract 5.6). */
export function wireNumber(value: number | bigint): string {
  return value > LARGEST_NUMBER ? `"${value}"` : String(value);
}
