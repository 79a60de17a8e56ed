import { Description, Errors, FormContext, Label } from '@bpmn-io/form-js-viewer';
import { useContext } from 'preact/hooks';
import { jsx, jsxs } from 'preact/jsx-runtime';

/** What every field has around its input: label, description and errors, tied to it by id. */
export function Frame({ props, kind, children }) {
  const { field, domId, errors = [], disabled, readonly } = props;
  const state = [errors.length && 'fjs-has-errors', disabled && 'fjs-disabled', readonly && 'fjs-readonly'];
  return jsxs('div', {
    class: ['fjs-form-field', `fjs-form-field-${kind}`, ...state].filter(Boolean).join(' '),
    children: [
      jsx(Label, { htmlFor: domId, id: `${domId}-label`, label: field.label || field.dateLabel, required: (field.validate || {}).required }),
      children,
      jsx(Description, { id: `${domId}-description`, description: field.description }),
      jsx(Errors, { id: `${domId}-error-message`, errors })
    ]
  });
}

/** Whether a text is an address that a browser can follow. */
export const isAddress = text => /^https?:\/\/\S+$/.test(text);

export const describedBy = domId => `${domId}-description ${domId}-error-message`;

/** The form's own `translate`, for the words of our widgets. */
export const useTranslate = () => useContext(FormContext).getService('translate');
