import { jsx, jsxs } from 'preact/jsx-runtime';
import { useEffect, useRef, useState } from 'preact/hooks';
import SignaturePad from 'signature_pad';
import { describedBy, useTranslate } from './frame.js';
import { PEN, fitTo, picture, strokesOf } from './strokes.js';

/** A place to sign with finger, pen or mouse. */
export default function Pad({ domId, value, invalid, onChange, onBlur }) {
  const translate = useTranslate();
  const canvas = useRef(null);
  const pad = useRef(null);
  const [empty, setEmpty] = useState(!value);

  const tell = () => {
    setEmpty(pad.current.isEmpty());
    onChange({ value: pad.current.isEmpty() ? '' : picture(canvas.current, pad.current.toData()) });
  };
  const latest = useRef(tell);
  latest.current = tell;

  useEffect(() => {
    pad.current = new SignaturePad(canvas.current, PEN);
    pad.current.addEventListener('beginStroke', () => setEmpty(false));
    pad.current.addEventListener('endStroke', () => latest.current());
    const fit = () => fitTo(canvas.current, pad.current);
    fit();
    if (value) pad.current.fromData(strokesOf(value));
    window.addEventListener('resize', fit);
    return () => {
      window.removeEventListener('resize', fit);
      pad.current.off();
    };
  }, []);

  const undo = () => {
    pad.current.fromData(pad.current.toData().slice(0, -1));
    tell();
  };
  const clear = () => {
    pad.current.clear();
    tell();
  };

  return jsxs('div', {
    class: 'signature',
    children: [
      jsx('canvas', {
        ref: canvas,
        id: domId,
        tabIndex: -1, // by keyboard nothing can be drawn here: the other way to sign is a button before it
        role: 'img',
        'aria-labelledby': `${domId}-label`,
        'aria-describedby': describedBy(domId),
        'aria-invalid': invalid,
        onBlur
      }),
      empty && jsx('span', { class: 'signature-hint', 'aria-hidden': true, children: translate('Sign here') }),
      jsxs('div', {
        class: 'signature-tools',
        children: [
          jsx('button', { type: 'button', onClick: undo, disabled: empty, children: translate('Undo') }),
          jsx('button', { type: 'button', onClick: clear, disabled: empty, children: translate('Clear') })
        ]
      })
    ]
  });
}
