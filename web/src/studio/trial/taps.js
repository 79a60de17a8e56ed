import { FormContext } from '@bpmn-io/form-js-viewer';
import { useContext } from 'preact/hooks';
import { jsx, jsxs } from 'preact/jsx-runtime';
import { say } from './words.js';

// A drawing as the widget makes it. A story writes ✍ for it, and its player draws one again.
const STROKE = `data:image/svg+xml;base64,${btoa('<svg xmlns="http://www.w3.org/2000/svg" width="480" height="140" viewBox="0 0 480 140"><path d="M40 90C90 20 120 130 170 70S250 40 290 85 380 100 430 50" fill="none" stroke="#10182b" stroke-width="5" stroke-linecap="round"/></svg>')}`;
export const SIGNED = '✍';

/** Signature and file fields with a button that does with one tap what a finger and a disk would do. */
export const tapsModule = { __init__: [['formFields', register]] };

function register(formFields) {
  formFields.register('textfield', tapped(formFields.get('textfield'), Sign, ({ properties }) => (properties || {}).widget === 'signature'));
  formFields.register('filepicker', tapped(formFields.get('filepicker'), Attach, () => true));
}

function tapped(Standard, Tap, wanted) {
  function Field(props) {
    if (props.readonly || props.disabled || props.value || !wanted(props.field)) return jsx(Standard, props);
    return jsxs('div', { class: 'trial-tapped', children: [jsx(Standard, props), jsx(Tap, props)] });
  }
  Field.config = Standard.config;
  return Field;
}

const Sign = ({ onChange }) => jsx('button', { type: 'button', class: 'btn small', onClick: () => onChange({ value: STROKE }), children: say('Sign with one tap') });

function Attach({ field, onChange }) {
  const registry = useContext(FormContext).getService('fileRegistry');
  const attach = () => onChange({ value: attached(registry, field) });
  return jsx('button', { type: 'button', class: 'btn small', onClick: attach, children: say('Attach a sample file') });
}

let made = 0;

/** Put a sample file that the field takes into the form's registry; its key is the field's value. */
export function attached(registry, { id, accept }) {
  const ending = /png|image/.test(accept || '') ? 'png' : /txt|text/.test(accept || '') ? 'txt' : 'pdf';
  const key = `files::${id}-sample-${(made += 1)}`;
  registry.setFiles(key, [new File(['sample'], `${say('sample')}.${ending}`)]);
  return key;
}

export const stroke = () => STROKE;

/** A form's values as a story writes them: ✍ for a drawing, {file: name} for chosen files. */
export function asStory(value, registry) {
  if (typeof value === 'string' && value.startsWith('data:image/')) return SIGNED;
  if (typeof value === 'string' && value.startsWith('files::')) return { file: oneOrMore(registry.getFiles(value).map(({ name }) => name)) };
  if (Array.isArray(value)) return value.map(part => asStory(part, registry));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asStory(part, registry)]));
}

const oneOrMore = names => (names.length === 1 ? names[0] : names);
