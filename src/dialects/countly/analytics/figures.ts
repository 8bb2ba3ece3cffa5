/** A number beside what it was before (contract 4.1). */
export interface Figure {
  readonly total: number | string;
  readonly change: string;
  readonly trend: 'u' | 'd';
}

const THOUSAND = 1_000;
const MILLION = 1_000_000;

/** @param shown how the number is written, where it is not written as it is */
export function figure(current: number, previous: number, shown: number | string = current): Figure {
  const change = changeOf(current, previous);
  return { total: shown, change, trend: change === NOTHING_NOW || change.startsWith('-') ? 'd' : 'u' };
}

const NOTHING_BEFORE = 'NA';
const NOTHING_NOW = '∞';

/** `-24.6%`, `0%`, `12.3K%`; `NA` where there was nothing before, `∞` where there is nothing now. */
function changeOf(current: number, previous: number): string {
  if (previous === 0) return NOTHING_BEFORE;
  if (current === 0) return NOTHING_NOW;
  const percent = (100 * (current - previous)) / previous;
  const size = Math.abs(percent);
  if (size > MILLION) return `${oneDecimal(percent / MILLION)}M%`;
  if (size > 10 * THOUSAND) return `${oneDecimal(percent / THOUSAND)}K%`;
  return `${oneDecimal(percent)}%`;
}

function oneDecimal(value: number): string {
  const text = value.toFixed(1).replace(/\.0$/, '');
  return text === '-0' ? '0' : text;
}

const HOUR_MIN = 60;
const DAY_MIN = 1_440;
const YEAR_MIN = 525_600;
/** 99 days. */
const MOST_DAYS_MIN = 142_560;

/** A time span in words: `0.3 min`, `2.5 hours`, `3.1 days`, `1.2 years`. */
export function spanText(seconds: number): string {
  const minutes = seconds / 60;
  if (minutes < HOUR_MIN) return `${minutes.toFixed(1)} min`;
  if (minutes < DAY_MIN) return `${(minutes / HOUR_MIN).toFixed(1)} hours`;
  return minutes < MOST_DAYS_MIN
    ? `${(minutes / DAY_MIN).toFixed(1)} days`
    : `${(minutes / YEAR_MIN).toFixed(1)} years`;
}

/** A row of `top`. */
export interface TopRow {
  readonly name: string;
  readonly value: number;
  readonly percent: number;
}

const TOP_ROWS = 3;

/**
 * The three largest, with their shares of the three (contract 4.1): rounded down, and the first takes the rest, so that
 * they add up to 100. Zeros are left out; equal values stand in order of name.
 */
export function topRows(values: readonly { readonly name: string; readonly value: number }[]): TopRow[] {
  const rows = values
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
    .slice(0, TOP_ROWS);
  const sum = rows.reduce((total, { value }) => total + value, 0);
  const shares = rows.map(({ value }, index) => (index === 0 ? 0 : Math.floor((100 * value) / sum)));
  const rest = 100 - shares.reduce((total, share) => total + share, 0);
  return rows.map(({ name, value }, index) => ({ name, value, percent: index === 0 ? rest : (shares[index] ?? 0) }));
}
