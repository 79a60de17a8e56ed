import { FormContext } from '@bpmn-io/form-js-viewer';
import { jsx, jsxs } from 'preact/jsx-runtime';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { sessionOver } from '../notice.js';
import { describedBy, Frame, useTranslate } from './frame.js';

/** The people of the company, unless a form brings its own: `colleagues`, a function of the same query. */
const useColleagues = () => useContext(FormContext).getService('colleagues', false) || (query => company('/people', query));
const useDepartments = () => useContext(FormContext).getService('departments', false) || (query => company('/people/departments', query));

const company = (path, query) =>
  fetch(`${path}?${query}`, { headers: { Accept: 'application/json' }, credentials: 'same-origin' })
    .then(response => {
      if (response.status === 401) sessionOver();
      return response.ok ? response.json() : [];
    })
    .catch(() => []);

/** A colleague, found by name, department or login. The value is the login. */
export default function Employee(props) {
  return jsx(Finder, { ...props, ask: useColleagues(), hint: 'Type a name', none: 'Nobody is called that.' });
}

/** A department, found by name. The value is its id. */
export function Department(props) {
  return jsx(Finder, { ...props, ask: useDepartments(), hint: 'Type a part of the name', none: 'No department is called that.' });
}

function Finder({ ask, hint, none, ...props }) {
  const { domId, value, errors = [], readonly, disabled, onChange, onBlur, onFocus } = props;
  const translate = useTranslate();
  const [text, setText] = useState('');
  const [found, setFound] = useState(null);
  const [at, setAt] = useState(0);
  const asked = useRef(0);
  const shown = useRef('');

  // A value that came with the form has a login only: its name is asked for once.
  useEffect(() => {
    if (value === shown.current) return;
    shown.current = value;
    if (!value) setText('');
    else ask(`login=${encodeURIComponent(value)}`).then(([person]) => setText(person ? nameOf(person) : value));
  }, [value]);

  const look = query => {
    const mine = (asked.current += 1);
    ask(`q=${encodeURIComponent(query)}`).then(people => {
      if (mine !== asked.current) return;
      setFound(people);
      setAt(0);
    });
  };
  const choose = person => {
    asked.current += 1;
    shown.current = person.login;
    setText(nameOf(person));
    setFound(null);
    onChange({ value: person.login });
  };
  const type = event => {
    setText(event.target.value);
    shown.current = '';
    if (value) onChange({ value: '' });
    if (!event.isComposing) look(event.target.value);
  };
  const move = event => {
    if (!found || !found.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((at + step + found.length) % found.length);
    else if (event.key === 'Enter') choose(found[at]);
    else if (event.key === 'Escape') setFound(null);
    else return;
    event.preventDefault();
  };
  const leave = () => {
    setFound(null);
    onBlur();
  };

  return jsx(Frame, {
    props,
    kind: 'employee',
    children: jsxs('div', {
      class: 'employee',
      children: [
        jsx('input', {
          id: domId,
          class: 'fjs-input',
          type: 'text',
          role: 'combobox',
          autocomplete: 'off',
          placeholder: translate(hint),
          value: text,
          disabled,
          readOnly: readonly,
          'aria-expanded': Boolean(found),
          'aria-controls': `${domId}-list`,
          'aria-activedescendant': found && found.length ? `${domId}-${at}` : undefined,
          'aria-describedby': describedBy(domId),
          'aria-invalid': errors.length > 0,
          onInput: type,
          onCompositionEnd: type,
          onKeyDown: move,
          onFocus: () => {
            onFocus();
            if (!readonly && !disabled && !value) look('');
          },
          onBlur: leave
        }),
        found && jsx(List, { id: `${domId}-list`, item: domId, found, at, choose, none: translate(none) })
      ]
    })
  });
}

const nameOf = person => (person.department ? `${person.name}（${person.department}）` : person.name);

function List({ id, item, found, at, choose, none }) {
  if (!found.length) return jsx('p', { id, class: 'employee-list employee-none', children: none });
  return jsx('ul', {
    id,
    class: 'employee-list',
    role: 'listbox',
    children: found.map((person, index) =>
      jsxs('li', {
        id: `${item}-${index}`,
        role: 'option',
        'aria-selected': index === at,
        // Before the blur of the input, which closes the list.
        onPointerDown: event => {
          event.preventDefault();
          choose(person);
        },
        children: [jsx('b', { children: person.name }), jsx('span', { children: `${person.department} ${person.position}` })]
      })
    )
  });
}
