import { say, speak } from '../bpmn/say.js';
import { openDraft } from '../draft.js';
import { openPanel } from '../problems/panel.js';
import { Editor } from './editor.js';
import { Preview } from './preview.js';
import './form-editor.css';

const chinese = document.documentElement.lang.startsWith('zh');
const NARROW = '(max-width: 1100px)';

/** The form editor in `root`, over the draft that the page names, with the form as it will look beside it. */
export async function open(root) {
  const draft = openDraft();
  const [text] = await Promise.all([draft.load(), chinese && import('./words.js').then(words => speak(words.default))]);
  const editor = new Editor(root.querySelector('.form-canvas'), () => changed());
  const preview = previewOf(root, draft, editor);
  const buttons = acts(root, editor);
  const changed = () => {
    buttons();
    preview.change(editor.schema);
    if (!draft.told.readonly) draft.changed(() => editor.text);
  };
  tabs(root);
  openPanel({ draft, select: id => editor.show(id) });
  try {
    await editor.read(text);
  } catch (error) {
    tell(root, say('The file cannot be opened here: {reason} Download it, mend it in a text editor and upload it again.', {
      reason: `${error.message}. `
    }));
    root.dataset.broken = 'true';
    root.setAttribute('aria-busy', 'false');
    return;
  }
  if (draft.told.readonly) lock(root, editor);
  buttons();
  preview.change(editor.schema);
  const wanted = new URLSearchParams(window.location.hash.slice(1)).get('element');
  if (wanted) editor.show(wanted);
  root.editor = editor;
  root.setAttribute('aria-busy', 'false');
}

function previewOf(root, { told }, editor) {
  const { sample, ...given } = JSON.parse(document.getElementById('preview').textContent);
  const field = root.querySelector('[data-sample]');
  const key = `sample:${told.project}:${told.name}`;
  field.value = sessionStorage.getItem(key) || sample || '{}';
  const preview = new Preview(root.querySelector('.form-phone'), {
    ...given,
    name: told.name,
    fillUrl: told.decideUrl.replace(/decide$/, 'fill'),
    text: () => editor.text,
    context: () => object(field.value),
    show: id => editor.show(id)
  });
  field.addEventListener('input', () => {
    sessionStorage.setItem(key, field.value);
    preview.change(editor.schema);
  });
  return preview;
}

function object(text) {
  if (!text.trim()) return {};
  try {
    const found = JSON.parse(text);
    if (found && typeof found === 'object' && !Array.isArray(found)) return found;
  } catch {
    // Told below, as what is JSON and no object.
  }
  throw new Error(say('Write a JSON object, such as {"days": 3}.'));
}

/** Undo, redo and removing, by buttons and keys; gives what brings the buttons up to date. */
function acts(root, editor) {
  const undo = root.querySelector('[data-undo]');
  const redo = root.querySelector('[data-redo]');
  const update = () => {
    undo.disabled = !editor.can(-1);
    redo.disabled = !editor.can(1);
  };
  undo.addEventListener('click', () => editor.step(-1));
  redo.addEventListener('click', () => editor.step(1));
  root.addEventListener('keydown', event => {
    if (!event.target.closest('.form-canvas') || event.target.closest('input, textarea, select, [contenteditable=true], .cm-editor')) return;
    const direction = directionOf(event);
    if (direction) editor.step(direction);
    else if (!['Delete', 'Backspace'].includes(event.key) || !editor.remove()) return;
    event.preventDefault();
  });
  return update;
}

function directionOf({ ctrlKey, metaKey, altKey, shiftKey, key }) {
  if (!(ctrlKey || metaKey) || altKey) return 0;
  if (key.toLowerCase() === 'z') return shiftKey ? 1 : -1;
  return key.toLowerCase() === 'y' && !shiftKey ? 1 : 0;
}

/** Where there is no room for both, the form is edited or looked at. */
function tabs(root) {
  const buttons = [...root.querySelectorAll('[data-side]')];
  const turn = side => {
    root.dataset.shown = side;
    buttons.forEach(button => {
      const on = button.dataset.side === side;
      button.setAttribute('aria-selected', String(on));
      button.tabIndex = on ? 0 : -1;
    });
  };
  buttons.forEach((button, place) => {
    button.addEventListener('click', () => turn(button.dataset.side));
    button.addEventListener('keydown', event => {
      if (!['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
      const other = buttons[1 - place];
      turn(other.dataset.side);
      other.focus();
    });
  });
  turn('edit');
  window.matchMedia(NARROW).addEventListener('change', () => turn('edit'));
}

/** Who may only look chooses components and reads their properties. */
function lock(root, editor) {
  root.dataset.readonly = 'true';
  editor.form.get('commandStack').execute = () => undefined;
  tell(root, say('You may look at this file, not change it.'));
}

function tell(root, sentence) {
  const place = root.querySelector('.form-told');
  place.textContent = sentence;
  place.hidden = false;
}
