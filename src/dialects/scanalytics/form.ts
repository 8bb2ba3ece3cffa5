/** The parameters of a form or of a query, by name; a name sent twice has two values. */
export class Form {
  readonly #values = new Map<string, string[]>();

  constructor(text: string) {
    for (const [name, value] of new URLSearchParams(text)) {
      const values = this.#values.get(name);
      if (values === undefined) this.#values.set(name, [value]);
      else values.push(value);
    }
  }

  /** The one value; null when there is none or it is empty, which is the same (RFC 6749 3.1). */
  get(name: string): string | null {
    const [value = ''] = this.#values.get(name) ?? [];
    return value === '' ? null : value;
  }

  isRepeated(name: string): boolean {
    return (this.#values.get(name)?.length ?? 0) > 1;
  }

  /** The first name that was sent twice. */
  repeated(): string | null {
    for (const [name, values] of this.#values) if (values.length > 1) return name;
    return null;
  }

  entries(): readonly (readonly [string, string])[] {
    return [...this.#values].map(([name, [value = '']]) => [name, value] as const);
  }
}

/** The query of a request, as it travelled. */
export function queryOf(url: string): Form {
  const at = url.indexOf('?');
  return new Form(at === -1 ? '' : url.slice(at + 1));
}

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The media type without its parameters; '' when there is none. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function isForm(header: string | undefined): boolean {
  return mediaType(header) === FORM_TYPE;
}
