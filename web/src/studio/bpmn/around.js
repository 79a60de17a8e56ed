// What an editor has around its drawing once that can be seen: templates, suggestions of variables, problems.
import { toast } from '../../behave.js';
import { openPanel } from '../problems/panel.js';
import { say } from './say.js';

const REST_MS = 1500;

/** Bring to the modeller what the server knows. */
export function surround({ drawing, modeler, draft, linted }) {
  const { templatesUrl, variablesUrl, name } = draft.told;
  offerTemplates(modeler, templatesUrl);
  suggestVariables(drawing, modeler, variablesUrl, name);
  openPanel({ draft, lint: linted, select: (id, { property } = {}) => lead(drawing, modeler, id, property) });
  follow(drawing);
}

/** Mark an element, and go to the field of its properties that is meant: the panel draws it a moment later. */
function lead(drawing, modeler, id, property) {
  drawing.select(id);
  const show = () => modeler.get('eventBus').fire('propertiesPanel.showEntry', { id: property, focus: true });
  if (property) requestAnimationFrame(() => requestAnimationFrame(show));
}

/** Element templates: handlers, and the processes and decisions that can be called. */
async function offerTemplates(modeler, url) {
  modeler.on('elementTemplates.errors', ({ errors }) => errors.forEach(error => console.warn(error.message)));
  const templates = await asked(url);
  if (templates) modeler.get('elementTemplatesLoader').setTemplates(templates);
  else toast(say('The templates could not be loaded. Reload the page.'), 'bad');
}

/** What FEEL may name at each element, asked anew when the drawing rests. */
function suggestVariables(drawing, modeler, url, name) {
  let timer = 0;
  const ask = async () => {
    const told = await asked(url, { name, content: await drawing.text() });
    if (told) modeler.get('variableResolver').tell(told.elements);
  };
  modeler.on('commandStack.changed', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, REST_MS);
  });
  ask();
}

/** `#element=<id>` marks that element. */
function follow(drawing) {
  const look = () => {
    const id = new URLSearchParams(window.location.hash.slice(1)).get('element');
    if (id) drawing.select(id);
  };
  window.addEventListener('hashchange', look);
  look();
}

/** The JSON that the server answers; null where it has none. */
async function asked(url, body) {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF-Token': document.body.dataset.csrf };
  const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const response = await fetch(url, { credentials: 'same-origin', headers, ...sent }).catch(() => null);
  return response && response.ok ? response.json() : null;
}
