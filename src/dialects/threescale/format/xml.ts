import XMLBuilder from 'fast-xml-builder';

/** An element as the builder takes it: its name with what is inside, and its attributes. */
export type XmlElement = { readonly [name: string]: readonly XmlPart[] | Readonly<Record<string, string>> };
type XmlPart = XmlElement | { readonly '#text': string };

export type XmlContent = string | number | bigint | boolean | null | readonly XmlElement[];

const DECLARATION: XmlElement = { '?xml': [{ '#text': '' }], ':@': { version: '1.0', encoding: 'UTF-8' } };

const builder = new XMLBuilder({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  // Ours leaves quotes in texts alone, as the imitated server does.
  processEntities: false,
  tagValueProcessor: (_name: string, value: unknown) => escapedText(String(value)),
  attributeValueProcessor: (_name: string, value: unknown) => escapedAttribute(String(value)),
});

/** One element; null and an empty list make an empty one. Order is kept, of elements as of attributes. */
export function element(
  name: string,
  content: XmlContent = null,
  attributes?: Readonly<Record<string, string | number | boolean>>,
): XmlElement {
  const parts: readonly XmlPart[] =
    content === null ? [] : typeof content === 'object' ? content : [{ '#text': String(content) }];
  if (attributes === undefined) return { [name]: parts };
  const texts = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]));
  return { [name]: parts, ':@': texts };
}

/** The element, or nothing when there is no value: for what is left out instead of empty. */
export function elementIf(name: string, value: string | null): readonly XmlElement[] {
  return value === null || value.trim() === '' ? [] : [element(name, value)];
}

/** The document: declaration and root, no white space between elements. */
export function xmlText(root: XmlElement): string {
  return builder.build([DECLARATION, root]);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

// oxlint-disable-next-line no-control-regex -- these are what is to be found
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu;

/** Most texts need nothing, and finding that out is cheap. */
const HARMLESS = /^[\w .,:;/()+-]*$/;

/** Characters that XML 1.0 cannot hold become U+FFFD: a document that no parser reads helps nobody. */
export function escapedText(text: string): string {
  if (HARMLESS.test(text)) return text;
  return text.replace(NOT_IN_XML, '\ufffd').replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/** As text, with the quotes that would end the attribute. */
export function escapedAttribute(text: string): string {
  return escapedText(text).replaceAll('"', '&quot;');
}
