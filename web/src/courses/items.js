import { field, items, mine } from './values.js';
import { say } from './say.js';

const NAMED = ['title', 'stem', 'passage']; // what an item is called by, the first that is filled in
const KEPT = 8_000; // milliseconds for which what was taken out can come back

/** Lessons, questions, options, rows: added, moved, taken out. `changed()` is told of each. */
export function arrange(root, changed) {
  root.addEventListener('click', event => {
    const add = event.target.closest('[data-add]');
    const move = event.target.closest('[data-move]');
    const remove = event.target.closest('[data-remove]');
    if (add) append(root, add);
    else if (move) shift(move);
    else if (remove) take(remove, changed);
    if (add || move || remove) changed();
  });
  root.addEventListener('input', event => name(event.target.closest('[data-object].item')));
  root.addEventListener('change', event => {
    const object = event.target.closest('[data-object]');
    if (event.target.matches('[data-kind-of]')) become(root, object, event.target);
    if (event.target.matches('[data-name=difficulty]')) chip(object, 'difficulty', event.target);
    if (event.target.matches('[data-name=right]') && event.target.checked) alone(event.target);
    if (event.target.matches('[data-name=key], [data-name=title]')) lessons(root);
  });
}

function append(root, button) {
  const around = button.closest('[data-object]');
  const list = mine(around, `[data-list="${button.dataset.to}"]`)[0];
  const made = document.importNode(root.querySelector(`#new-${button.dataset.add}`).content, true).querySelector('[data-object]');
  list.append(made);
  const key = made.querySelector('[data-key]');
  if (key) key.value = free(root, key.dataset.key);
  lessons(root);
  const first = made.querySelector('input:not([type=hidden]):not([type=checkbox]), textarea, select');
  if (made.matches('.item')) made.scrollIntoView({ block: 'nearest' });
  (made.querySelector('[data-name=title], [data-name=stem], [data-name=text]') || first).focus();
}

/** A key that nothing has yet. */
function free(root, word) {
  const taken = new Set([...root.querySelectorAll('[data-name=key]')].map(input => input.value));
  for (let n = 1; ; n += 1) if (!taken.has(`${word}-${n}`)) return `${word}-${n}`;
}

function shift(button) {
  const object = button.closest('[data-object]');
  const all = items(object.parentElement);
  const other = all[all.indexOf(object) + Number(button.dataset.move)];
  if (!other) return;
  if (button.dataset.move === '-1') other.before(object);
  else other.after(object);
  button.focus();
}

/** What is taken out leaves a line from which it comes back. */
function take(button, changed) {
  const object = button.closest('[data-object]');
  const called = calls(object);
  if (!object.matches('.item')) {
    object.remove();
    return;
  }
  const line = document.createElement('p');
  line.className = 'taken';
  line.setAttribute('role', 'status');
  const said = document.createElement('span');
  said.textContent = say('“{name}” is taken out.', { name: called });
  const back = document.createElement('button');
  back.type = 'button';
  back.className = 'btn small';
  back.textContent = say('Bring it back');
  line.append(said, back);
  object.replaceWith(line);
  back.focus();
  const timer = setTimeout(() => line.contains(document.activeElement) || line.remove(), KEPT);
  back.addEventListener('click', () => {
    clearTimeout(timer);
    line.replaceWith(object);
    object.querySelector('summary').focus();
    changed();
  });
  back.addEventListener('blur', () => setTimeout(() => line.remove(), KEPT));
}

function calls(object) {
  const found = NAMED.map(id => field(object, id)).find(input => input && input.value.trim());
  return found ? found.value.trim() : say('untitled');
}

function name(object) {
  if (object) object.querySelector('summary .name').textContent = calls(object);
}

function become(root, object, select) {
  object.dataset.kind = select.value;
  chip(object, 'kind', select);
  const list = mine(object, '[data-list=options]')[0];
  if (!list || select.value === 'case') return;
  const rights = [...list.querySelectorAll('[data-name=right]:checked')];
  if (['single', 'true-false'].includes(select.value)) rights.slice(1).forEach(box => { box.checked = false; });
  if (select.value !== 'true-false' || items(list).length) return;
  ['正确', '错误'].forEach(text => {
    const made = document.importNode(root.querySelector('#new-option').content, true).querySelector('[data-object]');
    made.querySelector('[data-name=text]').value = text;
    list.append(made);
  });
}

function chip(object, id, select) {
  const place = object.querySelector(`summary [data-chip=${id}]`);
  if (place) place.textContent = select.selectedOptions[0].textContent;
}

/** Where one answer is right, the others are not. */
function alone(box) {
  const question = box.closest('[data-object]').parentElement.closest('[data-object]');
  if (!['single', 'true-false'].includes(question.dataset.kind)) return;
  box.closest('[data-list]').querySelectorAll('[data-name=right]').forEach(other => { other.checked = other === box; });
}

/** Lists of lessons follow what the lessons are called now. */
export function lessons(root) {
  const list = root.querySelector('[data-course-form] [data-list=lessons]');
  const named = items(list).map(lesson => [field(lesson, 'key').value, calls(lesson)]);
  root.querySelectorAll('select[data-lessons]').forEach(select => {
    const chosen = select.value || select.dataset.value || '';
    const first = [...select.options].filter(option => !option.value && select.dataset.only);
    const strange = chosen && !named.some(([key]) => key === chosen) ? [[chosen, chosen]] : [];
    select.replaceChildren(...first, ...[...named, ...strange].map(([key, title]) => new Option(title, key)));
    select.value = chosen || (first.length ? '' : (named[0] || [''])[0]);
  });
}
