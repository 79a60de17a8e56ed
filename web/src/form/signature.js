import { jsx, jsxs } from 'preact/jsx-runtime';
import { useState } from 'preact/hooks';
import { Frame, useTranslate } from './frame.js';
import { isTyped } from './lettering.js';
import Pad from './pad.js';
import Typed from './typed.js';

/** A signature, by hand or by typing one's name. The value is a data URI of an SVG made of paths alone. */
export default function Signature(props) {
  const { domId, value, errors = [], readonly, disabled, onChange, onBlur } = props;
  const fixed = readonly || disabled;
  return jsx(Frame, {
    props,
    kind: 'signature',
    children: fixed
      ? jsx('img', { class: 'signature-picture', alt: props.field.label, src: value || undefined, hidden: !value })
      : jsx(Ways, { domId, value, invalid: errors.length > 0, onChange, onBlur })
  });
}

/** Two ways to sign. Whoever cannot draw, or has no pointer, types. */
function Ways(given) {
  const { domId, value, onChange } = given;
  const translate = useTranslate();
  const [typing, setTyping] = useState(isTyped(value));
  const turn = next => {
    if (next === typing) return;
    setTyping(next);
    if (value) onChange({ value: '' });
  };
  const way = (id, label) =>
    jsx('button', {
      type: 'button',
      id: `${domId}-${id}`,
      'aria-pressed': typing === (id === 'type'),
      onClick: () => turn(id === 'type'),
      children: label
    });
  return jsxs('div', {
    class: 'signing',
    role: 'group',
    'aria-labelledby': `${domId}-label`,
    children: [
      jsxs('div', { class: 'signing-ways', children: [way('draw', translate('Draw')), way('type', translate('Type my name'))] }),
      jsx(typing ? Typed : Pad, given)
    ]
  });
}
