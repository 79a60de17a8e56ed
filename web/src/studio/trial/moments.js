/** Instants in words, in the organisation's zone and the reader's language. */
export class Moments {
  constructor(zone, language) {
    this.zone = zone;
    this.language = language;
  }

  /** Day, weekday and time, as on a wall: 2026年11月5日 周四 09:00. */
  whole(iso) {
    return this.told(iso, { year: 'numeric', month: 'long', day: 'numeric' });
  }

  /** Without the year. */
  short(iso) {
    return this.told(iso, { month: this.language.startsWith('zh') ? 'long' : 'short', day: 'numeric' });
  }

  told(iso, day) {
    const at = new Date(iso);
    const part = options => new Intl.DateTimeFormat(this.language, { timeZone: this.zone, ...options }).format(at);
    const [date, weekday, time] = [day, { weekday: 'short' }, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }].map(part);
    return this.language.startsWith('zh') ? `${date} ${weekday} ${time}` : `${weekday}, ${date}, ${time}`;
  }

  /** As a field of kind datetime-local, and the stories, write it: 2026-11-05T09:00. */
  local(iso) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
    return new Intl.DateTimeFormat('sv-SE', { timeZone: this.zone, ...parts }).format(new Date(iso)).replace(' ', 'T');
  }

  /** How long from one instant to another: “3 天 4 小时”, the two largest parts. */
  span(from, to) {
    const minutes = Math.max(0, Math.round((new Date(to) - new Date(from)) / 60_000));
    const parts = [[Math.floor(minutes / 1440), 'day'], [Math.floor((minutes % 1440) / 60), 'hour'], [minutes % 60, 'minute']];
    const told = parts.filter(([count]) => count).slice(0, 2);
    if (!told.length) told.push([0, 'minute']);
    return told.map(([value, unit]) => new Intl.NumberFormat(this.language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)).join(' ');
  }
}
