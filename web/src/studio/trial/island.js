import { draw } from '../../form/form.js';
import { fillIn } from './samples.js';
import { asStory, tapsModule } from './taps.js';

/** The product's own form in a frame of ours: among the people of the run, and with one tap where a hand is asked for. */
export async function drawn(container, { schema, data, uploads }, people, draft) {
  container.textContent = '';
  const kept = draft.read();
  const colleagues = { colleagues: ['value', among(people)] };
  const given = { schema: relieved(schema), data: kept ? { ...data, ...kept } : data, uploads };
  const form = await draw(container, given, [tapsModule, colleagues]);
  form.on('changed', state => draft.write(state.data));
  return {
    form,
    focus: () => focusOn(container.querySelector('.fjs-form')),
    fill: around => fillIn(form, around),
    show: errors => { form._setState({ errors }); toFirst(container); },
    values: () => valuesOf(form, data, container)
  };
}

/** What the server's clock has passed is not past on the clock of the run: the server checks that. */
const relieved = value => {
  if (Array.isArray(value)) return value.map(relieved);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'disallowPassedDates').map(([name, part]) => [name, relieved(part)]));
};

/** The people of the run, asked for as those of the company are. */
const among = people => async query => {
  const asked = new URLSearchParams(query);
  const wanted = asked.get('login');
  if (wanted) return people.filter(({ login }) => login === wanted).map(personOf);
  const text = (asked.get('q') || '').toLowerCase();
  return people.filter(({ login, name }) => `${login} ${name}`.toLowerCase().includes(text)).slice(0, 20).map(personOf);
};

const personOf = ({ login, name, position }) => ({ login, name, department: '', position: position || '' });

function valuesOf(form, before, container) {
  if (document.activeElement && container.contains(document.activeElement)) document.activeElement.blur();
  form._emit('presubmit');
  const errors = form.validate();
  if (Object.keys(errors).length) {
    toFirst(container);
    return { errors };
  }
  const written = asStory(form._getSubmitData(), form.get('fileRegistry'));
  return { told: withoutGiven(written, before, form) };
}

/** What a story need not say is left out: what is only read, and what was empty and has stayed so. */
function withoutGiven(values, before, form) {
  const read = new Set(form.get('formFieldRegistry').getAll().filter(({ key, readonly }) => key && readonly === true).map(({ key }) => key));
  const prune = (tree, old, path) => {
    const kept = Object.entries(tree).flatMap(([name, value]) => {
      const here = path ? `${path}.${name}` : name;
      const was = old && typeof old === 'object' ? old[name] : undefined;
      if (read.has(here) || (isBlank(value) && isBlank(was))) return [];
      if (!isPlain(value)) return [[name, value]];
      const inner = prune(value, was, here);
      return Object.keys(inner).length ? [[name, inner]] : [];
    });
    return Object.fromEntries(kept);
  };
  return prune(values, before, '');
}

const isBlank = value => value === undefined || value === null || value === '' || value === false || (Array.isArray(value) && !value.length);
const isPlain = value => value !== null && typeof value === 'object' && !Array.isArray(value) && !('file' in value);

function toFirst(container) {
  requestAnimationFrame(() => focusOn(container.querySelector('.fjs-has-errors')));
}

function focusOn(place) {
  const field = place && place.querySelector('input:not([type=hidden]):not([readonly]), textarea:not([readonly]), select, [role=combobox], button');
  if (!place) return;
  place.scrollIntoView({ block: place.matches('.fjs-form') ? 'start' : 'center' });
  // A list opens as soon as it has the focus, over what is to be read: its frame takes it.
  const list = place.querySelector('.fjs-select-hidden-input, .fjs-taglist-input, [role=combobox]');
  if (list === field && list) place.setAttribute('tabindex', '-1');
  const target = list && list === field ? place : field;
  if (target) target.focus({ preventScroll: true });
}
