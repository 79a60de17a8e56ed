import { say } from '../bpmn/say.js';

const ICONS = { drd: 'M4 5h6v5H4zM14 14h6v5h-6zM7 10v6h7', decisionTable: 'M4 5h16v14H4zM4 10h16M10 5v14' };
const OTHER = 'M8 5H6v5l-2 2 2 2v5h2M16 5h2v5l2 2-2 2v5h-2';

/** The views of the model as tabs. `open` is called with the view that is wanted. */
export function tabs(place, drawing, open) {
  const draw = () => {
    const { view: active } = drawing;
    place.replaceChildren(...drawing.views.map(view => tab(view, Boolean(active) && view.id === active.id, open)));
  };
  place.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const all = [...place.children];
    const next = step && all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  drawing.dmn.on('views.changed', () => {
    const had = place.contains(document.activeElement);
    draw();
    if (had) place.querySelector('[aria-selected=true]').focus();
  });
  draw();
}

function tab(view, active, open) {
  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('role', 'tab');
  button.setAttribute('aria-selected', String(active));
  button.setAttribute('aria-controls', 'dmn-canvas');
  button.tabIndex = active ? 0 : -1;
  button.dataset.view = view.id;
  button.innerHTML = `<svg class="i small" viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[view.type] || OTHER}"/></svg>`;
  const name = document.createElement('span');
  name.textContent = view.type === 'drd' ? say('Decision graph') : view.name || view.id;
  button.append(name);
  button.addEventListener('click', () => open(view));
  return button;
}
