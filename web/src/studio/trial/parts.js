import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from './words.js';

/** An icon of the sprite. */
export const Icon = ({ name, small }) =>
  h('svg', { class: small ? 'i small' : 'i', 'aria-hidden': true }, h('use', { href: `${icons()}#${name}` }));

const icons = () => document.querySelector('[data-studio-trial]').dataset.icons;

/** A button with an icon; busy as long as `pressed` runs. */
export function Button({ icon, kind = '', label, pressed, disabled, ...more }) {
  return h('button', { type: 'button', class: `btn ${kind}`, disabled, onClick: pressed, ...more }, icon && h(Icon, { name: icon }), label);
}

/** What was refused, in words, beside what was tried. */
export function Refusal({ told }) {
  if (!told || !told.refusal) return null;
  return h('p', { class: 'trial-refusal', role: 'alert' }, h(Icon, { name: 'circle-alert' }), h('span', null, told.refusal, told.login && h('a', { class: 'link', href: told.login }, ` ${say('Sign in again')}`)));
}

/** Try something and keep the refusal: `[attempt, told, clear]`. */
export function useAttempt() {
  const [told, setTold] = useState(null);
  const attempt = async work => {
    setTold(null);
    const answer = await work();
    setTold(answer.done ? null : answer);
    return answer;
  };
  return [attempt, told, () => setTold(null)];
}

/** A dialog that is open as long as it is drawn. Escape, a click beside it and its cross close it. */
export function Dialog({ name, kind = '', title, close, children }) {
  const box = useRef(null);
  useEffect(() => {
    const opener = document.activeElement;
    const dialog = box.current;
    dialog.showModal();
    return () => {
      dialog.close();
      setTimeout(() => focusOn(opener));
    };
  }, []);
  const beside = event => event.target === box.current && close();
  return h(
    'dialog',
    { ref: box, class: `trial-dialog ${kind}`, 'aria-labelledby': `${name}-title`, onCancel: event => { event.preventDefault(); close(); }, onClick: beside },
    h('header', null, h('h2', { id: `${name}-title` }, title), h('button', { type: 'button', class: 'trial-close', onClick: close, 'aria-label': say('Close') }, h(Icon, { name: 'x' }))),
    children
  );
}

/** Where it was before; if that is gone with the step, on what happened. */
function focusOn(opener) {
  const next = opener && opener.isConnected && opener !== document.body ? opener : document.querySelector('.trial-happened');
  if (next) next.focus();
}

/** Tabs with the keys that they have everywhere. `tabs` are `[id, label, count]`. */
export function Tabs({ name, tabs, current, choose, label }) {
  const keys = { ArrowRight: 1, ArrowLeft: -1 };
  const press = event => {
    const step = keys[event.key];
    if (!step) return;
    event.preventDefault();
    const place = tabs.findIndex(([id]) => id === current);
    const [next] = tabs[(place + step + tabs.length) % tabs.length];
    choose(next);
    document.getElementById(`${name}-${next}`).focus();
  };
  return h(
    'div',
    { class: 'trial-tabs', role: 'tablist', 'aria-label': label, onKeyDown: press },
    tabs.map(([id, text, count, alarm]) =>
      h(
        'button',
        { type: 'button', role: 'tab', id: `${name}-${id}`, 'aria-selected': String(id === current), 'aria-controls': `${name}-panel`, tabIndex: id === current ? 0 : -1, onClick: () => choose(id) },
        text,
        count ? h('span', { class: alarm ? 'n bad' : 'n' }, count) : null
      )
    )
  );
}

/** Someone by the first character of the name, as everywhere in the product. */
export const Avatar = ({ name }) => h('span', { class: `av s c${tint(name)}`, 'aria-hidden': true }, [...name][0] || '?');

const tint = name => [...name].reduce((sum, character) => sum + character.codePointAt(0), 0) % 8;

/** People by login: their names. */
export const named = (view, login) => {
  const found = view.people.find(person => person.login === login);
  return found ? found.name : login;
};
