import { FormContext } from '@bpmn-io/form-js-viewer';
import { useContext, useRef } from 'preact/hooks';
import { jsx, jsxs } from 'preact/jsx-runtime';
import { describedBy, Frame, useTranslate } from './frame.js';

let made = 0;

/** The keys under which chosen files of a value are sent. A value is a key, or a list of keys and stored files. */
export const keysOf = value =>
  (Array.isArray(value) ? value : [value]).filter(part => typeof part === 'string' && part.startsWith('files::'));

const storedIn = value => (Array.isArray(value) ? value.filter(part => part && part.hash) : []);

/** Files as chips: those that came with the form, which stay until they are taken away, and those chosen now. */
export default function Files(props) {
  const { domId, field, value, errors = [], readonly, disabled, onChange, onBlur } = props;
  const translate = useTranslate();
  const registry = useContext(FormContext).getService('fileRegistry');
  const input = useRef(null);
  const fixed = readonly || disabled;
  const stored = storedIn(value);
  const chosen = keysOf(value).flatMap(key => registry.getFiles(key).map(file => ({ key, file })));

  // One key alone stands for itself, as in form-js; more of them, or stored files beside it, are a list.
  const keep = held => onChange({ value: held.length > 1 || (held[0] && held[0].hash) ? held : held[0] || null });
  const register = files => {
    const key = `files::${field.id}-${(made += 1)}`;
    registry.setFiles(key, files);
    return key;
  };
  const add = () => {
    const files = [...input.current.files];
    input.current.value = '';
    if (!files.length) return;
    const before = field.multiple ? [...stored, ...keysOf(value)] : [];
    if (!field.multiple) keysOf(value).forEach(key => registry.deleteFiles(key));
    keep([...before, register(files)]);
  };
  const dropStored = hash => keep([...stored.filter(file => file.hash !== hash), ...keysOf(value)]);
  const dropChosen = ({ key, file }) => {
    const left = registry.getFiles(key).filter(other => other !== file);
    registry.deleteFiles(key);
    keep([...stored, ...keysOf(value).filter(other => other !== key), ...(left.length ? [register(left)] : [])]);
  };

  return jsx(Frame, {
    props,
    kind: 'filepicker',
    children: jsxs('div', {
      class: 'picker',
      children: [
        jsx(Chips, { stored, chosen, fixed, dropStored, dropChosen }),
        fixed && !stored.length && jsx('p', { class: 'picker-none', children: translate('No files') }),
        !fixed &&
          jsxs('label', {
            class: 'picker-button',
            children: [
              jsx('input', {
                ref: input,
                id: domId,
                type: 'file',
                multiple: field.multiple || undefined,
                accept: typeof field.accept === 'string' ? field.accept : undefined,
                'aria-describedby': describedBy(domId),
                'aria-invalid': errors.length > 0,
                onChange: add,
                onBlur
              }),
              jsx('span', { children: translate(stored.length + chosen.length ? 'Add a file' : 'Choose a file') })
            ]
          })
      ]
    })
  });
}

function Chips({ stored, chosen, fixed, dropStored, dropChosen }) {
  if (!stored.length && !chosen.length) return null;
  return jsxs('ul', {
    class: 'file-chips',
    children: [
      ...stored.map(file =>
        jsx(FileChip, { key: file.hash, name: file.name, hash: file.hash, drop: !fixed && (() => dropStored(file.hash)) })
      ),
      ...chosen.map(one => jsx(FileChip, { key: `${one.key}${one.file.name}`, name: one.file.name, drop: () => dropChosen(one) }))
    ]
  });
}

/** One file: its name, which opens it once it is stored, and a cross where it can be taken away. */
export function FileChip({ name, hash, drop }) {
  const translate = useTranslate();
  return jsxs('li', {
    class: 'file-chip',
    children: [
      hash
        ? jsx('a', { href: `/files/${hash}`, target: '_blank', rel: 'noopener', children: name })
        : jsx('span', { children: name }),
      drop &&
        jsx('button', { type: 'button', onClick: drop, 'aria-label': translate('Take {name} away', { name }), children: '×' })
    ]
  });
}
