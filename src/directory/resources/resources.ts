import type { Problem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { selectRows } from '../../store/records/declared-rows.ts';
import { applyDirectory, applyEntries, type ApplyParts } from '../apply/apply.ts';
import type { MadeSecret } from '../apply/report.ts';
import { Mistakes, type Mistake } from '../file/mistake.ts';
import type { Row } from '../kinds/kind.ts';
import { conditionsFor, EMPTY_FILE, fileOf, readBody, rowKey } from './entry-file.ts';
import { itemsOf, type DirectoryItem } from './item.ts';
import { findEntry, locatePath, type Place } from './locate.ts';
import { pageOf } from './page.ts';
import { refuseRemoval, refuseWriting } from './permitted.ts';
import type { Reach } from './reach.ts';
import { RESOURCES, type DirectoryResource } from './resource.ts';

export interface ResourcePage {
  readonly items: readonly DirectoryItem[];
  /** Pass it as `after` for the next page; null at the end. */
  readonly next: string | null;
}

export interface Written {
  readonly item: DirectoryItem;
  readonly created: boolean;
  /** Secrets that were made up: told now and never again. */
  readonly secrets: readonly MadeSecret[];
}

/** What is wrong with a request: one problem, or every mistake of the entry, with paths below the entry. */
export type Refusal =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] };

/**
 * The directory entry by entry, for the native API. `addresses` are the names in the URL: of the entries around, and of
 * the entry itself where one is meant; the entry of a `single` kind has none. Writing one is applying a file with only
 * this entry, so every rule of the file holds here too. What the reach does not cover is not there.
 */
