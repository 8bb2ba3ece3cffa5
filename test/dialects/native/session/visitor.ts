import { randomInt } from 'node:crypto';

/**
 * A browser without scripts: keeps cookies, and goes where it is sent one step at a time. Each comes from an address of its
 * own to a server that trusts its proxy, so that many in one minute are not one who tries too often.
 */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly address: string;

  constructor(address = `198.18.${randomInt(256)}.${randomInt(256)}`) {
    this.address = address;
  }

  async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: {
        'x-forwarded-for': this.address,
        ...(cookie === '' ? {} : { cookie }),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = set.split(';');
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const gone = attributes.some((text) => /^\s*(max-age=0|expires=Thu, 01 Jan 1970)/i.test(text));
      if (gone || value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Follows redirects until `stop` says that an address is not to be asked for, or there is a page. */
  async follow(
    url: string,
    stop: (url: string) => boolean = () => false,
  ): Promise<{ url: string; response: Response }> {
    let at = url;
    let response = await this.ask(at);
    for (let steps = 0; steps < 10; steps += 1) {
      const location = response.headers.get('location');
      if (location === null) return { url: at, response };
      await response.arrayBuffer();
      at = new URL(location, at).href;
      if (stop(at)) return { url: at, response };
      response = await this.ask(at);
    }
    throw new Error(`${url} leads in a circle`);
  }
}
