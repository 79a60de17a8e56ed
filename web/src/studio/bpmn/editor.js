import { Drawing, modeller } from './modeller.js';
import { panel } from './panel.js';
import { keyboard } from './keyboard.js';
import { linted } from './lint.js';
import { say, speak } from './say.js';
import { toolbar } from './toolbar.js';
import './bpmn.css';

const chinese = document.documentElement.lang.startsWith('zh');

/**
 * The editor in `root`, empty as yet: `{drawing, modeler, tell, linted}`. `tell(sentences)` says them above the canvas;
 * `linted(listen)` tells what the rules find, then and whenever they look again.
 */
export async function edit(root, { fileName, readonly }) {
  if (chinese) speak((await import('./chinese.js')).default);
  const modeler = modeller(root.querySelector('.bpmn-canvas'), root.querySelector('.bpmn-panel'));
  const drawing = new Drawing(modeler);
  panel(root, modeler);
  searching(root);
  const keys = keyboard(root.querySelector('.bpmn-keys'));
  toolbar(root, drawing, { keys, simulate: simulator(drawing), download: kind => download(drawing, fileName, kind) });
  if (readonly) lock(root, modeler);
  const told = root.querySelector('.bpmn-told');
  return { drawing, modeler, linted: linted(modeler), tell: sentences => tell(told, sentences) };
}

/** The searches of bpmn-js look when a key comes up; pasted words, and characters chosen by mouse, come without one. */
function searching(root) {
  root.addEventListener('input', ({ target }) => {
    if (!target.closest('.djs-popup, .djs-search-container')) return;
    target.dispatchEvent(new KeyboardEvent('keyup', { bubbles: true }));
  });
}

/** The simulation comes when it is asked for; it paints elements, so the file's text is taken before. */
function simulator(drawing) {
  let active = false;
  let turn = null;
  return async () => {
    await drawing.text();
    if (!turn) turn = (await import('./simulation.js')).simulation(drawing.modeler);
    active = !active;
    turn(active);
    return active;
  };
}

/** Save what is drawn as a file of the reader's. */
async function download(drawing, fileName, kind) {
  const text = kind === 'svg' ? (await drawing.modeler.saveSVG()).svg : await drawing.text();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  link.download = fileName.replace(/\.bpmn$/i, `.${kind}`);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function tell(place, sentences) {
  place.querySelector('ul').replaceChildren(...sentences.map(sentence => {
    const line = document.createElement('li');
    line.textContent = sentence;
    return line;
  }));
  place.hidden = sentences.length === 0;
}

/** Who may only look moves about in the drawing and reads its properties. */
function lock(root, modeler) {
  root.dataset.readonly = 'true';
  modeler.get('eventBus').on('commandStack.canExecute', 10000, () => false);
  modeler.get('commandStack').execute = () => undefined;
  tell(root.querySelector('.bpmn-told'), [say('You may look at this file, not change it.')]);
}
