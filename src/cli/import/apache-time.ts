const APACHE_TIME = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `17/May/2015:10:05:03 +0000` in the form of RFC 3339, whether there is such a time or not; null for anything else. */
export function apacheTime(text: string): string | null {
  const parts = APACHE_TIME.exec(text);
  if (parts === null) return null;
  const [, day, month = '', year, clock, offsetHours, offsetMinutes] = parts;
  const monthNumber = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
  return `${year}-${monthNumber}-${day}T${clock}${offsetHours}:${offsetMinutes}`;
}
