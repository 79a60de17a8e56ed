import { Form } from '@bpmn-io/form-js-viewer';
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/esm/l10n/zh.js';
import { toast } from '../behave.js';
import { draftOf } from './draft.js';
import { send } from './send.js';
import { translateModule } from './translate.js';
import { widgetsModule } from './widgets.js';
import words from './words.js';
import './form.css';

const chinese = document.documentElement.lang.startsWith('zh');
if (chinese) flatpickr.localize(Mandarin);

/** Draw the form that `element` names: a JSON block with `schema`, `data`, `draft` and the address it is sent to. */
export async function open(element) {
  const given = JSON.parse(document.getElementById(element.dataset.form).textContent);
  const draft = draftOf(given.draft);
  const kept = draft.read();
  element.textContent = '';
  const form = new Form({
    container: element,
    debounce: 100,
    additionalModules: [widgetsModule, translateModule(chinese ? words : {})]
  });
  await form.importSchema(given.schema, kept ? { ...given.data, ...kept } : given.data);
  form.on('changed', ({ data }) => draft.write(data));
  if (kept) offerDiscard(form, given, draft);
  const submit = () => submitOnce(form, given, draft);
  buttons().forEach(button => button.addEventListener('click', submit));
  form.on('submit', submit);
  return form;
}

const buttons = () => [...document.querySelectorAll('[data-submit]')];

function offerDiscard(form, given, draft) {
  const note = document.getElementById('draft-note');
  note.hidden = false;
  note.querySelector('button').addEventListener('click', async () => {
    await form.importSchema(given.schema, given.data);
    draft.drop();
    note.hidden = true;
  });
}

let sending = false;

async function submitOnce(form, given, draft) {
  if (sending) return;
  sending = true;
  // A field tells its last letters when it loses the focus.
  if (document.activeElement) document.activeElement.blur();
  busy(true);
  await submit(form, given, draft);
  busy(false);
  sending = false;
}

async function submit(form, given, draft) {
  const { data, errors, files } = validated(form);
  if (Object.keys(errors).length) return showErrors(form, errors);
  const { status, body } = await send(given.action, data, files);
  if (status === 200) {
    draft.drop();
    toast(body.sentence, 'ok', true);
    window.location.assign(body.location);
    return new Promise(() => {}); // the page is leaving: the button stays busy
  }
  if (status === 422 && body.errors) return showErrors(form, body.errors, body.detail);
  return say(body.detail || document.body.dataset.offline);
}

/** Like `form.submit()`, without its event, which is what brought us here when the form has a button of its own. */
function validated(form) {
  form._emit('presubmit');
  const errors = form.validate();
  return { data: form._getSubmitData(), errors, files: form.get('fileRegistry').getAllFiles() };
}

/** Put each sentence under the component it is about, in its row where it is repeated, and go to the first. */
function showErrors(form, errors, detail) {
  form._setState({ errors });
  say(detail || document.body.dataset.invalid);
  requestAnimationFrame(() => {
    const first = form._container.querySelector('.fjs-has-errors');
    if (!first) return;
    first.scrollIntoView({ block: 'center' });
    // A date field opens its calendar as soon as it has the focus, over the sentence that it should show.
    const field = first.querySelector('input:not(.flatpickr-input), textarea, select, canvas, [tabindex]');
    if (field) field.focus({ preventScroll: true });
  });
}

function say(sentence) {
  const place = document.getElementById('form-errors');
  place.hidden = !sentence;
  place.querySelector('p').textContent = sentence;
}

function busy(on) {
  buttons().forEach(button => {
    button.disabled = on;
    button.setAttribute('aria-busy', String(on));
  });
  if (on) say('');
}
