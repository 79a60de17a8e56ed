import { post } from '../post.js';
import { say } from './say.js';

/** The one-time code: where it goes, when it can be sent again, what was typed. `complain` shows a refusal. */
export function code(root, given, complain) {
  const field = root.querySelector('[name=code]');
  const button = root.querySelector('[data-send]');
  const said = root.querySelector('.code-said');
  let timer = 0;

  const count = left => {
    clearTimeout(timer);
    button.disabled = left > 0;
    button.textContent = left > 0 ? say('Send again in {n} s', { n: left }) : say('Send again');
    if (left > 0) timer = setTimeout(() => count(left - 1), 1000);
  };
  const channel = () => {
    const chosen = root.querySelector('[name=channel]:checked') || root.querySelector('[name=channel]');
    return chosen ? chosen.value : '';
  };

  async function order() {
    complain('');
    button.disabled = true;
    button.setAttribute('aria-busy', 'true');
    const { status, body } = await post(given, 'code', { channel: channel() });
    button.removeAttribute('aria-busy');
    if (status === 200) {
      said.textContent = say('Sent to {address}. It is valid for 10 minutes.', { address: body.address });
      count(body.again_in);
      field.focus();
      return;
    }
    if (body.again_in) count(body.again_in);
    else button.disabled = false;
    complain(body.detail || say('The connection broke off. Nothing is lost: look whether you are online and try again.'));
  }

  button.addEventListener('click', order);
  field.addEventListener('input', () => { field.value = field.value.replace(/\D/g, '').slice(0, 6); });
  if (given.again_in > 0) count(given.again_in);
  return { value: () => field.value, focus: () => field.focus() };
}
