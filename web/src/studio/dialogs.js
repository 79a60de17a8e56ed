// What an editor asks of the person: about a conflict, about what was kept, for a comment.
import { toast } from '../behave.js';
import { moment, say } from './words.js';

const el = (tag, values = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), values);
  made.append(...inside);
  return made;
};

/** A question in the dialog of the page. `answers` are `[label, value, class]`; gives the value, null where it was closed. */
function ask(title, body, answers) {
  const dialog = document.getElementById('draft-asks');
  const buttons = answers.map(([label, value, kind = '']) => el('button', { className: `btn ${kind}`, value, textContent: label }));
  const form = el(
    'form',
    { method: 'dialog', className: 'question' },
    el('h2', { id: 'draft-asks-title', textContent: title }),
    ...body,
    el('div', { className: 'answers' }, ...buttons)
  );
  dialog.returnValue = '';
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  return new Promise(resolve => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue || null), { once: true });
  });
}

/** Whether to go on with what was kept in this browser. */
export async function askKept(name, kept) {
  const sentence = say('You changed {name} at {at} in this browser, and it was not saved. Go on with it, or forget it?', { name, at: moment(kept.at) });
  const answers = [[say('Forget it'), 'forget'], [say('Go on with it'), 'take', 'primary']];
  for (;;) {
    const answer = await ask(say('There are changes that were not saved'), [el('p', { textContent: sentence })], answers);
    if (answer) return answer === 'take'; // closing the question is no answer to it
  }
}

/** Somebody came first: look at both, keep mine as a copy, or take theirs. */
export async function askConflict(draft) {
  const { current, aside, text } = draft.detail;
  const { name, compareUrl } = draft.told;
  const sentence = current
    ? say('{who} changed {name} at {at}. Nothing of theirs or yours is overwritten: what you wrote is kept in the history of the file.', { who: current.changedBy, name, at: moment(current.changedAt) })
    : say('{name} was renamed or removed meanwhile. What you wrote is kept.', { name });
  const body = [el('p', { textContent: sentence })];
  if (current && aside) {
    const href = `${compareUrl}?before=aside-${aside}&after=now`;
    const link = el('a', { className: 'link', href, target: '_blank', rel: 'noopener', textContent: say('Look at both') });
    body.push(el('p', { className: 'studio-both' }, link));
  }
  const answers = [[say('Decide later'), ''], ...(current ? [[say('Take theirs'), 'theirs', 'danger']] : []), [say('Save mine as a copy'), 'copy', 'primary']];
  const answer = await ask(say('Your changes are not saved'), body, answers);
  if (answer === 'theirs') takeTheirs(draft);
  if (answer === 'copy') await copy(draft, text);
}

function takeTheirs(draft) {
  draft.kept.drop();
  draft.become('saved');
  window.location.reload();
}

async function copy(draft, text) {
  try {
    const { name, url } = await draft.saveAsCopy(await draft.newest(text));
    draft.become('saved');
    toast(say('Saved as {name}.', { name }), 'ok', true);
    window.location.assign(url);
  } catch (error) {
    toast(say('The copy could not be saved: {reason}', { reason: error.message }), 'bad');
  }
}

/** A comment makes the present state a revision of its own. */
export async function askComment(draft) {
  const area = el('textarea', { name: 'comment', maxLength: 1000, required: true });
  const hint = el('small', { textContent: say('It stands in the history, and the state is kept for good.') });
  const field = el('label', { className: 'field' }, el('span', { textContent: say('What is new') }), area, hint);
  const asked = ask(say('Save with a comment'), [field], [[say('Leave it'), 'leave'], [say('Save'), 'save', 'primary']]);
  document.querySelector('#draft-asks .btn').formNoValidate = true;
  area.focus();
  if ((await asked) !== 'save') return;
  const done = await draft.comment(area.value.trim());
  if (done) toast(say('Saved as revision {n}.', { n: draft.revision }));
}
