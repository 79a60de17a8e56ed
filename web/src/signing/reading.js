import { post } from '../post.js';

const TICK = 0.25; // seconds
const BEAT = 5; // seconds
const LONG_ENOUGH = 1.3; // seconds: a little more than what the server asks of a page

/** Tells the server which page is before the reader's eyes and for how long, only while somebody can look.
 *
 * What counts is what the server says: `changed` is called with `{left, ended}`, the pages that are still to be read
 * and whether the end was reached; `refused` with a sentence.
 */
export function reading(frames, end, given, changed, refused) {
  const spent = {};
  let [active, atEnd, page, pending] = [false, false, '', 0];
  let line = Promise.resolve();

  /** One at a time: the server counts the time since it was last told. */
  function tell(keepalive = false) {
    const sent = { page: Number(page), seconds: pending, at_end: atEnd };
    if (!sent.page || (!sent.seconds && !sent.at_end)) return line;
    pending = 0;
    line = line.then(() => post(given, 'read', sent, { keepalive })).then(({ status, body }) => {
      if (status === 200) changed(body);
      else if (status === 0) pending += sent.seconds;
      else refused(body.detail);
    });
    return line;
  }

  function tick() {
    if (!active || document.visibilityState !== 'visible') return;
    const now = lookedAt(frames);
    if (now !== page && pending) tell();
    page = now;
    if (!page) return;
    pending += TICK;
    const before = spent[page] || 0;
    spent[page] = before + TICK;
    if (pending >= BEAT || (before < LONG_ENOUGH && spent[page] >= LONG_ENOUGH)) tell();
  }

  new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting || !active || atEnd) return;
    atEnd = true;
    tick();
    tell();
  }).observe(end);
  setInterval(tick, TICK * 1000);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && active && tell(true));
  return {
    /** Start or stop counting; stopping tells the rest. */
    turn(on) {
      if (active && !on) tell();
      active = on;
    },
    tell
  };
}

/** The page that fills most of the window, by its number; empty where none is in it. */
function lookedAt(frames) {
  const shown = frame => {
    const { top, bottom } = frame.getBoundingClientRect();
    return Math.min(bottom, window.innerHeight) - Math.max(top, 0);
  };
  const most = frames.reduce((one, other) => (shown(other) > shown(one) ? other : one));
  return shown(most) > 0 ? most.dataset.page : '';
}
