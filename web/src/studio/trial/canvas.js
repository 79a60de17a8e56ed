import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { draw, fit, tokens } from '../../diagram.js';
import { Tabs } from './parts.js';
import { say } from './words.js';

const MARKS = ['completed', 'taken', 'active', 'incident', 'chosen'];

/** The diagrams of the run as tabs: where its tokens are, which way they came, where it has stopped. */
export function Canvas({ trial, view, chosen, choose }) {
  const [shown, show] = useShown(view);
  const holder = useRef(null);
  const viewers = useRef({});
  const diagram = view.diagrams.find(({ process }) => process === shown) || view.diagrams[0];

  useEffect(() => {
    let left = false;
    paint(holder.current, viewers.current, { trial, diagram, choose, tasks: view.tasks }).then(viewer => {
      if (!left && chosen && chosen.process === diagram.process) mark(viewer, chosen.element);
    });
    return () => { left = true; };
  }, [view, diagram.process, chosen]);
  useEffect(() => () => Object.values(viewers.current).forEach(({ viewer }) => viewer.destroy()), []);
  useEffect(() => { if (chosen) show(chosen.process); }, [chosen]);

  const zoom = by => {
    const found = viewers.current[diagram.process];
    if (!found) return;
    const canvas = found.viewer.get('canvas');
    found.whole = !by;
    if (by) canvas.zoom(canvas.zoom() * by);
    else canvas.zoom('fit-viewport', 'auto');
  };
  const tabs = opened(view).map(({ process, name, live, incidents }) => [process, name || process, total(live), total(incidents) > 0]);
  return h(
    'section',
    { class: 'trial-canvas', 'aria-label': say('Diagram') },
    tabs.length > 1 && h(Tabs, { name: 'diagram', tabs, current: diagram.process, choose: show, label: say('Processes of the run') }),
    h('div', { class: 'trial-drawing', id: 'diagram-panel', role: tabs.length > 1 ? 'tabpanel' : undefined, 'aria-labelledby': tabs.length > 1 ? `diagram-${diagram.process}` : undefined },
      h('div', { class: 'trial-zoom' },
        [['+', say('Larger'), 1.25], ['−', say('Smaller'), 0.8], ['⤢', say('All of it'), 0]].map(([sign, label, by]) =>
          h('button', { type: 'button', 'aria-label': label, title: label, onClick: () => zoom(by) }, sign))),
      h('div', { ref: holder, class: 'trial-holders', role: 'group', 'aria-label': say('The process with its tokens. Everything on it can be done from the lists beside it.') })
    ),
    h('p', { class: 'trial-legend' },
      h('span', null, h('i', { class: 'dot active' }), say('waits here')),
      h('span', null, h('i', { class: 'dot done' }), say('the way taken')),
      h('span', null, h('i', { class: 'dot incident' }), say('has stopped')),
      h('span', { class: 'hint' }, say('Click an element to see what can be done there.')))
  );
}

const total = counts => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** The process itself, and what it has called. */
const opened = view =>
  view.diagrams.filter((diagram, place) => place === 0 || diagram.process === view.process || diagram.passed.length || total(diagram.live));

/**
 * Which diagram is shown: the one that a token has just come into, until it has left it. A run that has just begun stays
 * at the process itself where somebody has something to do there.
 */
function useShown(view) {
  const [shown, show] = useState(view.process);
  const before = useRef(view);
  useEffect(() => {
    const old = before.current;
    before.current = view;
    const count = (some, process) => total((some.diagrams.find(diagram => diagram.process === process) || { live: {} }).live);
    const own = ({ process }) => process === view.process;
    const entered = view.diagrams.find(({ process }) => process !== view.process && count(view, process) > count(old, process));
    if (old === view || old.key !== view.key) return show(view.process);
    if (entered && view.number > old.number) show(!count(old, view.process) && view.tasks.some(own) ? view.process : entered.process);
    else if (shown !== view.process && !count(view, shown) && count(old, shown)) show(view.process);
  }, [view]);
  return [shown, show];
}

/** Draw the diagram where it is not drawn yet, and put the marks of this View on it. */
async function paint(holder, viewers, { trial, diagram, choose, tasks }) {
  const { process } = diagram;
  const model = trial.models[process];
  Object.values(viewers).forEach(({ box }) => { box.hidden = true; });
  const known = viewers[process];
  if (known && known.model !== model) {
    known.viewer.destroy();
    known.box.remove();
    delete viewers[process];
  }
  if (!viewers[process]) viewers[process] = await begun(holder, model, element => choose({ process, element }));
  const { viewer, box } = viewers[process];
  box.hidden = false;
  clear(viewer);
  tokens(viewer, { active: diagram.live, completed: diagram.passed, taken: diagram.passed, incidents: diagram.incidents });
  follow(viewers[process], diagram, { elements: model.elements, tasks });
  return viewer;
}

async function begun(holder, model, choose) {
  const box = document.createElement('div');
  box.className = 'trial-holder';
  box.innerHTML = '<div class="canvas"></div>';
  holder.append(box);
  const viewer = await draw(box, model.xml);
  viewer.on('element.click', ({ element }) => choose(element.parent ? (element.labelTarget || element).id : null));
  return { viewer, box, model, live: null, whole: false };
}

function clear(viewer) {
  viewer.get('overlays').remove({ type: 'tokens' });
  const canvas = viewer.get('canvas');
  viewer.get('elementRegistry').forEach(({ id }) => MARKS.forEach(name => canvas.removeMarker(id, `jj-${name}`)));
}

const mark = (viewer, id) => viewer.get('elementRegistry').get(id) && viewer.get('canvas').addMarker(id, 'jj-chosen');

const READABLE = 0.6;

/** Bring into view where a token has just come to, large enough to be read, unless someone has asked for the whole. */
function follow(drawn, diagram, { elements, tasks }) {
  const { viewer, live: before, whole } = drawn;
  const here = { ...diagram.live, ...Object.fromEntries(Object.keys(diagram.incidents).map(id => [`!${id}`, 1])) };
  drawn.live = here;
  const registry = viewer.get('elementRegistry');
  const canvas = viewer.get('canvas');
  const fresh = Object.keys(here).filter(id => !(before && before[id])).map(id => id.replace('!', '')).filter(id => registry.get(id));
  if (!before) fit(viewer, fresh.length ? fresh : Object.keys(elements).filter(id => elements[id].tag === 'startEvent'));
  if (!fresh.length || whole) return;
  if (canvas.zoom() < READABLE) canvas.zoom(READABLE);
  if (fresh.some(id => isSeen(registry.get(id), canvas.viewbox()))) return;
  const wanted = [...Object.keys(diagram.incidents), ...tasks.map(({ element }) => element)].find(id => fresh.includes(id)) || fresh[0];
  center(canvas, registry.get(wanted));
}

const EDGE = 70; // of the canvas, where its buttons are; in the units of the diagram

const isSeen = ({ x, y, width, height }, box) =>
  x > box.x + EDGE && y > box.y + EDGE && x + width < box.x + box.width - EDGE && y + height < box.y + box.height - EDGE;

function center(canvas, { x, y, width, height }) {
  const box = canvas.viewbox();
  canvas.viewbox({ x: x + width / 2 - box.width / 2, y: y + height / 2 - box.height / 2, width: box.width, height: box.height });
}