export interface DirectoryResources {
  readonly all: readonly DirectoryResource[];
  /** In order of their keys. Problems: `not_found` for an entry around, `invalid_field` for `after`. */
  list(
    resource: DirectoryResource,
    reach: Reach,
    addresses: readonly string[],
    page: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<Result<ResourcePage>>;
  get(resource: DirectoryResource, reach: Reach, addresses: readonly string[]): Promise<Result<DirectoryItem>>;
  /** Makes a new entry; `conflict` when there is one with the same name. */
  create(
    resource: DirectoryResource,
    reach: Reach,
    addresses: readonly string[],
    body: unknown,
  ): Promise<Result<Written, Refusal>>;
  /** Changes the fields that the body has and leaves the others alone. */
  update(
    resource: DirectoryResource,
    reach: Reach,
    addresses: readonly string[],
    body: unknown,
  ): Promise<Result<Written, Refusal>>;
  /** Removes the entry and what stands in it. A native key stays known as revoked. */
  remove(resource: DirectoryResource, reach: Reach, addresses: readonly string[]): Promise<Result<void, Refusal>>;
}

export interface ResourcesParts extends ApplyParts {
  /** Makes readers see a change at once. */
  readonly refresh: () => Promise<void>;
}

export function createResources(parts: ResourcesParts): DirectoryResources {
  const { records, clock, refresh } = parts;
  const { db } = records;

  /** Makes (`row` null) or changes an entry in `place`. */
  const write = async (
    resource: DirectoryResource,
    reach: Reach,
    place: Place,
    row: Row | null,
    body: unknown,
  ): Promise<Result<Written, Refusal>> => {
    const { kind } = resource;
    const mistakes = new Mistakes();
    const given = readBody(resource, body, mistakes);
    if (mistakes.any) return fail({ kind: 'mistakes', mistakes: mistakes.list });
    const beyond = await refuseWriting(db, reach, kind, row, given);
    if (beyond !== null) {
      return 'kind' in beyond ? refused(beyond) : fail({ kind: 'mistakes', mistakes: beyond });
    }
    const known =
      row === null ? { mustBeNew: true, columns: columnsOfNew(resource, reach, given) } : { rowKey: rowKey(kind, row) };
    const file = fileOf(place, { kind, given, ...known });
    const applied = await applyEntries(parts, file, { actor: reach.actor });
    if (!applied.ok) return fail({ kind: 'mistakes', mistakes: applied.problem });
    const { report, planning } = applied.value;
    if (report.changes.length > 0) await refresh();
    const entry = planning.entriesOf(kind.name).find((one) => one.source.given === given);
    if (entry === undefined) throw new Error(`a ${kind.name} was lost on its way`);
    const [stored] = await selectRows(db, { table: kind.table, where: conditionsFor(entry) });
    if (stored === undefined) return refused({ kind: 'not_found', what: kind.name, key: entry.title });
    const secrets = report.secrets.filter((secret) => secret.kind === kind.name);
    return ok({ item: await shown(resource, stored), created: row === null, secrets });
  };

  const shown = async ({ kind }: DirectoryResource, row: Row): Promise<DirectoryItem> => {
    const [item] = await itemsOf(db, kind, [row]);
    if (item === undefined) throw new Error(`a ${kind.name} cannot be shown`);
    return item;
  };

  return {
    all: RESOURCES,

    async list({ kind, path }, reach, addresses, { limit, after }) {
      const place = await locatePath(db, reach, path.slice(0, -1), addresses);
      if (!place.ok) return place;
      const rows = await pageOf(db, kind, reach, place.value, limit + 1, after);
      if (rows === null) return fail({ kind: 'invalid_field', field: 'after', reason: 'is not the end of a page' });
      const page = rows.slice(0, limit);
      const next = rows.length > limit ? String(page.at(-1)?.[kind.key]) : null;
      return ok({ items: await itemsOf(db, kind, page), next });
    },

    async get(resource, reach, addresses) {
      const place = await locatePath(db, reach, resource.path, addresses);
      return place.ok ? ok(await shown(resource, ownRow(place.value))) : place;
    },

    async create(resource, reach, addresses, body) {
      const { kind, path } = resource;
      const place = await locatePath(db, reach, path.slice(0, -1), addresses);
      if (!place.ok) return refused(place.problem);
      if (kind.form === 'single' && (await findEntry(db, reach, kind, place.value, null)) !== null) {
        return refused({ kind: 'conflict', what: kind.name, reason: 'exists already' });
      }
      return write(resource, reach, place.value, null, body);
    },

    async update(resource, reach, addresses, body) {
      const place = await locatePath(db, reach, resource.path, addresses);
      if (!place.ok) return refused(place.problem);
      return write(resource, reach, place.value.slice(0, -1), ownRow(place.value), body);
    },

    async remove({ kind, path }, reach, addresses) {
      const place = await locatePath(db, reach, path, addresses);
      if (!place.ok) return refused(place.problem);
      const row = ownRow(place.value);
      const problem = await refuseRemoval(db, reach, kind, row);
      if (problem !== null) return refused(problem);
      const key = rowKey(kind, row);
      const { actor } = reach;
      const revoked = kind.revokedColumn === null ? null : { [kind.revokedColumn]: clock.now() };
      const applied =
        revoked === null
          ? await applyDirectory(parts, EMPTY_FILE, { actor, remove: [{ kind, rowKey: key }] })
          : await applyDirectory(
              parts,
              fileOf(place.value.slice(0, -1), { kind, given: new Map(), rowKey: key, columns: revoked }),
              { actor },
            );
      if (!applied.ok) return fail({ kind: 'mistakes', mistakes: applied.problem });
      await refresh();
      return ok(undefined);
    },
  };
}

/** What an organization's administrator makes belongs to the organization: people are its to change, tenants below it. */
function columnsOfNew({ kind }: DirectoryResource, reach: Reach, given: ReadonlyMap<string, unknown>) {
  if (reach.home === null) return {};
  if (kind.name === 'user') return { managed_by: reach.home };
  return kind.name === 'organization' && !given.has('parent') ? { parent_id: reach.home } : {};
}

function ownRow(place: Place): Row {
  const own = place.at(-1);
  if (own === undefined) throw new Error('a path without an entry');
  return own.row;
}

function refused(problem: Problem): Result<never, Refusal> {
  return fail({ kind: 'problem', problem });
}
