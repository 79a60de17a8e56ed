import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import './diagram.css';

/** Draw the process at `data-diagram`, JSON of `{xml, active, completed, taken, incidents}`, with its tokens. */
export async function open(element) {
  const told = await read(element.dataset.diagram);
  const viewer = await draw(element, told.xml);
  tokens(viewer, told);
  fit(viewer, Object.keys(told.active).filter(id => overlaid(viewer, id)));
  zoomButtons(element, [viewer]);
  return viewer;
}

/** What the server tells about a diagram. */
export async function read(url) {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`The diagram could not be read: ${response.status}`);
  return response.json();
}

/** A viewer in the element's `.canvas`, with nothing but the drawing. */
export async function draw(element, xml) {
  const canvasHolder = element.querySelector('.canvas');
  canvasHolder.replaceChildren();
  const viewer = new NavigatedViewer({ container: canvasHolder, bpmnRenderer: inks(canvasHolder), moddleExtensions: { zeebe } });
  await viewer.importXML(xml);
  return viewer;
}

/** Mark where tokens are, what is done, and what has stopped. */
export function tokens(viewer, { active, completed, taken, incidents }) {
  const drawn = marker(viewer);
  completed.forEach(id => drawn.mark(id, 'completed'));
  taken.forEach(id => drawn.mark(id, 'taken'));
  Object.keys(active).forEach(id => drawn.badge(id, 'active', active[id], { bottom: 12, left: -12 }));
  Object.keys(incidents).forEach(id => drawn.badge(id, 'incident', incidents[id], { top: -12, right: 12 }));
}

/** The theme's colours: a diagram is drawn in SVG attributes, which know no variables. */
function inks(element) {
  const style = getComputedStyle(element);
  const ink = name => style.getPropertyValue(name).trim();
  return { defaultFillColor: ink('--surface'), defaultStrokeColor: ink('--text'), defaultLabelColor: ink('--text') };
}

function marker(viewer) {
  const registry = viewer.get('elementRegistry');
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  // A sub-process that shows its inside is as far as what is in it: that carries the marks, unless it has stopped.
  const shown = (id, name) => {
    const element = registry.get(id);
    return element && (name === 'incident' || !(element.children || []).some(child => !child.labelTarget));
  };
  const mark = (id, name) => shown(id, name) && canvas.addMarker(id, `jj-${name}`);
  const badge = (id, name, count, position) => {
    if (!shown(id, name)) return;
    mark(id, name);
    const html = document.createElement('div');
    html.className = `jj-badge ${name}`;
    html.textContent = count;
    overlays.add(id, 'tokens', { position, html });
  };
  return { mark, badge };
}

const overlaid = (viewer, id) => viewer.get('overlays').get({ element: id, type: 'tokens' }).length > 0;

const READABLE = 0.55;

/** All of it where that can be read; else, on a phone, where the token is. */
export function fit(viewer, active) {
  const canvas = viewer.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  const element = viewer.get('elementRegistry').get(active[0]);
  if (canvas.zoom() >= READABLE || !element) return;
  canvas.zoom(READABLE);
  canvas.scrollToElement(element, 60);
}

/** The buttons beside a diagram; of diagrams in step the first leads, and `all` shows all of them. */
export function zoomButtons(element, viewers, all) {
  const canvas = viewers[0].get('canvas');
  const steps = { in: () => canvas.zoom(canvas.zoom() * 1.25), out: () => canvas.zoom(canvas.zoom() / 1.25) };
  steps.fit = all || (() => canvas.zoom('fit-viewport', 'auto'));
  element.querySelectorAll('[data-zoom]').forEach(button => {
    button.addEventListener('click', () => steps[button.dataset.zoom]());
  });
}
