import { say } from './say.js';

const WARNED = [300, 60]; // seconds before the end at which it is said
const TICK = 500; // milliseconds

/** Counts down from what the server says is left. The device's own time is never asked: whoever sets it gains nothing.
 *
 * `voice(sentence)` is said at five minutes and at one; `ended()` is called once.
 */
export function clock(place, voice, ended) {
  let [left, since, over] = [Infinity, 0, false];
  let ahead = [];

  const seconds = () => Math.max(0, left - (performance.now() - since) / 1000);

  function tick() {
    const now = seconds();
    const whole = Math.ceil(now);
    place.textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
    const near = WARNED.filter(at => whole <= at).length;
    place.parentElement.classList.toggle('near', near > 0);
    place.parentElement.classList.toggle('last', near > 1);
    const reached = ahead.filter(at => whole <= at);
    if (reached.length && now > 0) voice(Math.min(...reached) === 60 ? say('One minute is left.') : say('{n} minutes are left.', { n: 5 }));
    ahead = ahead.filter(at => whole > at);
    if (now > 0 || over) return;
    over = true;
    ended();
  }

  const timer = setInterval(tick, TICK);
  return {
    /** What the server says is left. */
    set(remaining) {
      if (left === Infinity) ahead = WARNED.filter(at => remaining > at);
      [left, since] = [remaining, performance.now()];
      tick();
    },
    stop: () => clearInterval(timer)
  };
}
