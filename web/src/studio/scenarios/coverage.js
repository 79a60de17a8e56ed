import { draw, read, zoomButtons } from '../../diagram.js';

const WORDS_MOST = 60; // flows that none came to; beyond, words would hide the drawing, and the list tells them

/** Paint at `data-coverage`, JSON of `{xml, visits, missed, never}`, what scenarios came to and what none did. */
export async function open(element) {
  const told = await read(element.dataset.coverage);
  const viewer = await draw(element, told.xml);
  const worded = told.missed.length <= WORDS_MOST;
  Object.entries(told.visits).forEach(([id, times]) => mark(viewer, id, 'visited', times));
  told.missed.forEach(id => mark(viewer, id, 'missed', told.never, worded));
  viewer.get('canvas').zoom('fit-viewport', 'auto');
  zoomButtons(element, [viewer]);
}

function mark(viewer, id, kind, word, worded) {
  const shape = viewer.get('elementRegistry').get(id);
  if (!shape) return;
  const open = (shape.children || []).some(child => !child.labelTarget); // a sub-process shows what is inside
  viewer.get('canvas').addMarker(id, open ? `jj-${kind}-around` : `jj-${kind}`);
  const html = document.createElement('div');
  html.className = `jj-badge jj-${kind}`;
  html.textContent = word;
  if (!shape.waypoints) viewer.get('overlays').add(id, 'coverage', { position: { top: -12, right: 12 }, html });
  else if (kind === 'missed' && worded) viewer.get('overlays').add(id, 'coverage', { position: middle(shape), html });
}

/** Where the word stands at a flow: halfway along its longest stretch. */
function middle({ waypoints }) {
  const stretches = waypoints.slice(1).map((end, place) => [waypoints[place], end]);
  const length = ([from, to]) => Math.hypot(to.x - from.x, to.y - from.y);
  const [from, to] = stretches.reduce((longest, one) => (length(one) > length(longest) ? one : longest));
  const left = Math.min(...waypoints.map(point => point.x));
  const top = Math.min(...waypoints.map(point => point.y));
  return { left: (from.x + to.x) / 2 - left - 16, top: (from.y + to.y) / 2 - top - 9 };
}
