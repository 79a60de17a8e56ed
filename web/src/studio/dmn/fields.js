import { say } from '../bpmn/say.js';

const INPUTS = { number: 'number', date: 'date', time: 'time', 'date and time': 'datetime-local' };
let made = 0;

/** One field of the panel, by what the model says of it: `{element, read, write}`; `read` gives undefined where nothing is
 * filled in, and throws a sentence where what is filled in has no meaning. */
export function field(asked, onInput) {
  const id = `asked-${(made += 1)}`;
  const kind = kindOf(asked);
  const input = kind.make(asked, id);
  input.id = id;
  input.addEventListener('input', onInput);
  const element = document.createElement('div');
  element.className = 'dmn-field';
  element.append(labelOf(asked, id), input);
  if (input.list !== undefined && asked.examples.length && !asked.choices.length) element.append(suggestions(asked, input));
  return { asked, element, read: () => kind.read(input, asked), write: value => kind.write(input, value) };
}

function labelOf({ label, path, type }, id) {
  const element = document.createElement('label');
  element.htmlFor = id;
  const name = document.createElement('span');
  name.textContent = label;
  const hint = document.createElement('code');
  hint.textContent = path.join('.') + (type ? ` · ${say(type)}` : '');
  element.append(name, hint);
  return element;
}

function kindOf({ type, choices }) {
  if (choices.length) return CHOICE;
  if (type === 'boolean') return TRUTH;
  if (type === 'string') return TEXT;
  if (type === 'number') return NUMBER;
  return INPUTS[type] ? MOMENT : OPEN;
}

const line = (type, step) => () => {
  const input = document.createElement('input');
  input.type = type;
  input.autocomplete = 'off';
  if (step) input.step = step;
  return input;
};
const plain = (input, value) => (input.value = value === undefined || value === null ? '' : String(value));
const NUMBER = { make: line('number', 'any'), read: input => (input.value === '' ? undefined : Number(input.value)), write: plain };
const TEXT = { make: line('text'), read: input => (input.value === '' ? undefined : input.value), write: plain };
// Days and times reach a process as texts, and so they do here.
const MOMENT = { make: ({ type }) => line(INPUTS[type], type === 'date' ? '' : '1')(), read: TEXT.read, write: plain };
const CHOICE = {
  make: ({ choices }) => chooser(choices.map(value => [JSON.stringify(value), String(value)])),
  read: input => (input.value === '' ? undefined : JSON.parse(input.value)),
  write: (input, value) => (input.value = value === undefined ? '' : JSON.stringify(value))
};
const TRUTH = { ...CHOICE, make: () => chooser([['true', say('Yes')], ['false', say('No')]]) };
const OPEN = {
  make: () => Object.assign(line('text')(), { placeholder: say('a text, or a value as JSON') }),
  read: input => (input.value.trim() === '' ? undefined : json(input.value)),
  write: (input, value) => (input.value = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value))
};

/** What reads as JSON is that value; anything else is a text, but for what sets out to be JSON and is none. */
function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    if (/^\s*[[{"]/.test(text)) throw new Error(say('Write a value as JSON: a number, a text in quotes, a list or an object.'));
    return text;
  }
}

function chooser(options) {
  const select = document.createElement('select');
  select.append(new Option(say('not given'), ''), ...options.map(([value, text]) => new Option(text, value)));
  return select;
}

function suggestions({ examples }, input) {
  const list = document.createElement('datalist');
  list.id = `${input.id}-seen`;
  list.append(...examples.map(text => new Option(text, text)));
  input.setAttribute('list', list.id);
  return list;
}
