import SignaturePad from 'signature_pad';
import { lettered } from '../form/lettering.js';
import { PEN, fitTo, picture } from '../form/strokes.js';
import { say } from './say.js';

/** A place to sign, by hand or by typing one's name. `drawing()` gives the picture as a data URI, empty for none. */
export function pad(root) {
  const canvas = root.querySelector('canvas');
  const name = root.querySelector('[name=typed]');
  const preview = root.querySelector('.signature-preview');
  const tools = root.querySelectorAll('[data-undo], [data-clear]');
  const ink = new SignaturePad(canvas, PEN);
  let typing = false;

  const written = () => name.value.trim();
  const tell = () => {
    root.classList.toggle('blank', ink.isEmpty());
    tools.forEach(button => { button.disabled = ink.isEmpty(); });
  };
  const turn = to => {
    typing = to;
    root.classList.toggle('typing', typing);
    root.querySelectorAll('[data-way]').forEach(way => way.setAttribute('aria-pressed', String((way.dataset.way === 'type') === typing)));
    if (!typing) fitTo(canvas, ink);
  };
  const undo = () => {
    ink.fromData(ink.toData().slice(0, -1));
    tell();
  };
  const clear = () => {
    ink.clear();
    tell();
  };
  const write = () => {
    preview.hidden = !written();
    if (written()) preview.src = lettered(written(), say('typed'));
  };

  ink.addEventListener('beginStroke', () => root.classList.remove('blank'));
  ink.addEventListener('endStroke', tell);
  name.addEventListener('input', write);
  root.querySelectorAll('[data-way]').forEach(way => way.addEventListener('click', () => turn(way.dataset.way === 'type')));
  root.querySelector('[data-undo]').addEventListener('click', undo);
  root.querySelector('[data-clear]').addEventListener('click', clear);
  window.addEventListener('resize', () => fitTo(canvas, ink));
  return {
    /** Take the size that the step has now that it is shown. */
    fit: () => fitTo(canvas, ink),
    drawing() {
      if (typing) return written() ? lettered(written(), say('typed')) : '';
      return ink.isEmpty() ? '' : picture(canvas, ink.toData());
    },
    focus: () => (typing ? name : root.querySelector('[data-way=draw]')).focus()
  };
}
