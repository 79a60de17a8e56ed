import { ask } from '../studio/trial/http.js';
import { say } from './say.js';

/** A list of people that grows by a search, a pasted list or a department. Each is a hidden field `login` of the form. */
export function open(root) {
  const list = root.querySelector('.chosen');
  const count = root.querySelector('.chosen-count');
  const fault = root.querySelector('.chosen-fault');
  const chosen = () => [...list.querySelectorAll('[name=login]')].map(field => field.value);

  function tell() {
    const n = chosen().length;
    count.textContent = !n ? say('Nobody is chosen yet.') : n === 1 ? say('1 person chosen') : say('{n} people chosen', { n });
    root.dispatchEvent(new CustomEvent('people', { bubbles: true }));
  }

  function add(people) {
    const present = new Set(chosen());
    people.filter(person => !present.has(person.login)).forEach(person => list.append(chip(person)));
    tell();
  }

  async function bring(given) {
    const { status, body } = await ask('POST', '/agreements/people', given);
    if (status !== 200) {
      show(body.detail || say('The connection broke off. Try again.'));
      return false;
    }
    add(body.people);
    const join = words => words.join(say(', '));
    show([
      body.unknown.length && say('Nobody fits: {words}.', { words: join(body.unknown) }),
      body.several.length && say('Several people bear this name, so give the login or staff number: {words}.', { words: join(body.several) })
    ].filter(Boolean).join(' '));
    return true;
  }

  function show(sentence) {
    fault.hidden = !sentence;
    fault.querySelector('span').textContent = sentence;
  }

  list.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (!button) return;
    button.closest('li').remove();
    tell();
  });
  root.querySelectorAll('[data-bring]').forEach(button => {
    const field = root.querySelector(button.dataset.bring);
    const go = async () => {
      if (!field.value.trim()) return;
      const given = field.tagName === 'SELECT' ? { department: field.value } : { text: field.value };
      if (await bring(given)) field.value = '';
    };
    button.addEventListener('click', go);
    field.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || field.tagName === 'TEXTAREA') return;
      event.preventDefault();
      go();
    });
  });
  suggest(root.querySelector('[data-suggests]'), root.querySelector('datalist'));
  tell();
}

/** Colleagues that the letters so far find. The field has no name: what is typed and not added is not sent. */
function suggest(field, list) {
  let timer = 0;
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const { status, body } = await ask('GET', `/people?q=${encodeURIComponent(field.value)}`);
      if (status !== 200) return;
      list.replaceChildren(...body.map(person => new Option(`${person.name} ${person.department}`, person.login)));
    }, 200);
  });
}

function chip(person) {
  const line = document.createElement('li');
  const field = document.createElement('input');
  Object.assign(field, { type: 'hidden', name: 'login', value: person.login });
  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-label', say('Take {name} away', { name: person.name }));
  button.textContent = '×';
  const where = document.createElement('small');
  where.textContent = person.department;
  line.append(field, person.name, where, button);
  return line;
}
