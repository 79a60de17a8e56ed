import { jsx } from 'preact/jsx-runtime';
import Day from './day.js';
import Employee, { Department } from './employee.js';
import Files from './files.js';
import IdNumber from './id-number.js';
import Reading from './reading.js';
import Signature from './signature.js';
import Cards from './table.js';

// A standard component may name a widget of ours in its properties; it stays editable in any form-js editor.
const WIDGETS = {
  textfield: { signature: Signature, employee: Employee, department: Department, idNumber: IdNumber },
  select: { employee: Employee, department: Department }
};
// These are ours wherever they stand: form-js' own are not made for phones.
const OURS = {
  datetime: ({ field }) => field.subtype === 'date' && Day,
  filepicker: () => Files,
  table: ({ field }) => !field.columnsExpression && Cards,
  textarea: ({ readonly }) => readonly && Reading,
  textfield: ({ readonly }) => readonly && Reading
};

const widgetOf = field => (WIDGETS[field.type] || {})[(field.properties || {}).widget];

function wrap(type, Standard) {
  function Field(props) {
    const ours = OURS[type] ? OURS[type](props) : null;
    return jsx(widgetOf(props.field) || ours || Standard, props);
  }
  const sanitize = Standard.config.sanitizeValue;
  Field.config = {
    ...Standard.config,
    // A select drops values outside its options; an employee is chosen from the whole company.
    sanitizeValue: sanitize && (given => (widgetOf(given.formField) ? asText(given.value) : sanitize(given)))
  };
  return Field;
}

const asText = value => (typeof value === 'string' ? value : '');

function register(formFields) {
  const types = new Set([...Object.keys(WIDGETS), ...Object.keys(OURS)]);
  types.forEach(type => formFields.register(type, wrap(type, formFields.get(type))));
}
register.$inject = ['formFields'];

export const widgetsModule = { __init__: [register] };
