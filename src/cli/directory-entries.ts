import { mistakeText } from '../directory/file/mistake.ts';
import type { DirectoryItem } from '../directory/resources/item.ts';
import type { Reach } from '../directory/resources/reach.ts';
import type { DirectoryResource } from '../directory/resources/resource.ts';
import {
  createResources,
  type DirectoryResources,
  type Refusal,
  type Written,
} from '../directory/resources/resources.ts';
import type { Problem } from '../domain/problem.ts';
import type { Result } from '../domain/result.ts';
import { CliError, type Terminal } from './command.ts';
import { withDirectory } from './open-directory.ts';
import { secretLines } from './secret-lines.ts';

/** Whoever can open the records store is an administrator of the instance. */
const REACH: Reach = { organizations: 'all', home: null, actor: 'cli' };
const PAGE = 500;

/** One kind of entry of the directory, for the commands that work on it. Failures are CliErrors. */
export class DirectoryEntries {
  readonly #resources: DirectoryResources;

  constructor(resources: DirectoryResources) {
    this.#resources = resources;
  }

  /** @param name lists of the directory file that lead to the kind, e.g. `organizations.native_keys` */
  #resource(name: string): DirectoryResource {
    const found = this.#resources.all.find((resource) => resource.name === name);
    if (found === undefined) throw new Error(`the directory has no ${name}`);
    return found;
  }

  async *list(name: string, addresses: readonly string[] = []): AsyncGenerator<DirectoryItem> {
    let after: string | undefined;
    do {
      const page = await this.#resources.list(this.#resource(name), REACH, addresses, { limit: PAGE, after });
      const { items, next }: { items: readonly DirectoryItem[]; next: string | null } = settled(page);
      yield* items;
      after = next ?? undefined;
    } while (after !== undefined);
  }

  async create(name: string, addresses: readonly string[], body: object): Promise<Written> {
    return written(await this.#resources.create(this.#resource(name), REACH, addresses, body));
  }

  async update(name: string, addresses: readonly string[], body: object): Promise<Written> {
    return written(await this.#resources.update(this.#resource(name), REACH, addresses, body));
  }

  async get(name: string, addresses: readonly string[]): Promise<DirectoryItem> {
    return settled(await this.#resources.get(this.#resource(name), REACH, addresses));
  }

  async remove(name: string, addresses: readonly string[]): Promise<void> {
    written(await this.#resources.remove(this.#resource(name), REACH, addresses));
  }

  /** The entries of one organization, or of all of them one after the other. */
  async *inOrganizations(
    name: string,
    organization: string | undefined,
  ): AsyncGenerator<{ readonly organization: string; readonly item: DirectoryItem }> {
    const keys =
      organization === undefined
        ? this.#organizationKeys()
        : [(await this.get('organizations', [organization])).address];
    for await (const key of keys) {
      for await (const item of this.list(name, [key])) yield { organization: key, item };
    }
  }

  async *#organizationKeys(): AsyncGenerator<string> {
    for await (const { address } of this.list('organizations')) yield address;
  }
}

export async function withEntries<T>(terminal: Terminal, work: (entries: DirectoryEntries) => Promise<T>): Promise<T> {
  return withDirectory(terminal, (parts) =>
    // A server beside us finds out by itself.
    work(new DirectoryEntries(createResources({ ...parts, refresh: async () => undefined }))),
  );
}

/** What was made, and its secrets; as JSON the entry in the words of the directory file, secrets included. */
export function printWritten(what: string, { item, secrets }: Written, json: boolean, { stdout }: Terminal): void {
  const told = Object.fromEntries(secrets.map(({ field, value }) => [field, value]));
  if (json) stdout.write(`${JSON.stringify({ ...item.entry, ...told })}\n`);
  else stdout.write(`${[what, ...secretLines(secrets)].join('\n')}\n`);
}

function settled<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new CliError(problemText(result.problem));
}

function written<T>(result: Result<T, Refusal>): T {
  if (result.ok) return result.value;
  const { problem } = result;
  if (problem.kind === 'problem') throw new CliError(problemText(problem.problem));
  throw new CliError(problem.mistakes.map(mistakeText).join('; '));
}

function problemText(problem: Problem): string {
  switch (problem.kind) {
    case 'not_found':
      return `there is no ${problem.what} "${problem.key}"`;
    case 'conflict':
      return `${problem.what}: ${problem.reason}`;
    case 'invalid_field':
      return `${problem.field}: ${problem.reason}`;
    default:
      return problem.kind.replaceAll('_', ' ');
  }
}
