import { jsx } from 'preact/jsx-runtime';
import { describedBy, Frame } from './frame.js';

/** A resident identity number: as long as one is, its X a capital; `checks.js` tells what is wrong with it. */
export default function IdNumber(props) {
  const { domId, value, errors = [], readonly, disabled, onChange, onBlur, onFocus } = props;
  return jsx(Frame, {
    props,
    kind: 'textfield',
    children: jsx('div', {
      class: 'fjs-input-group',
      children: jsx('input', {
        id: domId,
        class: 'fjs-input',
        type: 'text',
        inputMode: 'text',
        maxLength: 18,
        autocomplete: 'off',
        autocapitalize: 'characters',
        spellcheck: false,
        value: value || '',
        disabled,
        readOnly: readonly,
        'aria-describedby': describedBy(domId),
        'aria-invalid': errors.length > 0,
        onInput: event => onChange({ value: event.target.value.replace(/\s/g, '').toUpperCase() }),
        onFocus,
        onBlur
      })
    })
  });
}
