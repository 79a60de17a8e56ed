const PAUSE = 600; // milliseconds after the last change
const AGAIN = 4000; // milliseconds after a failure
const SYNC = 30_000; // milliseconds; the server's time is asked for as well

/** Sends the answers whenever they change, one request at a time.
 *
 * `send(keepalive)` gives `{status, body}`. `told(state, body)` hears `saved`, `saving` (there is more by now),
 * `unsaved` (it is tried again), `over` (the session is) and `refused`; after these two nothing is sent any more.
 */
export function saving(send, told) {
  let [dirty, held, timer] = [false, false, 0];
  let line = Promise.resolve();

  async function one(keepalive) {
    if (held) return;
    dirty = false;
    const { status, body } = await send(keepalive);
    if (held) return;
    if (status === 200) told(dirty ? 'saving' : 'saved', body);
    else if (lost(status)) {
      told('unsaved', {});
      later(AGAIN);
    } else {
      held = true;
      told(status === 401 ? 'over' : 'refused', body);
    }
  }

  function later(pause) {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(now, pause);
  }

  function now(keepalive = false) {
    clearTimeout(timer);
    line = line.then(() => one(keepalive));
    return line;
  }

  const sync = setInterval(() => now(), SYNC);
  const look = () => {
    const hidden = document.visibilityState === 'hidden';
    if (dirty || !hidden) now(hidden);
  };
  document.addEventListener('visibilitychange', look);
  return {
    /** An answer changed. */
    touch: () => later(PAUSE),
    /** Send nothing for now; resolves when what is on its way has arrived. */
    hold() {
      held = true;
      return line;
    },
    resume() {
      held = false;
      later(AGAIN);
    },
    close() {
      held = true;
      clearTimeout(timer);
      clearInterval(sync);
      document.removeEventListener('visibilitychange', look);
    }
  };
}

/** No answer, or the server is not itself: the same may succeed in a moment. */
const lost = status => status === 0 || status === 429 || status >= 500;
