import { draw, read, zoomButtons } from '../diagram.js';
import './compare.css';

const SIGNS = { added: '+', removed: '−', changed: '≠', moved: '↔' };

/** Two diagrams in step at `data-compare`, what has changed in its colour and with its sign. */
export async function open(element) {
  const told = await read(element.dataset.compare);
  const sides = {};
  for (const side of ['before', 'after']) {
    const holder = element.querySelector(`[data-side=${side}]`);
    const viewer = await draw(holder, told[side].xml);
    Object.entries(told[side].marks).forEach(([id, kind]) => mark(viewer, id, kind));
    sides[side] = viewer;
  }
  const { before, after } = sides;
  const shared = {};
  inStep(before, after, shared);
  inStep(after, before, shared);
  switching(element, sides, shared);
  const both = () => around(before, after);
  both();
  zoomButtons(element, [after], both);
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-show]');
    if (button) lead(element, sides, button.dataset.show);
  });
}

function mark(viewer, id, kind) {
  const shape = viewer.get('elementRegistry').get(id);
  if (!shape || shape.type === 'bpmn:Process') return;
  viewer.get('canvas').addMarker(id, `jj-${kind}`);
  if (shape.waypoints) return;
  const html = document.createElement('div');
  html.className = `jj-badge ${kind}`;
  html.textContent = SIGNS[kind];
  viewer.get('overlays').add(id, 'change', { position: { top: -12, right: 12 }, html });
}

const isSeen = viewer => viewer.get('canvas').getContainer().clientWidth > 0;

/** What is seen of one is seen of the other; the echo of a change is not followed. One that is hidden has no size. */
function inStep(leader, follower, shared) {
  const canvas = leader.get('canvas');
  leader.on('canvas.viewbox.changed', () => {
    if (!isSeen(leader)) return;
    const { x, y, width, height } = canvas.viewbox();
    shared.box = { x, y, width, height };
    if (!isSeen(follower)) return;
    const other = follower.get('canvas').viewbox();
    if (Math.abs(other.x - x) < 1 && Math.abs(other.y - y) < 1 && Math.abs(other.width - width) < 1) return;
    follower.get('canvas').viewbox({ x, y, width, height });
  });
}

/** All of both: the one that is larger decides, of those that can be seen. */
function around(before, after) {
  const width = viewer => viewer.get('canvas').viewbox().inner.width;
  const seen = [after, before].filter(isSeen);
  const larger = seen.sort((one, other) => width(other) - width(one))[0] || after;
  larger.get('canvas').zoom('fit-viewport', 'auto');
}

/** On a phone one of them is shown at a time. */
function switching(element, sides, shared) {
  const turn = side => {
    const canvas = sides[side].get('canvas');
    element.dataset.shown = side;
    canvas.resized();
    if (shared.box) canvas.viewbox(shared.box);
  };
  element.addEventListener('change', event => event.target.name === 'side' && turn(event.target.value));
  turn('after');
}

/** From a line of the list to its element: in the later version, else in the earlier. */
function lead(element, sides, id) {
  const side = sides.after.get('elementRegistry').get(id) ? 'after' : 'before';
  const viewer = sides[side];
  const shape = viewer.get('elementRegistry').get(id);
  if (!shape || shape.type === 'bpmn:Process') return;
  const choice = element.querySelector(`[name=side][value=${side}]`);
  choice.checked = true;
  choice.dispatchEvent(new Event('change', { bubbles: true }));
  element.scrollIntoView({ block: 'nearest' });
  viewer.get('canvas').zoom(0.9);
  viewer.get('canvas').scrollToElement(shape, 120);
  viewer.get('canvas').addMarker(id, 'jj-shown');
  setTimeout(() => viewer.get('canvas').removeMarker(id, 'jj-shown'), 2500);
}
