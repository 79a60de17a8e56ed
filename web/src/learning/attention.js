const TICK = 500; // milliseconds
const AWAKE = 60_000; // milliseconds for which a touch of the page tells that somebody is there
const SIGNS = ['scroll', 'keydown', 'pointerdown', 'pointermove', 'touchstart', 'wheel'];
const MARGIN = 24; // pixels

/** Seconds for which `words` were in view while somebody was there, and how far they were read, to the mark `end`.
 *
 * `resting(true)` is called when nobody seems to be there, `resting(false)` when they are back. `touch()` tells of a
 * sign of life that the window does not see.
 */
export function attention(words, end, resting) {
  let [touched, before, seconds, reached, rests] = [performance.now(), performance.now(), 0, 0, false];

  function touch() {
    touched = performance.now();
    look();
  }

  function look() {
    const now = touched + AWAKE < performance.now();
    if (now === rests) return;
    rests = now;
    resting(now);
  }

  function tick() {
    const now = performance.now();
    if (!document.hidden && touched + AWAKE > now) seconds += Math.min(now - before, 2 * TICK) / 1000;
    before = now;
    reached = Math.max(reached, share(words, end));
    look();
  }

  SIGNS.forEach(sign => window.addEventListener(sign, touch, { passive: true }));
  setInterval(tick, TICK);
  return {
    touch,
    take() {
      tick();
      const told = { seconds, reached, position: share(words, end) };
      seconds = 0;
      return told;
    },
    /** Go to where reading stopped the last time; what was hardly begun or is at its end is shown from the top. */
    goTo(position) {
      if (position < 0.1 || position > 0.97) return;
      const { top, height } = whole(words, end);
      window.scrollTo(0, top + position * height - window.innerHeight + footHeight());
    }
  };
}

function whole(words, end) {
  const { top } = words.getBoundingClientRect();
  return { top: top + window.scrollY, height: Math.max(1, end.getBoundingClientRect().bottom - top) };
}

const footHeight = () => document.querySelector('.learning-foot').offsetHeight;

/** The share of the words above the lower edge of the window: 1 once their end is in view. */
function share(words, end) {
  const { top, height } = whole(words, end);
  const seen = window.scrollY + window.innerHeight - footHeight() + MARGIN - top;
  return Math.max(0, Math.min(1, seen / height));
}
