import { say, speak } from '../bpmn/say.js';
import { comments } from '../bpmn/keeping.js';
import { openDraft } from '../draft.js';
import { openPanel } from '../problems/panel.js';
import { Drawing } from './drawing.js';
import { show } from './find.js';
import { tabs } from './tabs.js';
import { Trial } from './try.js';
import './dmn.css';

const chinese = document.documentElement.lang.startsWith('zh');

/** The decision editor in `root`, over the draft that the page names. */
export async function open(root) {
  const draft = openDraft();
  const given = draft.told;
  const [text] = await Promise.all([draft.load(), chinese && import('./chinese.js').then(words => speak(words.default))]);
  const canvas = root.querySelector('.dmn-canvas');
  try {
    const drawing = await drawn(root, canvas, given, text);
    root.editor = drawing;
    await begin(root, canvas, drawing, given, draft);
  } catch (error) {
    tell(root, say('The file cannot be opened here: {reason} Download it, mend it in a text editor and upload it again.', {
      reason: `${error.message}. `
    }));
  }
  root.setAttribute('aria-busy', 'false');
}

/** A file whose meaning the editor would not keep whole is opened to look at only. */
async function drawn(root, canvas, { readonly }, text) {
  const drawing = new Drawing(canvas, readonly);
  await drawing.read(text);
  if (readonly) {
    tell(root, say('You may look at this file, not change it.'));
    return drawing;
  }
  const { meaning, drawing: style } = await drawing.lost();
  if (meaning.length) return fixed(root, canvas, drawing, text, meaning);
  if (style.length) tell(root, say('Once you change something here, the file loses how some of it is drawn: {names}.', { names: some(style) }));
  const n = comments(text);
  if (n) tell(root, say('This file holds {n} comments of XML. They will be gone once you change something here.', { n }));
  return drawing;
}

async function fixed(root, canvas, drawing, text, names) {
  drawing.dmn.destroy();
  tell(root, say('This file holds {names}, which this editor would lose. It is opened to look at only; change it in a text editor and upload it again.', {
    names: some(names)
  }));
  const viewed = new Drawing(canvas, true);
  await viewed.read(text);
  return viewed;
}

const some = names => names.slice(0, 6).join(' ') + (names.length > 6 ? ' …' : '');

async function begin(root, canvas, drawing, given, draft) {
  const showElement = id => show(drawing, id);
  const trial = new Trial({ panel: root.querySelector('.dmn-try-body'), canvas, drawing, draft: given, show: showElement });
  const buttons = acts(root, drawing);
  drawing.onChange = () => {
    draft.changed(() => drawing.text);
    buttons();
    trial.modelChanged();
  };
  drawing.dmn.on('import.render.complete', ({ view }) => {
    buttons();
    trial.viewChanged(view.element.id);
  });
  if (drawing.views.length) await drawing.open(first(drawing)).catch(() => null);
  if (!drawing.view) tell(root, say('Nothing of this file can be shown here. Its decisions can be tried all the same.'));
  tabs(root.querySelector('.dmn-views'), drawing, view => drawing.open(view));
  fold(root);
  viewless(root, drawing);
  openPanel({ draft, select: async (id, { property } = {}) => (property && (await showElement(property))) || showElement(id) });
  await trial.look();
  if (drawing.view) trial.viewChanged(drawing.view.element.id);
  const wanted = new URLSearchParams(window.location.hash.slice(1)).get('element');
  if (wanted) await showElement(wanted);
}

/** A single decision opens with its table, several with their graph. */
function first({ views }) {
  const others = views.filter(({ type }) => type !== 'drd');
  return others.length === 1 ? others[0] : views[0];
}

/** Undo and redo, by their buttons and by keys; gives what brings the buttons up to date. */
function acts(root, drawing) {
  const undo = root.querySelector('[data-undo]');
  const redo = root.querySelector('[data-redo]');
  const update = () => {
    undo.disabled = !drawing.history.can(-1);
    redo.disabled = !drawing.history.can(1);
  };
  const step = async direction => {
    await drawing.step(direction);
    update();
  };
  undo.addEventListener('click', () => step(-1));
  redo.addEventListener('click', () => step(1));
  root.addEventListener('keydown', event => {
    const direction = directionOf(event);
    if (!direction || event.target.closest('.dmn-try, .cm-editor')) return;
    event.preventDefault();
    event.stopPropagation();
    step(direction);
  }, true);
  update();
  return update;
}

function directionOf({ ctrlKey, metaKey, altKey, shiftKey, key }) {
  if (!(ctrlKey || metaKey) || altKey) return 0;
  if (key.toLowerCase() === 'z') return shiftKey ? 1 : -1;
  return key.toLowerCase() === 'y' && !shiftKey ? 1 : 0;
}

/** The panel beside the model can be put away; on a phone it is a page of its own. */
function fold(root) {
  const toggle = root.querySelector('[data-try]');
  const turn = seen => {
    root.dataset.trying = String(seen);
    toggle.setAttribute('aria-expanded', String(seen));
  };
  toggle.addEventListener('click', () => turn(toggle.getAttribute('aria-expanded') !== 'true'));
  turn(!window.matchMedia('(max-width: 760px)').matches);
}

/** Decisions whose logic dmn-js has no view for are kept, and it is said that they are. */
function viewless(root, drawing) {
  const others = drawing.dmn.getDefinitions().get('drgElement').filter(({ id, decisionLogic }) => decisionLogic && !drawing.viewOf(id));
  others.slice(0, 3).forEach(({ name, decisionLogic }) =>
    tell(root, say('The logic of “{name}” is of a kind that has no view here: {kind}. It is kept as it is.', {
      name,
      kind: decisionLogic.$type.replace('dmn:', '')
    }))
  );
}

function tell(root, sentence) {
  const place = root.querySelector('.dmn-told');
  const line = document.createElement('p');
  line.textContent = sentence;
  place.append(line);
  place.hidden = false;
}
