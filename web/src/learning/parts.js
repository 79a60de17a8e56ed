import { attention } from './attention.js';
import { film } from './film.js';
import { say } from './say.js';

/** What each kind of lesson tells with a heartbeat (`take`), and does when it is opened, counted or stopped. */

/** A text or a case study. */
export function reading(root, shown) {
  const seen = attention(root.querySelector('[data-words]'), root.querySelector('[data-end]'), shown.resting);
  return {
    take: seen.take,
    found: (body, how) => how === 'first' && seen.goTo(body.position),
    counted() {},
    stopped() {}
  };
}

/** A film, paused while it is out of view or counts for nothing. */
export function watching(root, shown, beat) {
  const video = root.querySelector('video');
  if (!video) return { take: () => ({}), found() {}, counted() {}, stopped() {} };
  const player = film(video, beat, () => shown.say(say('You can go back as you like; ahead only as far as you have watched.')));
  document.addEventListener('visibilitychange', () => document.hidden && player.pause());
  return {
    take: player.take,
    found(body, how) {
      player.correct(body);
      if (how === 'first') player.goTo(Math.min(body.position, body.farthest));
    },
    counted(body) {
      if (body.why) player.correct(body);
      if (body.ask) player.pause();
    },
    stopped: player.pause
  };
}

/** A SCORM package, which tells itself when it is done: each visit plays it anew. */
export function packaged(root, shown, here) {
  const [place, main] = [root.querySelector('[data-scorm]'), root.querySelector('main')];
  const seen = attention(main, main, shown.resting);
  place.addEventListener('package:active', seen.touch);
  place.addEventListener('package:kept', event => event.detail.missing && shown.say(event.detail.missing));
  place.addEventListener('package:done', () => {
    here().finished();
    shown.told({ completed: true, missing: '' });
  });
  return {
    take: seen.take,
    found: () => import('../scorm/frame.js').then(({ play }) => play(place, here().id())),
    counted() {},
    stopped() {}
  };
}
