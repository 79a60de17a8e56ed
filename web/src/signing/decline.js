import { post } from '../post.js';
import { say } from './say.js';

/** Refusing to sign: a dialog that says what follows, and asks why. */
export function decline(root, given) {
  const dialog = root.querySelector('dialog.declining');
  if (!dialog) return;
  const reason = dialog.querySelector('textarea');
  const fault = dialog.querySelector('[role=alert]');
  const button = dialog.querySelector('.stop');
  const complain = sentence => {
    fault.hidden = !sentence;
    fault.querySelector('span').textContent = sentence;
  };
  root.querySelectorAll('[data-decline]').forEach(one => one.addEventListener('click', () => {
    complain('');
    dialog.showModal();
  }));
  dialog.querySelector('[data-close]').addEventListener('click', () => dialog.close());
  button.addEventListener('click', async () => {
    if (!reason.value.trim()) {
      complain(say('Say in a few words why: the company has to know what to do next.'));
      reason.focus();
      return;
    }
    button.setAttribute('aria-busy', 'true');
    button.disabled = true;
    const { status, body } = await post(given, 'decline', { reason: reason.value.trim() });
    button.disabled = false;
    button.removeAttribute('aria-busy');
    if (status === 200) window.location.replace(body.location);
    else complain(body.detail || say('The connection broke off. Nothing is lost: look whether you are online and try again.'));
  });
}
