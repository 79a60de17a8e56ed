import { post } from '../post.js';

const RETRY = 5_000; // milliseconds
const AWAY_TOO = { keepalive: true, patience: 20_000 }; // also from a page that goes away, and never two at once for long

/** One visit to a lesson: opened once, then a heartbeat at a time, each with the word that the last answer gave.
 *
 * `take()` gives what a heartbeat tells and begins anew to collect. `on` has `found(answer, how)` for each opening (how:
 * `first`, `again` by itself after a break, `taken` by the learner's wish), `counted(answer)` for each heartbeat,
 * `lost()` while there is no connection, and `stopped(sentence)` where nothing counts here any more.
 */
export function visit(given, take, on) {
  let [id, word, busy, state] = ['', '', false, 'closed'];

  /** By itself a page takes nothing from another device; with `taking` the learner wants it. */
  async function open(taking = false) {
    if (busy) return;
    busy = true;
    const how = taking ? 'taken' : id ? 'again' : 'first';
    const answer = await post(given, `lessons/${given.lesson}/open`, { after: taking ? '' : id }, AWAY_TOO);
    busy = false;
    if (taking && answer.status === 409) {
      window.location.reload(); // it was finished elsewhere, or has ended: the page shows which
      return;
    }
    if (answer.status !== 200) {
      fail(answer);
      return;
    }
    [id, word, state] = [answer.body.visit, answer.body.word, 'open'];
    take();
    on.found(answer.body, how);
  }

  async function beat(more = {}) {
    if (state !== 'open' || busy) return;
    busy = true;
    const answer = await post(given, 'beat', { visit: id, word, ...take(), ...more }, AWAY_TOO);
    busy = false;
    if (answer.status !== 200) {
      fail(answer);
      return;
    }
    word = answer.body.word;
    if (more.leaving) state = 'left';
    if (answer.body.completed) state = 'done';
    on.counted(answer.body);
  }

  /** What was collected without a connection is let go: the server would not count it. */
  function fail({ status, body }) {
    if (status === 401 && body.login) {
      window.location.assign(body.login);
    } else if (status === 0 || status === 503) {
      state = 'lost';
      on.lost();
      setTimeout(anew, RETRY);
    } else {
      state = 'stopped';
      on.stopped(body.detail);
    }
  }

  /** Go on after a break, where it was no more than that. */
  function anew() {
    if (!document.hidden && (state === 'lost' || state === 'left')) open();
  }

  window.addEventListener('online', anew);
  window.addEventListener('pageshow', event => event.persisted && anew());
  window.addEventListener('pagehide', () => beat({ leaving: true }));
  document.addEventListener('visibilitychange', () => (document.hidden ? beat() : anew()));
  setInterval(() => !document.hidden && beat(), given.beat * 1000);
  return { open, beat, id: () => id, finished: () => { state = 'done'; } };
}
