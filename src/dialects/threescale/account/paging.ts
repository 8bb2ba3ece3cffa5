import type { PageAsked, PageFound } from '../../../directory/provider/page.ts';
import type { Parameters } from '../parameters/parameters.ts';

const MOST = 500;

/** `page` and `per_page` (contract 3.1): what is no number in bounds is the default, not an error. */
export function pageAsked(parameters: Parameters): PageAsked {
  const page = whole(parameters.get('page'));
  const perPage = whole(parameters.get('per_page'));
  return {
    page: page === null || page < 1 ? 1 : page,
    perPage: perPage === null || perPage < 1 || perPage > MOST ? MOST : perPage,
  };
}

/**
 * What a list says of its pages, in this order; null for one that fits a page, which says nothing: a total of pages that
 * is always there would keep the seed's loop going for ever on an empty list.
 */
export function pagingOf(
  { page, perPage }: PageAsked,
  { total }: PageFound<unknown>,
): Readonly<Record<'per_page' | 'total_entries' | 'total_pages' | 'current_page', number>> | null {
  if (total <= perPage) return null;
  return { per_page: perPage, total_entries: total, total_pages: Math.ceil(total / perPage), current_page: page };
}

/** What is larger than the largest page there can be is that page: it is past the end as well. */
function whole(text: string | null): number | null {
  return text !== null && /^\s*[+-]?\d+\s*$/.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : null;
}
