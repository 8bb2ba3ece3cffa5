import { Option } from 'commander';
import { formatRfc3339Utc } from '../domain/time/rfc3339.ts';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { printWritten, withEntries } from './directory-entries.ts';
import { printListing, withFormat, type ListingFormat, type ListingRow } from './listing.ts';

const CLIENTS = 'organizations.oauth_clients';
const COLUMNS = ['client_id', 'organization', 'type', 'grant', 'owner', 'name', 'created_at'];

interface NewClient {
  readonly organization: string;
  readonly owner: string;
  readonly type: string;
  readonly grant: string;
  readonly id?: string;
  readonly name?: string;
  readonly json?: true;
}

/** `tallyhouse client add|list|revoke`: OAuth clients of the Scanalytics API. */
export const clientCommand: CliCommand = (program, terminal) => {
  const client = program.command('client').description('OAuth clients: add, list, revoke');
  client
    .command('add')
    .description('make a client; its secret is printed once')
    .requiredOption('--organization <name>', 'key or uid of the organization it belongs to')
    .requiredOption('--owner <email>', 'the user whose rights it has when it logs in as itself')
    .addOption(
      new Option('--type <type>', 'whether it can keep a secret')
        .choices(['confidential', 'public'])
        .default('confidential'),
    )
    .addOption(
      new Option('--grant <grant>', 'how it logs in')
        .choices(['client-credentials', 'password'])
        .default('client-credentials'),
    )
    .option('--id <client-id>', 'its client id (default: made up)')
    .option('--name <name>', 'what people call it')
    .option('--json', 'print it as JSON')
    .action(async (options: NewClient) => {
      await add(options, terminal);
    });
  withFormat(client.command('list').description('the clients, without their secrets'))
    .option('--organization <name>', 'only those of this organization')
    .action(async ({ organization, format }: { organization?: string; format: ListingFormat }) => {
      printListing(await list(organization, terminal), COLUMNS, format, terminal);
    });
  client
    .command('revoke')
    .description('remove a client; its tokens stop working')
    .argument('<client-id>')
    .action(async (id: string) => {
      await revoke(id, terminal);
    });
};

async function add(options: NewClient, terminal: Terminal): Promise<void> {
  const { organization, id, owner, type, grant, name, json } = options;
  await withEntries(terminal, async (entries) => {
    const made = await entries.create(CLIENTS, [organization], {
      type,
      grant,
      owner,
      ...(id === undefined ? {} : { client_id: id }),
      ...(name === undefined ? {} : { name }),
    });
    printWritten(`created OAuth client ${made.item.address} in ${organization}`, made, json === true, terminal);
  });
}

async function list(organization: string | undefined, terminal: Terminal): Promise<ListingRow[]> {
  return withEntries(terminal, async (entries) => {
    const rows: ListingRow[] = [];
    for await (const { organization: owner, item } of entries.inOrganizations(CLIENTS, organization)) {
      const shown = Object.entries(item.entry).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
      rows.push({
        ...Object.fromEntries(shown),
        organization: owner,
        created_at: item.createdAt === null ? null : formatRfc3339Utc(item.createdAt, 'never'),
      });
    }
    return rows;
  });
}

async function revoke(id: string, terminal: Terminal): Promise<void> {
  await withEntries(terminal, async (entries) => {
    for await (const { organization, item } of entries.inOrganizations(CLIENTS, undefined)) {
      if (item.address !== id) continue;
      await entries.remove(CLIENTS, [organization, id]);
      terminal.stdout.write(`removed OAuth client ${id} in ${organization}\n`);
      return;
    }
    throw new CliError(`there is no OAuth client "${id}"; "tallyhouse client list" names them`);
  });
}
