import { jsx, jsxs } from 'preact/jsx-runtime';
import { useEffect, useRef, useState } from 'preact/hooks';
import SignaturePad from 'signature_pad';
import { describedBy, useTranslate } from './frame.js';

const PEN = { penColor: '#10182b', minWidth: 0.9, maxWidth: 2.8, dotSize: 1.6 };

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

/** As many pixels as the screen has, and the strokes drawn again: a canvas forgets them when its size changes. */
function fitTo(canvas, pad) {
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  const width = Math.round(canvas.offsetWidth * ratio);
  if (!width || width === canvas.width) return;
  const strokes = pad.toData();
  canvas.width = width;
  canvas.height = Math.round(canvas.offsetHeight * ratio);
  canvas.getContext('2d').scale(ratio, ratio);
  pad.clear();
  pad.fromData(strokes);
}

const round = number => Math.round(number * 10) / 10;

/** The strokes as one SVG: a path each, a dot being a line of no length with a round end. */
function picture(canvas, strokes) {
  const paths = strokes.map(({ points }) => {
    const [first, ...rest] = points;
    const line = rest.length ? rest.map(point => `L${round(point.x)} ${round(point.y)}`).join('') : 'h0.1';
    return `<path d="M${round(first.x)} ${round(first.y)}${line}"/>`;
  });
  const size = `width="${canvas.offsetWidth}" height="${canvas.offsetHeight}"`;
  const box = `viewBox="0 0 ${canvas.offsetWidth} ${canvas.offsetHeight}"`;
  const pen = 'fill="none" stroke="#10182b" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${box}><g ${pen}>${paths.join('')}</g></svg>`;
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}

/** The strokes of a picture of ours, so that a draft can be gone on with. */
function strokesOf(value) {
  const svg = new DOMParser().parseFromString(atob(value.split(',')[1]), 'image/svg+xml');
  return [...svg.querySelectorAll('path')].map(path => ({
    ...PEN,
    points: [...path.getAttribute('d').matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map(([, x, y], index) => ({
      x: Number(x),
      y: Number(y),
      pressure: 0.5,
      time: index * 20
    }))
  }));
}
