import { draw, fit, read, tokens, zoomButtons } from '../diagram.js';
import './heat.css';

const SPREAD = [0, 14, 20, 26, 32, 38]; // how far the glow of a shade reaches beyond its element

/** The diagram of a version at `data-heat`: where instances stand now, or how long steps took. */
export async function open(element) {
  const told = await read(element.dataset.heat);
  const viewer = await draw(element, told.xml);
  tokens(viewer, told);
  fit(viewer, Object.keys(told.active));
  zoomButtons(element, [viewer]);
  const card = element.closest('.card');
  card.addEventListener('change', event => {
    if (event.target.name === 'heat') show(card, viewer, told, event.target.value);
  });
}

function show(card, viewer, told, kind) {
  const layer = viewer.get('canvas').getLayer('jj-heat', -1);
  const overlays = viewer.get('overlays');
  layer.replaceChildren();
  overlays.remove({ type: 'heat' });
  card.querySelector('.diagram').classList.toggle('heated', Boolean(kind));
  Object.entries(told.heat[kind] || {}).forEach(([id, spot]) => warm(viewer, layer, id, spot));
  card.querySelectorAll('[data-legend]').forEach(legend => { legend.hidden = legend.dataset.legend !== kind; });
}

/** A glow below the element, and its time beside it: the colour is never the only sign. */
function warm(viewer, layer, id, { shade, badge, title }) {
  const shape = viewer.get('elementRegistry').get(id);
  if (!shape || shape.waypoints || (shape.children || []).some(child => !child.labelTarget)) return;
  const glow = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  const by = SPREAD[shade];
  const place = { x: shape.x - by, y: shape.y - by, width: shape.width + 2 * by, height: shape.height + 2 * by, rx: by + 12 };
  Object.entries(place).forEach(([name, value]) => glow.setAttribute(name, value));
  glow.setAttribute('class', `jj-glow s${shade}`);
  layer.append(glow);
  const html = document.createElement('div');
  html.className = `jj-badge heat s${shade}`;
  html.textContent = badge;
  html.title = title;
  viewer.get('overlays').add(id, 'heat', { position: { top: -12, right: 24 }, html });
}
