import { board } from './board.js';
import { exercises } from './exercises.js';
import { packaged, reading, watching } from './parts.js';
import { post } from '../post.js';
import { say } from './say.js';
import { trial } from './trial.js';
import { visit } from './visit.js';

const LOST = 'The connection broke off. Time without it does not count; what was counted before is kept.';

/** A lesson: what somebody does with it is told to the server, which counts; the page shows what it has counted. */
export function open(root) {
  const given = JSON.parse(document.getElementById('learning-given').textContent);
  const shown = board(root);
  if (!given.counting) {
    if (given.done) shown.share(1);
    if (given.trial) trial(root, given, shown);
    return;
  }
  let here;
  const kinds = { video: () => watching(root, shown, () => here.beat()), scorm: () => packaged(root, shown, () => here) };
  const part = (kinds[given.kind] || (() => reading(root, shown)))();
  here = visit(given, part.take, {
    found(body, how) {
      answerable();
      shown.told(body);
      if (how === 'again') shown.say(say('Connected again. The time in between did not count.'));
      part.found(body, how);
    },
    counted(body) {
      shown.told(body);
      part.counted(body);
      if (body.ask) shown.ask(true);
    },
    lost: () => stop(say(LOST)),
    stopped: stop
  });

  function stop(sentence) {
    part.stopped();
    shown.stopped(sentence);
  }

  shown.on('[data-again]', () => here.open(true));
  shown.on('[data-here]', () => {
    shown.ask(false);
    return here.beat({ here: true });
  });
  shown.on('[data-finish]', button => finish(given, shown, here, button));
  const answerable = exercises(root, given, here.id, tried(shown, here), (status, sentence) => (status ? shown.stopped(sentence) : stop(say(LOST))));
  here.open();
}

/** After a try at a question. */
const tried = (shown, here) => body => {
  if (body.completed) here.finished();
  shown.told(body);
};

/** The last seconds are told first; then the server says whether it is enough. */
async function finish(given, shown, here, button) {
  await here.beat();
  const { status, body } = await post(given, `lessons/${given.lesson}/finish`, {});
  if (status === 200) window.location.assign(body.location);
  else shown.complain(button, body.detail || say(LOST));
}
