// Small habits of the pages that need a line or two of script.
import { sessionOver } from './notice.js';

const NARROW = '(max-width: 760px)';
const TOAST = 'toast';

export function behave(htmx) {
  narrowPages();
  composing();
  refusals(htmx);
  themes();
  leaving();
  document.addEventListener('DOMContentLoaded', showKept);
  document.addEventListener('DOMContentLoaded', unfold);
  document.addEventListener('DOMContentLoaded', bringTabs);
  document.addEventListener('htmx:after:swap', bringTabs);
  document.addEventListener('htmx:after:swap', markCurrent);
  document.addEventListener('htmx:after:swap', event => {
    const { sourceElement } = event.detail.ctx;
    if (sourceElement.matches('form[data-clears]')) sourceElement.reset();
  });
}

/** Say something at the edge of the page, now or, with `keep`, on the page that comes next. */
export function toast(sentence, kind = 'ok', keep = false) {
  if (keep) {
    sessionStorage.setItem(TOAST, JSON.stringify([sentence, kind]));
    return;
  }
  const place = document.getElementById('toasts');
  const line = document.createElement('p');
  line.className = `toast ${kind}`;
  line.textContent = sentence;
  place.append(line);
  setTimeout(() => line.remove(), 6000);
}

function showKept() {
  const kept = sessionStorage.getItem(TOAST);
  if (!kept) return;
  sessionStorage.removeItem(TOAST);
  toast(...JSON.parse(kept));
}

/** A link to a fold opens it. */
function unfold() {
  const fold = window.location.hash && document.getElementById(window.location.hash.slice(1));
  if (fold && fold.tagName === 'DETAILS') fold.open = true;
}

/** Where tabs are wider than the page, the one that is open is seen. */
function bringTabs() {
  document.querySelectorAll('.tabs [aria-current]').forEach(tab => {
    const strip = tab.parentElement;
    const beyond = tab.getBoundingClientRect().right - strip.getBoundingClientRect().right;
    if (beyond > 0) strip.scrollLeft += beyond + 24;
  });
}

/** Side by side there is room to swap the right column; on a phone a task is a page of its own. */
function narrowPages() {
  document.addEventListener('htmx:config:request', event => {
    const link = event.detail.ctx.sourceElement;
    if (!link.matches('a.row') || !window.matchMedia(NARROW).matches) return;
    event.preventDefault();
    window.location.assign(link.href);
  });
}

/** The row whose task is shown, and the page's address and title, follow a swap. */
function markCurrent() {
  document.querySelectorAll('#rows a.row').forEach(link => {
    link.setAttribute('aria-current', String(link.pathname === window.location.pathname));
  });
}

/** An input method writes letters before it writes characters: a search waits for the characters. */
function composing() {
  document.addEventListener('input', event => event.isComposing && event.stopPropagation(), true);
  document.addEventListener('compositionend', event => {
    event.target.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

/** A refusal of a small action arrives as a sentence and is shown as one; the page stays as it was. */
function refusals(htmx) {
  document.addEventListener('htmx:before:response', event => {
    const { response, sourceElement } = event.detail.ctx;
    const sentence = response.headers.get('X-Refusal');
    const said = response.headers.get('X-Said');
    if (said) toast(decodeURIComponent(said), 'ok', true);
    const over = response.status === 401 && !sourceElement.matches('[data-leave]');
    if (!sentence && !over) return;
    event.preventDefault();
    if (over) sessionOver();
    else toast(decodeURIComponent(sentence), 'bad');
  });
  document.addEventListener('htmx:error', () => toast(document.body.dataset.offline, 'bad'));
  document.addEventListener('click', event => {
    const notice = event.target.closest('.toast');
    if (notice) htmx.remove(notice);
  });
}

/** The theme is a cookie, so that the server draws the page in it from the first byte. */
function themes() {
  document.addEventListener('change', event => {
    if (!event.target.matches('[name=theme]')) return;
    const { value } = event.target;
    document.cookie = `theme=${value};path=/;max-age=31536000;samesite=lax`;
    document.documentElement.dataset.theme = value;
  });
}

/** Drafts are personal: they go with the session. */
function leaving() {
  document.addEventListener('submit', event => event.target.matches('[data-leave]') && sessionStorage.clear());
}
