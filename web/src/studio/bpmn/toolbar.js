import { fit } from './modeller.js';
import { say } from './say.js';

/** Bring the buttons `[data-do]` of `root` to life. */
export function toolbar(root, drawing, { simulate, download, keys }) {
  const { modeler } = drawing;
  const canvas = modeler.get('canvas');
  const actions = modeler.get('editorActions');
  const button = name => root.querySelector(`[data-do="${name}"]`);
  const acts = {
    undo: () => actions.trigger('undo'),
    redo: () => actions.trigger('redo'),
    smaller: () => actions.trigger('stepZoom', { value: -1 }),
    larger: () => actions.trigger('stepZoom', { value: 1 }),
    natural: () => actions.trigger('zoom', { value: 1 }),
    fit: () => fit(canvas),
    find: () => setTimeout(() => actions.trigger('find')), // a click that is still on its way would close it again
    create: () => menu(modeler, button('create'), 'bpmn-create', canvas.getRootElement()),
    align: () => menu(modeler, button('align'), 'align-elements', modeler.get('selection').get()),
    simulate: async () => pressed(button('simulate'), await simulate()),
    minimap: () => modeler.get('minimap').toggle(),
    lint: () => modeler.get('linting').toggle(),
    bpmn: () => download('bpmn'),
    svg: () => download('svg'),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
    heard: () => { root.querySelector('.bpmn-told').hidden = true; },
    keys
  };
  root.addEventListener('click', event => {
    const found = event.target.closest('[data-do]');
    if (found && acts[found.dataset.do]) acts[found.dataset.do]();
  });
  follow(modeler, button);
}

/** Buttons tell what can be done, and what is on. */
function follow(modeler, button) {
  const stack = modeler.get('commandStack');
  const canvas = modeler.get('canvas');
  const undoing = () => {
    button('undo').disabled = !stack.canUndo();
    button('redo').disabled = !stack.canRedo();
  };
  const zoomed = () => { button('natural').textContent = `${Math.round(canvas.zoom() * 100)}%`; };
  modeler.on(['commandStack.changed', 'import.done'], undoing);
  modeler.on(['canvas.viewbox.changed', 'import.done'], zoomed);
  modeler.on('selection.changed', ({ newSelection }) => { button('align').disabled = newSelection.length < 2; });
  modeler.on('minimap.toggle', ({ open }) => pressed(button('minimap'), open));
  modeler.on('linting.toggle', ({ active }) => pressed(button('lint'), active));
  document.addEventListener('fullscreenchange', () => pressed(button('full'), Boolean(document.fullscreenElement)));
  undoing();
}

const pressed = (button, on) => button.setAttribute('aria-pressed', String(on));

/** A menu of the modeller below a button. */
function menu(modeler, button, name, target) {
  const box = button.getBoundingClientRect();
  modeler.get('popupMenu').open(target, name, { x: box.left, y: box.bottom + 6 }, {
    title: say(name === 'bpmn-create' ? 'Create element' : 'Align elements'), width: 300, search: name === 'bpmn-create'
  });
}
