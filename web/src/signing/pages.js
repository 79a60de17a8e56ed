import { say } from './say.js';

const STEP = 200; // pixels; pictures of few widths are made once and kept
const MOST = 2400;
const NEAR = '1200px 0px';

/** The pages as pictures, each fetched when it comes near, in as many pixels as the screen shows. */
export function pictures(root, given) {
  const frames = [...root.querySelectorAll('[data-page]')];
  const near = new IntersectionObserver(seen => {
    seen.filter(entry => entry.isIntersecting).forEach(entry => bring(entry.target, given));
  }, { rootMargin: NEAR });
  frames.forEach(frame => near.observe(frame));
  root.querySelector('[data-zoom]').addEventListener('click', event => {
    const large = root.querySelector('.pages').classList.toggle('large');
    event.currentTarget.setAttribute('aria-pressed', String(large));
    frames.filter(frame => frame.dataset.width).forEach(frame => bring(frame, given));
  });
  return frames;
}

/** Fetch the picture of one page, and a larger one once there is more room. */
function bring(frame, given) {
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  const width = Math.min(Math.ceil((frame.offsetWidth * ratio) / STEP) * STEP, MOST);
  if (width <= Number(frame.dataset.width || 0)) return;
  const image = frame.querySelector('img');
  frame.dataset.width = String(width);
  frame.classList.remove('failed');
  image.onload = () => frame.classList.add('there');
  image.onerror = () => failed(frame, given);
  image.src = `${given.url}/page/${frame.dataset.page}.png?width=${width}`;
}

function failed(frame, given) {
  const again = frame.querySelector('button');
  delete frame.dataset.width;
  frame.classList.add('failed');
  again.textContent = say('Page {page} could not be loaded. Tap to try again.', { page: frame.dataset.page });
  again.onclick = () => bring(frame, given);
}
