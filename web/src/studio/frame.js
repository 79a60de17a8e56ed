// The bar above an editor: what is saved, what stands in the way, and that nobody leaves without what they wrote.
import { toast } from '../behave.js';
import { sessionOver } from '../notice.js';
import { say } from './words.js';

const SENTENCES = {
  saved: () => say('Saved'),
  unsaved: () => say('Not saved yet'),
  saving: () => say('Saving…'),
  offline: () => say('No connection: kept in this browser, tried again'),
  expired: () => say('Signed out: kept in this browser'),
  refused: ({ reason }) => say('Not saved: {reason}', { reason }),
  conflict: ({ current }) =>
    current ? say('Not saved: changed by {who} meanwhile', { who: current.changedBy }) : say('Not saved: the file was renamed or removed'),
  behind: ({ current }) => say('Changed by {who} meanwhile', { who: current.changedBy })
};

/** Show the state of the draft, and guard the ways out of the page. */
export function frame(draft) {
  const line = document.querySelector('[data-draft-state]');
  draft.addEventListener('state', () => show(draft, line));
  draft.addEventListener('expired', () => sessionOver(say('The session is over. What you changed is kept in this browser: sign in again.')));
  draft.addEventListener('conflict', () => decide(draft));
  line.addEventListener('click', event => event.target.closest('button') && act(draft));
  commenting(draft);
  leaving(draft);
  returning(draft);
  tabs();
}

function show(draft, line) {
  const sentence = SENTENCES[draft.state](draft.detail);
  const button = line.querySelector('button');
  line.dataset.draftState = draft.state;
  line.querySelector('span').textContent = sentence;
  line.title = sentence;
  button.hidden = !['conflict', 'behind'].includes(draft.state);
  button.textContent = draft.state === 'behind' ? say('Reload the page') : say('Decide…');
}

function act(draft) {
  if (draft.state === 'behind') window.location.reload();
  else decide(draft);
}

async function decide(draft) {
  const { askConflict } = await import('./dialogs.js');
  askConflict(draft);
}

function commenting(draft) {
  const button = document.querySelector('[data-draft-comment]');
  if (!button) return;
  button.addEventListener('click', async () => {
    const { askComment } = await import('./dialogs.js');
    askComment(draft);
  });
}

const clean = draft => ['saved', 'behind'].includes(draft.state);

/** A link waits until all is saved; closing the page asks. */
function leaving(draft) {
  document.addEventListener('click', async event => {
    const link = event.target.closest('a[href]');
    const elsewhere = !link || link.target || link.origin !== window.location.origin || link.hasAttribute('download');
    if (elsewhere || clean(draft) || draft.state === 'expired' || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (await draft.flush()) window.location.assign(link.href);
    else toast(say('Save what you changed first: {state}.', { state: SENTENCES[draft.state](draft.detail) }), 'bad');
  });
  window.addEventListener('beforeunload', event => {
    if (clean(draft) || draft.state === 'expired') return;
    event.preventDefault();
    event.returnValue = '';
  });
  document.addEventListener('keydown', event => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's' || event.shiftKey || event.altKey) return;
    event.preventDefault();
    draft.flush();
  });
}

/** Back at this page, or back online: look whether the file is still the one that is edited. */
function returning(draft) {
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && draft.look());
  window.addEventListener('focus', () => draft.look());
  window.addEventListener('online', () => draft.flush());
}

/** The tab of this file is in view among many. */
function tabs() {
  const here = document.querySelector('.studio-files [aria-current]');
  if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.clientWidth / 3;
}

