import { h } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Icon, Refusal, useAttempt } from './parts.js';
import { setting } from './steps.js';
import { textOf, valueOf } from './values.js';
import { joined, say } from './words.js';

const isTree = value => value !== null && typeof value === 'object' && Object.keys(value).length > 0;

/** The variables as a tree. What the last step has changed is marked; each value can be set. */
export function Variables({ trial, view }) {
  const names = Object.keys(view.variables).sort();
  const [adding, setAdding] = useState(false);
  const live = view.state === 'ACTIVE';
  return h(
    'div',
    null,
    h('h3', null, say('Variables'), trial.changed.length > 0 && h('span', { class: 'more' }, h('i', { class: 'trial-dot' }), say('changed by the last step'))),
    names.length
      ? h('ul', { class: 'trial-tree' }, names.map(name => h(Node, { key: name, path: [name], value: view.variables[name], trial, view, live })))
      : h('p', { class: 'trial-quiet' }, say('It has no variables yet.')),
    live && !adding && h(Button, { kind: 'small', icon: 'plus', label: say('Set a variable'), pressed: () => setAdding(true) }),
    adding && h(Adding, { trial, close: () => setAdding(false) })
  );
}

function Node({ path, value, trial, view, live }) {
  const [editing, edit] = useState(false);
  const name = path[path.length - 1];
  const here = path.join('.');
  const marked = trial.changed.some(changed => changed === here || changed.startsWith(`${here}.`));
  const label = [marked && h('i', { class: 'trial-dot', title: say('changed by the last step') }), h('span', { class: 'key' }, name)];
  const pencil = live && h('button', { type: 'button', class: 'trial-icon', 'aria-label': say('Set {name}', { name: here }), onClick: () => edit(true) }, h(Icon, { name: 'pencil', small: true }));
  if (editing) return h('li', null, h(Editing, { path, value, trial, view, close: () => edit(false) }));
  if (!isTree(value))
    return h('li', { class: marked ? 'changed' : '' }, h('div', { class: 'leaf' }, label, h('span', { class: `value ${value === null ? 'null' : typeof value}` }, shown(value)), pencil));
  const parts = Array.isArray(value) ? value.map((part, place) => [place, part]) : Object.entries(value);
  return h(
    'li',
    { class: marked ? 'changed' : '' },
    h('details', { open: marked && path.length === 1 && parts.length <= 12 },
      h('summary', null, label, h('small', null, Array.isArray(value) ? value.length === 1 ? say('1 item') : say('{n} items', { n: value.length }) : peek(value))),
      h('ul', null, parts.map(([key, part]) => h(Node, { key, path: [...path, key], value: part, trial, view, live })))),
    pencil
  );
}

const shown = value => (typeof value === 'string' ? value || '“”' : value === null ? say('nothing') : JSON.stringify(value));

const peek = value => {
  const parts = [value.name, value.title, value.label].filter(part => typeof part === 'string');
  return parts[0] || joined(Object.keys(value).slice(0, 4));
};

/** A value in an editor. A part of a tree is set by setting the whole variable with that part changed. */
function Editing({ path, value, trial, view, close }) {
  const send = next => setting(path[0], replaced(view.variables[path[0]], path.slice(1), next));
  return h(Editor, { name: path.join('.'), start: textOf(value), trial, close, send });
}

function replaced(tree, path, value) {
  if (!path.length) return value;
  const copy = Array.isArray(tree) ? [...tree] : { ...tree };
  copy[path[0]] = replaced(tree[path[0]], path.slice(1), value);
  return copy;
}

function Adding({ trial, close }) {
  const [name, setName] = useState('');
  return h(
    'div',
    null,
    h('label', { class: 'field' }, h('span', null, say('Name')), h('input', { value: name, onInput: event => setName(event.target.value) })),
    h(Editor, { name: '', start: '', trial, close, send: value => setting(name.trim(), value), ready: /^[^\s.=]+$/.test(name.trim()) })
  );
}

function Editor({ name, start, trial, close, send, ready = true }) {
  const [attempt, told] = useAttempt();
  const [text, setText] = useState(start);
  const put = event => {
    event.preventDefault();
    attempt(() => trial.take(send(valueOf(text)))).then(answer => answer.done && close());
  };
  return h(
    'form',
    { class: 'trial-editor', onSubmit: put },
    h('label', { class: 'field' }, h('span', null, name || say('Value')), h('textarea', { class: 'code', rows: Math.min(8, text.split('\n').length + 1), value: text, onInput: event => setText(event.target.value) }), h('small', null, say('A text, a number, true, JSON; what begins with = is FEEL.'))),
    h('div', { class: 'trial-answers' }, h(Button, { kind: 'small ghost', label: say('Cancel'), pressed: close }), h('button', { class: 'btn small primary', disabled: trial.busy || !ready }, say('Set'))),
    h(Refusal, { told })
  );
}
