import type { PageAsked, PageFound } from '../../../directory/provider/page.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { Answer, Call } from '../endpoint.ts';
import type { ReadRefusal } from '../format/refusal.ts';
import { element, type XmlElement } from '../format/xml.ts';
import { pagingOf } from './paging.ts';

/** How one kind of object is written. */
export interface Written<T> {
  readonly xml: (item: T) => XmlElement;
  /** With its wrapper: `{"application":{…}}`. */
  readonly json: (item: T) => object;
}

/** One object. */
export function oneOf<T>(item: T, { xml, json }: Written<T>): Result<Answer, ReadRefusal> {
  return ok({ xml: () => xml(item), json: () => json(item) });
}

/** A list that is always whole. */
export function wholeList<T>(
  root: string,
  items: readonly T[],
  { xml, json }: Written<T>,
): Result<Answer, ReadRefusal> {
  return ok({ xml: () => element(root, items.map(xml)), json: () => ({ [root]: items.map(json) }) });
}

/** One page of a list; what it says of its pages stands in attributes of the root or beside the list. */
export function pageOfList<T>(
  root: string,
  asked: PageAsked,
  found: PageFound<T>,
  { xml, json }: Written<T>,
): Result<Answer, ReadRefusal> {
  const paging = pagingOf(asked, found);
  const attributes = paging ?? undefined;
  return ok({
    xml: () => element(root, found.items.map(xml), attributes),
    json: () => ({ [root]: found.items.map(json), ...(paging === null ? {} : { metadata: paging }) }),
  });
}

export interface Link {
  readonly rel: string;
  readonly href: string;
}

/** Links from rel and path, in order. */
export function linksOf({ origin }: Call, paths: Readonly<Record<string, string>>): readonly Link[] {
  return Object.entries(paths).map(([rel, path]) => ({ rel, href: `${origin}${path}` }));
}

/** An object without the entries that have no value. */
export function present(object: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
