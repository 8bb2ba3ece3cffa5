/** Puts values into `{{name}}` places of a page; the caller has escaped them. A place without a value is a mistake. */
export function fillPage(page: string, values: Readonly<Record<string, string>>): string {
  return page.replace(/\{\{([a-z]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the page has a place for "${name}" and nothing to put there`);
    return value;
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for attribute values in either kind of quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
