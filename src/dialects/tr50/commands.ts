import type { Command } from './command.ts';
import { diagPing, diagTime } from './diag.ts';
import { orgFind } from './org-find.ts';
import { orgList } from './org-list.ts';
import { sessionEnd } from './session-end.ts';
import { sessionInfo } from './session-info.ts';
import { sessionOrgList } from './session-org-list.ts';
import { sessionOrgSwitch } from './session-org-switch.ts';
import { usageApiHistory } from './usage-api-history.ts';

/** Every command served, by name, in the order of the API reference. */
export const commands: ReadonlyMap<string, Command> = new Map(
  [
    usageApiHistory,
    sessionInfo,
    sessionOrgList,
    sessionOrgSwitch,
    sessionEnd,
    orgFind,
    orgList,
    diagPing,
    diagTime,
  ].map((command) => [command.name, command]),
);
