import { toast } from '../behave.js';
import { lookAgain, say, sessionOver } from '../notice.js';
import { misfits } from './checks.js';
import { send } from './send.js';

/** What the buttons of a form do: send it once at a time, and tell in words what became of it. */
export function submitter(form, given, draft) {
  let sending = false;
  form.on('changed', () => corrected());
  return async () => {
    if (sending) return;
    sending = true;
    // A field tells its last letters when it loses the focus.
    if (document.activeElement) document.activeElement.blur();
    busy(true);
    say('');
    try {
      if (await submit(form, given, draft)) return; // the page is leaving: the button stays busy
    } catch (error) {
      say(document.body.dataset.failed);
      throw error;
    } finally {
      sending = false;
    }
    busy(false);
  };
}

async function submit(form, given, draft) {
  const { data, errors, files } = validated(form);
  if (Object.keys(errors).length) return showErrors(form, errors);
  const { status, body } = await send(given.action, data, files);
  if (status === 200) {
    draft.drop();
    toast(body.sentence, 'ok', true);
    window.location.assign(body.location);
    return true;
  }
  draft.keep(form._getState().data);
  if (OUTCOME_UNKNOWN.includes(status)) return look(draft);
  return refused(form, status, body, files);
}

const OUTCOME_UNKNOWN = [0, 502, 504];

/** No answer came. Look how things stand: the page has its form as long as what it asks for is not done. */
async function look(draft) {
  const { dataset } = document.body;
  const page = await fetch(lookAgain().href, { credentials: 'same-origin' }).catch(() => null);
  if (!page || !page.ok || page.redirected) return say(dataset.unknown, lookAgain());
  if ((await page.text()).includes('id="form-given"')) return say(dataset.unsent);
  draft.drop();
  toast(dataset.arrived, 'ok', true);
  window.location.assign(lookAgain().href);
  return true;
}

function refused(form, status, body, files) {
  const { dataset } = document.body;
  if (status === 422 && body.errors) return showErrors(form, { ...body.errors, ...misfits(form, body.files) }, body.detail);
  if (status === 401) return sessionOver(files.size ? `${dataset.expired} ${dataset.files}` : dataset.expired);
  if (status === 403 || status === 409) return say(body.detail || dataset.unknown, lookAgain());
  return say(body.detail || dataset.unknown, body.detail ? undefined : lookAgain());
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
    correcting = true;
    const first = form._container.querySelector('.fjs-has-errors');
    if (!first) return;
    first.scrollIntoView({ block: 'center' });
    focusQuietly(first);
  });
}

/** A list opens as soon as it has the focus, over the sentence that stands below it: there the frame takes it. */
function focusQuietly(first) {
  const list = first.querySelector('.fjs-select-hidden-input, .fjs-taglist-input, [role=combobox]');
  const field = list ? first : first.querySelector('input:not([type=hidden]), textarea, select, canvas, [tabindex]');
  if (!field) return;
  if (list) first.setAttribute('tabindex', '-1');
  field.focus({ preventScroll: true });
}

let correcting = false;

/** Once a person sets about the marked fields, the sentence over them has been heard. */
function corrected() {
  if (correcting) say('');
  correcting = false;
}

function busy(on) {
  document.querySelectorAll('[data-submit]').forEach(button => {
    button.disabled = on;
    button.setAttribute('aria-busy', String(on));
  });
}
