import { h } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Icon } from './parts.js';
import { say } from './words.js';

/** What someone types as a value: JSON where it is JSON, else the text as it stands; with “=” before it is FEEL. */
export function valueOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A value as it is typed: texts without quotes, unless they would be read as something else. */
export function textOf(value) {
  if (typeof value !== 'string') return JSON.stringify(value, null, 1);
  return valueOf(value) === value ? value : JSON.stringify(value);
}

/** Values by name, as fields or as JSON. `told` gets the object, or null while the JSON cannot be read. */
export function Values({ name, label, start = {}, told }) {
  const [rows, setRows] = useState(() => Object.entries(start).map(([key, value]) => [key, textOf(value)]));
  const [json, setJson] = useState(null);
  const [wrong, setWrong] = useState(false);

  const change = next => {
    setRows(next);
    told(objectOf(next));
  };
  const write = text => {
    setJson(text);
    const read = valueOf(text || '{}');
    const good = read !== null && typeof read === 'object' && !Array.isArray(read);
    setWrong(!good);
    told(good ? read : null);
  };
  const turn = () => {
    if (json === null) return write(JSON.stringify(objectOf(rows), null, 2));
    const read = valueOf(json || '{}');
    setJson(null);
    setWrong(false);
    change(typeof read === 'object' && read ? Object.entries(read).map(([key, value]) => [key, textOf(value)]) : rows);
  };

  return h(
    'fieldset',
    { class: 'trial-values' },
    h('legend', null, label, h('button', { type: 'button', class: 'trial-link', onClick: turn, 'aria-pressed': String(json !== null) }, json === null ? 'JSON' : say('Fields'))),
    json === null
      ? h(Rows, { name, rows, change })
      : h('textarea', { class: 'plain code', rows: 6, 'aria-label': label, 'aria-invalid': String(wrong), value: json, onInput: event => write(event.target.value) }),
    wrong && h('p', { class: 'trial-refusal', role: 'alert' }, say('This is no JSON object yet. Write it like {example}.', { example: '{"name": "value"}' }))
  );
}

function Rows({ name, rows, change }) {
  const edit = (place, part, text) => change(rows.map((row, index) => (index === place ? row.map((old, at) => (at === part ? text : old)) : row)));
  return [
    rows.map(([key, text], place) =>
      h(
        'div',
        { class: 'trial-row', key: place },
        h('input', { class: 'plain', value: key, 'aria-label': say('Name'), placeholder: say('Name'), onInput: event => edit(place, 0, event.target.value) }),
        h('input', { class: 'plain', value: text, 'aria-label': say('Value'), placeholder: say('Value or =FEEL'), onInput: event => edit(place, 1, event.target.value) }),
        h('button', { type: 'button', class: 'trial-icon', 'aria-label': say('Take {name} away', { name: key || say('this line') }), onClick: () => change(rows.filter((_, index) => index !== place)) }, h(Icon, { name: 'x' }))
      )
    ),
    h(Button, { icon: 'plus', kind: 'ghost small', label: say('Add a value'), pressed: () => change([...rows, ['', '']]), id: `${name}-add` })
  ];
}

const objectOf = rows => Object.fromEntries(rows.filter(([key]) => key.trim()).map(([key, text]) => [key.trim(), valueOf(text)]));
