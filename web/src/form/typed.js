import { jsx, jsxs } from 'preact/jsx-runtime';
import { useState } from 'preact/hooks';
import { describedBy, useTranslate } from './frame.js';
import { lettered } from './lettering.js';

/** One's name as a signature, for whoever cannot draw. */
export default function Typed({ domId, value, invalid, onChange, onBlur }) {
  const translate = useTranslate();
  const [name, setName] = useState('');
  const write = event => {
    const text = event.target.value;
    setName(text);
    onChange({ value: text.trim() ? lettered(text.trim(), translate('typed')) : '' });
  };
  return jsxs('div', {
    class: 'signature signature-typed',
    children: [
      jsx('input', {
        id: domId,
        class: 'fjs-input',
        type: 'text',
        maxLength: 60,
        autocomplete: 'name',
        placeholder: translate('Your full name'),
        value: name,
        'aria-labelledby': `${domId}-label ${domId}-type`,
        'aria-describedby': describedBy(domId),
        'aria-invalid': invalid,
        onInput: write,
        onBlur
      }),
      value
        ? jsx('img', { class: 'signature-preview', src: value, alt: translate('Your signature as it will stand') })
        : jsx('p', { class: 'signature-explained', children: translate('It is drawn as a signature and marked as typed.') })
    ]
  });
}
