import { bring } from './post.js';
import { say } from './say.js';

/** Videos and packages: chosen from what is there, or uploaded, with how far that is. */
export function material(root) {
  root.addEventListener('change', event => {
    const place = event.target.closest('[data-material]');
    if (!place) return;
    if (event.target.matches('[data-bring]')) upload(place, event.target);
    else show(place);
  });
  root.querySelectorAll('[data-course-form] [data-material]').forEach(show);
}

async function upload(place, input) {
  const [file] = input.files;
  if (!file) return;
  const state = place.querySelector('.progress');
  const [bar, said] = [state.querySelector('progress'), state.querySelector('span')];
  state.hidden = false;
  state.className = 'progress';
  bar.hidden = false;
  input.disabled = true;
  const { status, body } = await bring(file, share => {
    bar.value = 100 * share;
    said.textContent = share < 1 ? `${Math.floor(100 * share)} %` : say('Being looked through …');
  });
  input.disabled = false;
  input.value = '';
  bar.hidden = true;
  const fits = status === 200 && body.kind === place.dataset.material;
  state.classList.add(fits ? 'ok' : 'bad');
  said.textContent = fits ? body.label : body.detail || (status === 200 ? body.label : say('The connection broke off. Try again.'));
  if (!fits) return;
  const select = place.querySelector('select');
  if (![...select.options].some(option => option.value === body.hash)) select.add(new Option(body.label, body.hash));
  select.value = body.hash;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

function show(place) {
  const video = place.querySelector('video');
  if (!video) return;
  const hash = place.querySelector('select').value;
  const known = /^[0-9a-f]{64}$/.test(hash);
  video.hidden = !known;
  if (known && !video.src.endsWith(hash)) video.src = `/learn/media/${hash}`;
  if (!known) video.removeAttribute('src');
}
