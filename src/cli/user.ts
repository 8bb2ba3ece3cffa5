import { Option } from 'commander';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { printWritten, withEntries, type DirectoryEntries } from './directory-entries.ts';
import { askHidden, firstLineOfStdin } from './hidden-input.ts';
import { printListing, withFormat, type ListingFormat, type ListingRow } from './listing.ts';

const USERS = 'users';
const MEMBERS = 'organizations.members';
const COLUMNS = ['email', 'username', 'first_name', 'last_name', 'timezone', 'super_ops', 'sso_only', 'enabled'];
const ROLES = ['owner', 'admin', 'member', 'viewer'];

interface NewUser {
  readonly organization?: string;
  readonly role: string;
  readonly username?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly timezone?: string;
  readonly superOps?: true;
  readonly ssoOnly?: true;
  readonly passwordStdin?: true;
  readonly askPassword?: true;
  readonly json?: true;
}

/** `tallyhouse user add|list|revoke`: people who log in. */
export const userCommand: CliCommand = (program, terminal) => {
  const user = program.command('user').description('people who log in: add, list, revoke');
  user
    .command('add')
    .description('make a user; what is made up (password, keys) is printed once')
    .argument('<email>')
    .option('--organization <name>', 'key or uid of an organization to make the user a member of')
    .addOption(new Option('--role <role>', 'role in that organization').choices(ROLES).default('member'))
    .option('--username <name>', 'default: what stands before the @')
    .option('--first-name <name>')
    .option('--last-name <name>')
    .option('--timezone <zone>', 'e.g. Europe/Berlin')
    .option('--super-ops', 'may do what TR50 reserves to the operator')
    .option('--sso-only', 'has no password')
    .option('--password-stdin', 'take the password from standard input (default: made up)')
    .option('--ask-password', 'ask for the password')
    .option('--json', 'print the user as JSON, with what was made up')
    .action(async (email: string, options: NewUser) => {
      await add(email, options, terminal);
    });
  withFormat(user.command('list').description('all users, without their secrets')).action(
    async ({ format }: { format: ListingFormat }) => {
      printListing(await list(terminal), COLUMNS, format, terminal);
    },
  );
  user
    .command('revoke')
    .description('shut a user out: log-ins, sessions and keys stop working')
    .argument('<email>')
    .action(async (email: string) => {
      await withEntries(terminal, async (entries) => {
        await entries.update(USERS, [email], { enabled: false });
      });
      terminal.stdout.write(`shut out user ${email}\n`);
    });
};

async function add(email: string, options: NewUser, terminal: Terminal): Promise<void> {
  const password = await passwordOf(options, terminal);
  const { organization, role, username, firstName, lastName, timezone, superOps, ssoOnly } = options;
  const user = {
    email,
    username,
    first_name: firstName,
    last_name: lastName,
    timezone,
    super_ops: superOps,
    sso_only: ssoOnly,
    password,
  };
  const given = Object.fromEntries(Object.entries(user).filter(([, value]) => value !== undefined));
  await withEntries(terminal, async (entries: DirectoryEntries) => {
    // Noticed before the user is made: an organization that is not there.
    if (organization !== undefined) await entries.get('organizations', [organization]);
    const made = await entries.create(USERS, [], given);
    if (organization !== undefined) await entries.create(MEMBERS, [organization], { user: email, role });
    const member = organization === undefined ? '' : `, ${role} in ${organization}`;
    printWritten(`created user ${made.item.address}${member}`, made, options.json === true, terminal);
  });
}

/** Undefined has one made up. A password never stands in the arguments, where every process could read it. */
async function passwordOf(
  { passwordStdin, askPassword, ssoOnly }: NewUser,
  terminal: Terminal,
): Promise<string | undefined> {
  const ways = [passwordStdin, askPassword, ssoOnly].filter((way) => way === true).length;
  if (ways > 1) throw new CliError('give one of --password-stdin, --ask-password and --sso-only', 2);
  if (passwordStdin === true) {
    const password = await firstLineOfStdin(terminal);
    if (password === '') throw new CliError('standard input has no password in its first line', 2);
    return password;
  }
  if (askPassword !== true) return undefined;
  const password = await askHidden('Password: ', terminal);
  if (password === '') throw new CliError('the password is empty', 2);
  if ((await askHidden('Once more: ', terminal)) !== password) throw new CliError('the two are not the same', 2);
  return password;
}

async function list(terminal: Terminal): Promise<ListingRow[]> {
  return withEntries(terminal, async (entries) => {
    const rows: ListingRow[] = [];
    for await (const { entry } of entries.list(USERS)) {
      rows.push(Object.fromEntries(COLUMNS.map((name) => [name, cell(entry[name])])));
    }
    return rows;
  });
}

function cell(value: unknown): string | null {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' && value !== '' ? value : null;
}
