import { exercises } from './exercises.js';
import { say } from './say.js';

/** HR tries a lesson: its questions are marked and its package plays as for a learner, and nothing of it is kept. */
export function trial(root, given, shown) {
  const refused = (status, sentence) => shown.say(sentence || say('The connection broke off. Try again.'));
  exercises(root, given, () => '', () => shown.say(''), refused)();
  const place = root.querySelector('[data-scorm]');
  if (place) import('../scorm/frame.js').then(({ play }) => play(place, ''));
}
