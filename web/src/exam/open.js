import { post } from '../post.js';
import { kept } from './kept.js';
import { room } from './room.js';
import { say } from './say.js';

const BROKEN = 'The connection broke off. Nothing is lost: look whether you are online and try again.';

/** Before the exam: begin it, or go on where one was. A window that had it goes on without being asked. */
export function open(root) {
  const given = JSON.parse(document.getElementById('exam-given').textContent);
  const own = kept(given.number);
  const { attempt, token } = own.seat();
  if (given.open && given.open === attempt) sit(root, given, own, { token }, null);
  on(root, '[data-begin]', button => sit(root, given, own, {}, button));
  on(root, '[data-take]', button => sit(root, given, own, { take: true }, button));
}

function on(root, selector, does) {
  const button = root.querySelector(selector);
  if (!button) return;
  button.addEventListener('click', () => !button.hasAttribute('aria-busy') && does(button));
}

async function sit(root, given, own, asked, button) {
  if (button) button.setAttribute('aria-busy', 'true');
  const { status, body } = await post(given, 'exam/sit', asked);
  if (button) button.removeAttribute('aria-busy');
  if (status === 200) {
    enter(root, given, own, body, asked);
    return;
  }
  if (status === 409) underway(root);
  if (button) complain(root, body.detail || say(BROKEN));
}

/** What this window could not send before it was loaded anew is sent now; what others saved meanwhile is newer. */
function enter(root, given, own, body, asked) {
  const unsent = asked.token ? own.unsent(body.attempt) : null;
  own.sit(body.attempt, body.token, unsent);
  root.innerHTML = body.paper;
  room(root, given, own, { ...body, unsent }, () => again(root, given, own, body.attempt));
}

/** Take the exam back from another window. Where it is over, its result is what there is to see. */
async function again(root, given, own, attempt) {
  const { status, body } = await post(given, 'exam/sit', { take: true });
  if (status === 200) enter(root, given, own, body, {});
  else if (status === 0) return false;
  else window.location.replace(`${given.url}/exams/${attempt}`);
  return true;
}

function underway(root) {
  const panel = root.querySelector('.underway');
  if (!panel) return;
  panel.hidden = false;
  root.querySelector('[data-begin]').hidden = true;
}

function complain(root, sentence) {
  const place = root.querySelector('.fault');
  place.hidden = !sentence;
  place.querySelector('span').textContent = sentence;
}
