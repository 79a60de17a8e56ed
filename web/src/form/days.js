// Days as people write them. Whatever is none of these is refused in words: a guess would change the day in silence.
const WAYS = [
  /^(\d{4})-(\d{1,2})-(\d{1,2})$/,
  /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/,
  /^(\d{4})\.(\d{1,2})\.(\d{1,2})$/,
  /^(\d{4})(\d{2})(\d{2})$/,
  /^(\d{4})年(\d{1,2})月(\d{1,2})[日号]?$/
];

/** The day that `text` names, as `YYYY-MM-DD`; null where it names none. */
export function dayOf(text) {
  const plain = text.normalize('NFKC').replace(/\s+/g, '');
  const found = WAYS.map(way => way.exec(plain)).find(Boolean);
  if (!found) return null;
  const [year, month, day] = found.slice(1).map(Number);
  const at = new Date(Date.UTC(year, month - 1, day));
  const real = year >= 1900 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return real ? at.toISOString().slice(0, 10) : null;
}

export const isDay = value => /^\d{4}-\d{2}-\d{2}$/.test(value) && dayOf(value) === value;
