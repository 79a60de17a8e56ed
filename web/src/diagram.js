import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import './diagram.css';

/** Draw the process at `data-diagram`, JSON of `{xml, active, completed, taken, incidents}`, with its tokens. */
export async function open(element) {
  const response = await fetch(element.dataset.diagram, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`The diagram could not be read: ${response.status}`);
  const { xml, active, completed, taken, incidents } = await response.json();
  const canvasHolder = element.querySelector('.canvas');
  canvasHolder.replaceChildren();
  const viewer = new NavigatedViewer({ container: canvasHolder, bpmnRenderer: inks(canvasHolder), moddleExtensions: { zeebe } });
  await viewer.importXML(xml);
  const drawn = marker(viewer);
  completed.forEach(id => drawn.mark(id, 'completed'));
  taken.forEach(id => drawn.mark(id, 'taken'));
  Object.keys(active).forEach(id => drawn.badge(id, 'active', active[id], { bottom: 12, left: -12 }));
  Object.keys(incidents).forEach(id => drawn.badge(id, 'incident', incidents[id], { top: -12, right: 12 }));
  fit(viewer, Object.keys(active).filter(id => overlaid(viewer, id)));
  zoomButtons(element, viewer);
  return viewer;
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
function fit(viewer, active) {
  const canvas = viewer.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  const element = viewer.get('elementRegistry').get(active[0]);
  if (canvas.zoom() >= READABLE || !element) return;
  canvas.zoom(READABLE);
  canvas.scrollToElement(element, 60);
}

function zoomButtons(element, viewer) {
  const canvas = viewer.get('canvas');
  const steps = { in: () => canvas.zoom(canvas.zoom() * 1.25), out: () => canvas.zoom(canvas.zoom() / 1.25) };
  steps.fit = () => canvas.zoom('fit-viewport', 'auto');
  element.querySelectorAll('[data-zoom]').forEach(button => {
    button.addEventListener('click', () => steps[button.dataset.zoom]());
  });
}
