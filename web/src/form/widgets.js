import { jsx } from 'preact/jsx-runtime';
import Employee from './employee.js';
import Signature from './signature.js';
import { keepStored } from './stored.js';

// A standard component may name a widget of ours in its properties; it stays editable in any form-js editor.
const WIDGETS = { textfield: { signature: Signature, employee: Employee }, select: { employee: Employee } };

const widgetOf = field => (WIDGETS[field.type] || {})[(field.properties || {}).widget];

function wrap(Standard) {
  function Field(props) {
    return jsx(widgetOf(props.field) || Standard, props);
  }
  Field.config = {
    ...Standard.config,
    // A select drops values outside its options; an employee is chosen from the whole company.
    sanitizeValue: given => {
      if (widgetOf(given.formField)) return typeof given.value === 'string' ? given.value : '';
      return Standard.config.sanitizeValue(given);
    }
  };
  return Field;
}

function register(formFields) {
  Object.keys(WIDGETS).forEach(type => formFields.register(type, wrap(formFields.get(type))));
  const Picker = formFields.get('filepicker');
  formFields.register('filepicker', Object.assign(keepStored(Picker), { config: Picker.config }));
}
register.$inject = ['formFields'];

export const widgetsModule = { __init__: [register] };
