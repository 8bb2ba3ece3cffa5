import type { Argument, Command, Option } from 'commander';
import type { Setting, Settings } from '../../src/config/setting.ts';

/** docs/reference/cli.md, made from the program itself. */
export function cliPage(program: Command): string {
  const lines = [
    '# Command line',
    '',
    '<!-- Made from the program: UPDATE=1 npx vitest run test/cli/reference-pages.test.ts -->',
    '',
    'From a checkout `./tallyhouse` installs and builds what is missing and then does the same.',
    '',
    '- Answers go to stdout, everything else to stderr, so that both can be piped. An error is one line that says what to do.',
    '- Exit codes: 0 done, 1 failed, 2 wrong usage or settings.',
    '- Commands that open the stores (`serve`, `apply`, `user`, `key`, `client`, …) read the [settings](settings.md). Commands that talk to',
    '  a running server (`import`, `export`, `query`, `report`) read `TALLYHOUSE_URL` and `TALLYHOUSE_KEY`.',
    '- Progress is shown only on a terminal. There are no colours.',
  ];
  for (const command of program.commands) lines.push(...commandLines(command, 'tallyhouse'));
  return `${lines.join('\n')}\n`;
}

function commandLines(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`;
  if (command.commands.length > 0) {
    return command.commands.flatMap((inner) => commandLines(inner, name));
  }
  const words = [name, ...command.registeredArguments.map(argumentWord)].join(' ');
  const lines = ['', `## \`${words}\``, '', sentence(command.description())];
  const rows = [
    ...command.registeredArguments.map((argument) => row(argumentWord(argument), argument.description)),
    ...command.options.map((option) => row(option.flags, optionText(option))),
  ].filter((line) => line !== '');
  return rows.length === 0 ? lines : [...lines, '', '| | |', '|---|---|', ...rows];
}

function argumentWord(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function optionText({ description, argChoices, defaultValue, mandatory }: Option): string {
  const value: unknown = defaultValue;
  const shown = Array.isArray(value)
    ? value.join(',')
    : typeof value === 'string' || typeof value === 'number'
      ? value
      : '';
  return [
    `${description}${argChoices === undefined ? '' : `: ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`}`,
    shown === '' ? '' : `(default: \`${shown}\`)`,
    mandatory ? '(required)' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** docs/reference/settings.md, made from the declarations. */
export function settingsPage(groups: readonly { readonly title: string; readonly settings: Settings }[]): string {
  const lines = [
    '# Settings',
    '',
    '<!-- Made from the declarations: UPDATE=1 npx vitest run test/cli/reference-pages.test.ts -->',
    '',
    'Every setting is an environment variable. The file named by `TALLYHOUSE_CONFIG` (YAML or JSON) may give them too: its keys are the names',
    'without `TALLYHOUSE_`, in lower case (`port: 4000`). A variable wins over the file; an empty variable counts as unset. A value that is not',
    'accepted stops the program with a message that names the variable and the accepted form.',
    '',
    'The commands `import`, `export`, `query` and `report` read `TALLYHOUSE_URL` (the server) and `TALLYHOUSE_KEY` (a native key), and nothing else.',
  ];
  for (const { title, settings } of groups) {
    const declared = Object.values(settings);
    if (declared.length === 0) continue;
    lines.push('', `## ${title}`, '', '| variable | does | accepts | default |', '|---|---|---|---|');
    for (const setting of declared) lines.push(settingRow(setting));
  }
  return `${lines.join('\n')}\n`;
}

function settingRow({ variable, description, accepts, default: value }: Setting<unknown>): string {
  return `| \`${variable}\` | ${cell(description)} | ${cell(accepts)} | ${value === undefined || value === '' ? '' : `\`${cell(value)}\``} |`;
}

function row(name: string, description: string): string {
  return `| \`${cell(name)}\` | ${cell(description)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function sentence(text: string): string {
  const first = text.slice(0, 1).toUpperCase();
  return `${first}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
