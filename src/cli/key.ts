import { NATIVE_SCOPES } from '../directory/kinds/keys.ts';
import type { DirectoryItem } from '../directory/resources/item.ts';
import { formatRfc3339Utc } from '../domain/time/rfc3339.ts';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { printWritten, withEntries } from './directory-entries.ts';
import { printListing, withFormat, type ListingFormat, type ListingRow } from './listing.ts';
import { commaList } from './option-values.ts';

const KEYS = 'organizations.native_keys';
const COLUMNS = ['id', 'organization', 'key', 'scopes', 'label', 'created_at'];

interface NewKey {
  readonly organization: string;
  readonly scopes: readonly string[];
  readonly label?: string;
  readonly json?: true;
}

/** `tallyhouse key add|list|revoke`: keys of the native API. */
export const keyCommand: CliCommand = (program, terminal) => {
  const key = program.command('key').description('keys of the native API: add, list, revoke');
  key
    .command('add')
    .description('make a key; it is printed once')
    .requiredOption('--organization <name>', 'key or uid of the organization it belongs to')
    .option('--scopes <names>', `what it may do, comma separated: ${NATIVE_SCOPES.join(', ')}`, commaList, [
      'ingest',
      'read',
    ])
    .option('--label <text>', 'what it is for')
    .option('--json', 'print it as JSON')
    .action(async (options: NewKey) => {
      await add(options, terminal);
    });
  withFormat(key.command('list').description('the keys that work, without the keys themselves'))
    .option('--organization <name>', 'only those of this organization')
    .action(async ({ organization, format }: { organization?: string; format: ListingFormat }) => {
      printListing(await list(organization, terminal), COLUMNS, format, terminal);
    });
  key
    .command('revoke')
    .description('make a key stop working, within a second also in a running server')
    .argument('<id>', 'number of the key in the list')
    .action(async (id: string) => {
      await revoke(id, terminal);
    });
};

async function add({ organization, scopes, label, json }: NewKey, terminal: Terminal): Promise<void> {
  const unknown = scopes.find((scope) => !NATIVE_SCOPES.some((known) => known === scope));
  if (unknown !== undefined) {
    throw new CliError(`--scopes: there is no scope "${unknown}"; there are ${NATIVE_SCOPES.join(', ')}`, 2);
  }
  await withEntries(terminal, async (entries) => {
    const made = await entries.create(KEYS, [organization], { scopes, ...(label === undefined ? {} : { label }) });
    printWritten(`created native key ${made.item.address} in ${organization}`, made, json === true, terminal);
  });
}

async function list(organization: string | undefined, terminal: Terminal): Promise<ListingRow[]> {
  return withEntries(terminal, async (entries) => {
    const rows: ListingRow[] = [];
    for await (const { organization: owner, item } of entries.inOrganizations(KEYS, organization)) {
      rows.push(rowOf(owner, item));
    }
    return rows;
  });
}

function rowOf(organization: string, { address, prefix, entry, createdAt }: DirectoryItem): ListingRow {
  const { scopes, label } = entry;
  return {
    id: address,
    organization,
    key: `${prefix ?? ''}…`,
    scopes: Array.isArray(scopes) ? scopes.join(',') : '',
    label: typeof label === 'string' ? label : null,
    created_at: createdAt === null ? null : formatRfc3339Utc(createdAt, 'never'),
  };
}

async function revoke(id: string, terminal: Terminal): Promise<void> {
  await withEntries(terminal, async (entries) => {
    for await (const { organization, item } of entries.inOrganizations(KEYS, undefined)) {
      if (item.address !== id) continue;
      await entries.remove(KEYS, [organization, id]);
      terminal.stdout.write(`revoked native key ${id} (${item.prefix ?? ''}…) in ${organization}\n`);
      return;
    }
    throw new CliError(`there is no key "${id}"; "tallyhouse key list" names them`);
  });
}
