import { Form } from '@bpmn-io/form-js-viewer';
import { checksModule } from './checks.js';
import { draftOf } from './draft.js';
import { submitter } from './sending.js';
import { translateModule } from './translate.js';
import { widgetsModule } from './widgets.js';
import words from './words.js';
import './form.css';
import './rows.css';
import './widgets.css';

const chinese = document.documentElement.lang.startsWith('zh');

/** Draw the form that `element` names: JSON of `schema`, `data`, `draft`, `uploads` and the address it is sent to. */
export async function open(element) {
  const given = JSON.parse(document.getElementById(element.dataset.form).textContent);
  const draft = draftOf(given.draft);
  const kept = draft.read();
  element.textContent = '';
  const form = await draw(element, kept ? { ...given, data: { ...given.data, ...kept } } : given);
  form.on('changed', ({ data }) => draft.write(data));
  if (kept) offerDiscard(form, given, draft);
  const submit = submitter(form, given, draft);
  document.querySelectorAll('[data-submit]').forEach(button => button.addEventListener('click', submit));
  form.on('submit', submit);
  return form;
}

/** A form with our widgets, checks and words, in `container`. `modules` are more of form-js' modules. */
export async function draw(container, { schema, data, uploads }, modules = []) {
  const form = new Form({
    container,
    debounce: 100,
    additionalModules: [widgetsModule, checksModule(uploads), translateModule(chinese ? words : {}), ...modules]
  });
  await form.importSchema(schema, data);
  return form;
}

function offerDiscard(form, given, draft) {
  const note = document.getElementById('draft-note');
  note.hidden = false;
  note.querySelector('button').addEventListener('click', async () => {
    await form.importSchema(given.schema, given.data);
    draft.drop();
    note.hidden = true;
  });
}
