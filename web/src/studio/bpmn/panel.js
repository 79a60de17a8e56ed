// The properties beside the canvas: folded, drawn wide or narrow, and on a phone a sheet that comes up from below.
const FOLDED = 'studio.properties.folded';
const WIDTH = 'studio.properties.width';
const LAYOUT = 'studio.properties.layout';
const [LEAST, MOST, STEP] = [260, 720, 24];
const phone = window.matchMedia('(max-width: 760px)');

/** Which groups were open when the panel was last used. */
export function layoutOf() {
  try {
    return JSON.parse(localStorage.getItem(LAYOUT)) || {};
  } catch {
    return {};
  }
}

/** Bring fold and edge of the panel in `root` to life. */
export function panel(root, modeler) {
  const buttons = root.querySelectorAll('[data-panel]');
  const fold = folded => {
    root.dataset.folded = String(folded);
    buttons.forEach(button => button.setAttribute('aria-expanded', String(!folded)));
    modeler.get('canvas').resized();
  };
  fold(phone.matches || localStorage.getItem(FOLDED) === 'true');
  if (phone.matches) modeler.get('eventBus').once('import.done', () => modeler.get('palette').close());
  buttons.forEach(button => button.addEventListener('click', () => {
    const folded = root.dataset.folded !== 'true';
    if (!phone.matches) localStorage.setItem(FOLDED, String(folded));
    fold(folded);
  }));
  edge(root, root.querySelector('.bpmn-edge'), modeler);
  named(root.querySelector('.bpmn-sheet-name'), modeler);
  modeler.on('propertiesPanel.layoutChanged', ({ layout }) => localStorage.setItem(LAYOUT, JSON.stringify(layout)));
}

/** The edge is a separator: dragged, or moved by the arrow keys. */
function edge(root, separator, modeler) {
  const set = width => {
    const wide = Math.min(Math.max(width, LEAST), MOST, Math.round(root.clientWidth * 0.7));
    root.style.setProperty('--properties', `${wide}px`);
    separator.setAttribute('aria-valuenow', String(wide));
    localStorage.setItem(WIDTH, String(wide));
  };
  const now = () => Number(separator.getAttribute('aria-valuenow'));
  set(Number(localStorage.getItem(WIDTH)) || 340);
  separator.addEventListener('keydown', event => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    set(now() + by);
    modeler.get('canvas').resized();
  });
  separator.addEventListener('pointerdown', event => {
    separator.setPointerCapture(event.pointerId);
    const move = moved => set(root.getBoundingClientRect().right - moved.clientX);
    separator.addEventListener('pointermove', move);
    separator.addEventListener('pointerup', () => {
      separator.removeEventListener('pointermove', move);
      modeler.get('canvas').resized();
    }, { once: true });
  });
}

/** The closed sheet says what it is about. */
function named(label, modeler) {
  const general = label.textContent;
  modeler.on('selection.changed', ({ newSelection }) => {
    const [one] = newSelection;
    label.textContent = (newSelection.length === 1 && one.businessObject && (one.businessObject.name || one.id)) || general;
  });
}
