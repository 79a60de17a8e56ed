import { draftOf } from './draft.js';
import { draw } from './draw.js';
import { submitter } from './sending.js';
import './form.css';
import './rows.css';
import './widgets.css';

export { draw };

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

function offerDiscard(form, given, draft) {
  const note = document.getElementById('draft-note');
  note.hidden = false;
  note.querySelector('button').addEventListener('click', async () => {
    await form.importSchema(given.schema, given.data);
    draft.drop();
    note.hidden = true;
  });
}
