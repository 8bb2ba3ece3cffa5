import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const PROGRAM = '/usr/bin/chromium';

/** Keeps the browser itself from calling home; what a page asks for is counted apart. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
];

export interface TestPage {
  readonly page: Page;
  /** URLs on other hosts that the page asked for; they were refused. */
  readonly outside: readonly string[];
  /** What the page complained about: errors of scripts, refused resources, the security policy. */
  readonly complaints: readonly string[];
}

/** Debian's Chromium. Fails, never skips, when it is not installed. */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(PROGRAM)) throw new Error('these tests need Chromium: apt-get install chromium');
  return chromium.launch({ executablePath: PROGRAM, args: QUIET });
}

/** An empty page that may only talk to `url`'s host. */
export async function newPage(browser: Browser, url: string): Promise<TestPage> {
  const context = await browser.newContext();
  // Two cores are shared with the server, and with other tests.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const outside: string[] = [];
  const complaints: string[] = [];
  const { host } = new URL(url);
  await context.route(
    (asked) => asked.host !== host && asked.protocol !== 'data:' && asked.protocol !== 'blob:',
    async (route) => {
      outside.push(route.request().url());
      await route.abort();
    },
  );
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, outside, complaints };
}
