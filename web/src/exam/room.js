import { post } from '../post.js';
import { collected, complete, restored } from './answers.js';
import { clock } from './clock.js';
import { handing } from './handing.js';
import { order } from './order.js';
import { saving } from './saving.js';
import { say } from './say.js';
import { walk } from './walk.js';

const STATES = {
  saving: 'Saving …',
  saved: 'All answers are saved.',
  unsaved: 'Not saved yet: the connection broke off. It is tried again.'
};

/** The exam in this window. `take` brings it back from another one. */
export function room(root, given, own, sitting, take) {
  const here = { ...given, url: `${given.url}/exams/${sitting.attempt}` };
  const said = root.querySelector('[data-saved]');
  const voice = sentence => { root.querySelector('[data-voice]').textContent = sentence; };
  const answers = () => collected(root);
  const sent = () => ({ token: sitting.token, answers: answers() });

  restored(root, sitting.unsent || sitting.answers);
  const way = walk(root, own, () => answers());
  const line = saving(keepalive => post(here, 'answers', sent(), { keepalive }), heard);
  const time = clock(root.querySelector('[data-time]'), voice, ended);
  const last = handing(root, { answers, complete, flags: own.flags, submit: () => submit(false) });

  function heard(state, body) {
    if (state === 'saved') {
      own.hold(null);
      time.set(body.remaining);
    }
    if (STATES[state]) said.textContent = say(STATES[state]);
    said.classList.toggle('bad', state === 'unsaved');
    if (state === 'over') complain(say('The session is over. Load this page again and sign in: your answers are kept.'));
    if (state === 'refused') elsewhere(body.detail);
  }

  function changed() {
    own.hold(answers());
    said.textContent = say(STATES.saving);
    way.draw();
    line.touch();
  }

  function complain(sentence) {
    const place = root.querySelector('.questions .fault');
    place.hidden = !sentence;
    place.querySelector('span').textContent = sentence;
    if (sentence) place.scrollIntoView({ block: 'center' });
  }

  function elsewhere(sentence) {
    const dialog = root.querySelector('dialog.elsewhere');
    leave();
    last.close();
    dialog.querySelector('[data-why]').textContent = sentence || '';
    dialog.addEventListener('cancel', event => event.preventDefault());
    const button = dialog.querySelector('[data-take]');
    button.addEventListener('click', async () => {
      button.setAttribute('aria-busy', 'true');
      await take();
      button.removeAttribute('aria-busy');
    });
    dialog.showModal();
  }

  function leave() {
    line.close();
    time.stop();
  }

  /** Hand it in: what is on its way arrives first. Gives the sentence to show where it came to nothing. */
  async function submit(late) {
    await line.hold();
    const { status, body } = await post(here, 'submit', sent());
    if (status === 200) {
      leave();
      own.forget();
      window.location.replace(body.location);
      return '';
    }
    if (status === 409 || status === 404) {
      if (late) window.location.replace(here.url);
      else elsewhere(body.detail);
      return '';
    }
    if (!late) line.resume();
    return body.detail || say('No answer came, and it is not known whether it was handed in. Try once more: it counts once.');
  }

  async function ended() {
    last.close();
    root.querySelectorAll('fieldset').forEach(one => { one.disabled = true; });
    voice(say('The time is over. The exam is handed in.'));
    said.textContent = say('The time is over. The exam is handed in.');
    if (await submit(true)) complain(say('The time is over. What was saved is graded: load this page again to see the result.'));
  }

  root.querySelector('.questions').addEventListener('change', event => event.target.matches('.option input') && changed());
  root.querySelectorAll('.order').forEach(list => order(list, voice, changed));
  said.textContent = say('Answers are saved as you give them.');
  time.set(sitting.remaining);
  way.start();
  if (sitting.unsent) line.touch();
}
