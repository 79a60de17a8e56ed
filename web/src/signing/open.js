import { post } from '../post.js';
import { code } from './code.js';
import { decline } from './decline.js';
import { device } from './device.js';
import { pad } from './pad.js';
import { pictures } from './pages.js';
import { reading } from './reading.js';
import { say } from './say.js';
import { steps } from './steps.js';

const BROKEN = 'The connection broke off. Nothing is lost: look whether you are online and try again.';

/** The signing room. What is drawn and typed stays on the page until the server has taken it. */
export function open(root) {
  const given = JSON.parse(document.getElementById('signing-given').textContent);
  const frames = pictures(root, given);
  const hand = root.querySelector('.signing-pad') && pad(root.querySelector('.signing-pad'));
  const way = steps(root, id => {
    complain(root, '');
    read.turn(id === 'read');
    if (id === 'sign' && hand) hand.fit();
  });
  const end = root.querySelector('[data-end]');
  const read = reading(frames, end, given, state => progress(root, given, state), sentence => complain(root, sentence || say(BROKEN)));
  progress(root, given, given);
  const word = code(root.querySelector('.signing-code'), given, sentence => complain(root, sentence));
  decline(root, given);
  on(root, '[data-agree]', button => agree(root, given, button, way));
  on(root, '[data-understood]', button => understood(root, button, read, way));
  on(root, '[data-sign]', button => sign(root, given, button, hand, word));
  const settled = () => complain(root, ''); // whoever does what was asked for reads no more of it
  root.addEventListener('input', settled);
  if (hand) root.querySelector('.signing-pad canvas').addEventListener('pointerdown', settled);
}

function on(root, selector, does) {
  const button = root.querySelector(selector);
  button.addEventListener('click', () => !button.hasAttribute('aria-busy') && does(button));
}

/** Say at the foot of the step what could not be done, and to a screen reader at once; empty takes it away. */
function complain(root, sentence) {
  const place = root.querySelector('[data-step]:not([hidden]) .fault');
  if (!place) return;
  place.hidden = !sentence;
  place.querySelector('span').textContent = sentence;
}

async function agree(root, given, button, way) {
  const consent = root.querySelector('[name=consent]');
  if (consent && !consent.checked) {
    complain(root, say('First tick that you agree to sign electronically.'));
    consent.focus();
    return;
  }
  const { status, body } = await busily(button, () => post(given, 'opened', { consent: Boolean(consent), device: device() }));
  if (status === 200) way.show('read');
  else complain(root, body.detail || say(BROKEN));
}

/** How far the reading has come: the words, the bar of the step, and whether it goes on from here. */
function progress(root, given, { left, ended }) {
  const read = given.pages - left.length;
  root.querySelector('.read-so-far').textContent = say('{read} of {pages} pages read', { read, pages: given.pages });
  root.querySelector('.read-bar').style.width = `${Math.round((100 * read) / given.pages)}%`;
  const free = !root.querySelector('.signing-pad'); // whoever sets the seal looks; the parties read
  const skipped = ended || !left.includes(given.pages) ? left : []; // whoever is at the end has passed them
  const sentence = free ? '' : missing(skipped, ended);
  const button = root.querySelector('[data-understood]');
  const shut = !free && (!ended || left.length > 0);
  if (!shut && button.getAttribute('aria-disabled') === 'true') complain(root, '');
  button.setAttribute('aria-disabled', String(shut));
  button.dataset.skipped = skipped.length ? skipped[0] : '';
  const place = root.querySelector('.read-why');
  if (place.textContent !== sentence) place.textContent = sentence;
}

function missing(skipped, ended) {
  if (skipped.length) return say('Look at page {pages} too.', { pages: skipped.join(say(', ')) });
  return ended ? say('All pages are read.') : say('Read to the last page to go on.');
}

async function understood(root, button, read, way) {
  await busily(button, () => read.tell());
  if (button.getAttribute('aria-disabled') === 'true') {
    complain(root, root.querySelector('.read-why').textContent);
    if (button.dataset.skipped) root.querySelector(`[data-page="${button.dataset.skipped}"]`).scrollIntoView();
    return;
  }
  way.show('sign');
}

async function sign(root, given, button, hand, word) {
  const drawing = hand ? hand.drawing() : '';
  if (hand && !drawing) {
    complain(root, say('Sign in the box first, or type your name.'));
    hand.focus();
    return;
  }
  if (word.value().length !== 6) {
    complain(root, say('Enter the 6 digits of the code that was sent to you.'));
    word.focus();
    return;
  }
  complain(root, '');
  const sent = { code: word.value(), drawing, understood: true, device: device() };
  const { status, body } = await busily(button, () => post(given, hand ? 'sign' : 'seal', sent));
  if (status === 200) {
    window.location.replace(body.location);
    return;
  }
  complain(root, body.detail || say('No answer came, and it is not known whether it was signed. Look again before you sign once more.'));
  root.querySelector('.code-row').scrollIntoView({ block: 'center' });
}

async function busily(button, does) {
  button.setAttribute('aria-busy', 'true');
  const found = await does();
  button.removeAttribute('aria-busy');
  return found;
}
