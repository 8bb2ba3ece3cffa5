export type RetentionUnit = 'day' | 'week' | 'month';

/** Retained in unit k: `every` active in all of 1 to k, `exact` active in k, `later` active in k or after it. */
export type RetentionRule = 'every' | 'exact' | 'later';
