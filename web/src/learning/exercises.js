import { post } from '../post.js';
import { say } from './say.js';

/** The questions of a case study: each is tried until it is right. `id()` is the visit; `told(answer)` after each try,
 * `refused(sentence)` where it was not taken. Gives what opens them: no answer can be sent before there is a visit.
 */
export function exercises(root, given, id, told, refused) {
  const forms = root.querySelectorAll('[data-exercise]');
  forms.forEach(form => {
    form.addEventListener('change', () => forget(form));
    form.addEventListener('submit', event => {
      event.preventDefault();
      attempt(form, given, id, told, refused);
    });
  });
  return () => forms.forEach(open);
}

function open(form) {
  const button = form.querySelector('[type=submit]');
  if (button) button.disabled = false;
}

async function attempt(form, given, id, told, refused) {
  const button = form.querySelector('[type=submit]');
  const chosen = answered(form);
  if (!chosen.length) return verdict(form, false, say('Choose an answer first.'));
  if (button.hasAttribute('aria-busy')) return undefined;
  button.setAttribute('aria-busy', 'true');
  const { status, body } = await post(given, `answer${given.query}`, { visit: id(), question: form.dataset.exercise, chosen });
  button.removeAttribute('aria-busy');
  if (status !== 200) return refused(status, body.detail);
  if (body.right) settle(form, button, body.explanation);
  else again(form, button);
  return told(body);
}

function settle(form, button, explanation) {
  form.classList.add('right');
  form.querySelector('fieldset').disabled = true;
  verdict(form, true, explanation);
  button.remove();
}

function again(form, button) {
  button.textContent = say('Check again');
  verdict(form, false, say('Not yet right. Read the case once more and try again.'));
}

function verdict(form, good, sentence) {
  const line = document.createElement('p');
  line.className = good ? 'good' : 'bad';
  line.textContent = sentence;
  if (good) {
    const word = document.createElement('b');
    word.textContent = `${say('Right.')} `;
    line.prepend(word);
  }
  form.querySelector('.verdict').replaceChildren(line);
}

const forget = form => form.querySelector('.verdict').replaceChildren();

const answered = form => [...form.querySelectorAll('input:checked')].map(input => Number(input.value));
