import { bring } from './post.js';
import { say } from './say.js';

const PAUSE = 400; // milliseconds without a key before the preview follows

/** Texts in Markdown: a preview beside them, and pictures at the cursor. */
export function markdown(root) {
  root.addEventListener('click', event => {
    const button = event.target.closest('[data-preview]');
    if (button) toggle(button);
  });
  root.addEventListener('input', event => {
    const place = event.target.closest('[data-markdown]');
    if (place && event.target.matches('textarea')) later(place);
  });
  root.addEventListener('change', event => event.target.matches('[data-picture]') && picture(event.target));
}

function toggle(button) {
  const place = button.closest('[data-markdown]');
  const shown = place.querySelector('[data-shown]');
  shown.hidden = !shown.hidden;
  place.classList.toggle('two', !shown.hidden);
  button.setAttribute('aria-pressed', String(!shown.hidden));
  draw(place);
}

const timers = new WeakMap();

function later(place) {
  clearTimeout(timers.get(place));
  timers.set(place, setTimeout(() => draw(place), PAUSE));
}

async function draw(place) {
  const shown = place.querySelector('[data-shown]');
  if (shown.hidden) return;
  const body = new URLSearchParams({ body: place.querySelector('textarea').value });
  try {
    const response = await fetch('/training/text', { method: 'POST', credentials: 'same-origin', headers: { 'X-CSRF-Token': document.body.dataset.csrf }, body });
    if (response.ok) shown.innerHTML = await response.text();
  } catch {
    shown.textContent = say('The connection broke off. Try again.');
  }
}

async function picture(input) {
  const place = input.closest('[data-markdown]');
  const area = place.querySelector('textarea');
  const said = place.querySelector('.progress');
  const [file] = input.files;
  if (!file) return;
  said.hidden = false;
  said.className = 'progress';
  const { status, body } = await bring(file, share => { said.textContent = `${Math.floor(100 * share)} %`; });
  input.value = '';
  if (status !== 200 || body.kind !== 'picture') {
    said.classList.add('bad');
    said.textContent = body.detail || say('The connection broke off. Try again.');
    return;
  }
  said.hidden = true;
  const words = say('What this picture shows');
  area.setRangeText(`![${words}](media:${body.hash})`, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
  area.focus();
}
