/** What came back from a call, as much of it as a test looks at. */
export interface Answered {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** The body of an error of contract 5.4. */
export function errorXml(code: string, message: string): string {
  return `${DECLARATION}<error code="${code}">${message}</error>`;
}

export function serviceCalls(baseUrl: () => string) {
  const send = async (path: string, init: RequestInit = {}): Promise<Answered> => {
    const response = await fetch(`${baseUrl()}${path}`, init);
    return { status: response.status, body: await response.text(), headers: response.headers };
  };
  return {
    send,
    /** @param call `authorize`, `authrep`, `oauth_authorize` or `oauth_authrep` */
    get: (call: string, query: string, options?: string) =>
      send(
        `/transactions/${call}.xml?${query}`,
        options === undefined ? {} : { headers: { '3scale-options': options } },
      ),
    report: (form: string, query = '') =>
      send(`/transactions.xml${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form,
      }),
  };
}
