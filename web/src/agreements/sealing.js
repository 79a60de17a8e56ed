import { ask } from '../studio/trial/http.js';
import { say } from './say.js';

/** Choosing what is sealed. The code that is sent belongs to the list as it was then: another choice needs another. */
export function open(root) {
  const begin = root.querySelector('[data-begin]');
  if (!begin) return;
  const boxes = [...root.querySelectorAll('tbody .pick input')];
  const everything = root.querySelector('[data-everything]');
  const code = root.querySelector('[name=code]');
  const send = root.querySelector('[data-send]');
  const said = root.querySelector('.code-said');
  let list = null;

  const chosen = () => boxes.filter(box => box.checked).map(box => box.value);
  const fault = sentence => {
    const place = root.querySelector('.chosen-fault');
    place.hidden = !sentence;
    place.querySelector('span').textContent = sentence;
  };
  const tell = () => {
    const n = chosen().length;
    list = null;
    said.textContent = '';
    const all = everything && everything.checked;
    root.querySelector('.chosen-count').textContent = all ? '' : n === 1 ? say('1 agreement chosen') : say('{n} agreements chosen', { n });
  };
  const count = left => {
    send.disabled = left > 0;
    send.textContent = left > 0 ? say('Send again in {n} s', { n: left }) : say('Send again');
    if (left > 0) setTimeout(() => count(left - 1), 1000);
  };

  root.addEventListener('change', event => {
    if (event.target.matches('[data-all]')) boxes.forEach(box => { box.checked = event.target.checked; });
    if (event.target.matches('[type=checkbox]')) tell();
  });
  send.addEventListener('click', async () => {
    fault('');
    send.disabled = true;
    const wanted = { numbers: chosen(), everything: Boolean(everything && everything.checked) };
    const { status, body } = await ask('POST', '/agreements/seal/code', { ...wanted, channel: root.querySelector('[name=channel]').value });
    send.disabled = false;
    if (status !== 200) {
      fault(body.detail || say('The connection broke off. Try again.'));
      return;
    }
    list = body.numbers;
    said.textContent = list.length === 1
      ? say('Sent to {address} for one agreement. It is valid for 10 minutes.', { address: body.address })
      : say('Sent to {address} for {n} agreements. It is valid for 10 minutes.', { address: body.address, n: list.length });
    count(body.again_in);
    code.focus();
  });
  begin.addEventListener('click', async () => {
    if (!list) {
      fault(say('Choose the agreements, then have a code sent for them.'));
      return;
    }
    fault('');
    begin.setAttribute('aria-busy', 'true');
    const { status, body } = await ask('POST', '/agreements/seal', { numbers: list, code: code.value.replace(/\D/g, '') });
    begin.removeAttribute('aria-busy');
    if (status === 200) window.location.assign(body.location);
    else fault(body.detail || say('The connection broke off. Try again.'));
  });
  tell();
}
