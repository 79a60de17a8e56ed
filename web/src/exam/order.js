import { say } from './say.js';

/** A list to be put in order, by dragging its grips and by the buttons of each line. `changed(list)` after each move. */
export function order(list, voice, changed) {
  const lines = () => [...list.children];

  function moved(line) {
    list.dataset.touched = 'true';
    ends(list);
    const n = lines().indexOf(line) + 1;
    voice(say('{option}: place {n} of {all}', { option: line.querySelector('.text').textContent, n, all: lines().length }));
    changed(list);
  }

  list.addEventListener('click', event => {
    const button = event.target.closest('[data-by]');
    if (!button) return;
    const line = button.closest('li');
    const other = button.dataset.by === '1' ? line.nextElementSibling : line.previousElementSibling;
    if (!other) return;
    if (button.dataset.by === '1') line.before(other);
    else line.after(other);
    moved(line);
  });
  list.addEventListener('pointerdown', event => {
    const line = event.target.closest('.grip') && event.target.closest('li');
    if (line && event.button === 0) drag(event, line, moved);
  });
  ends(list);
}

/** Follow the pointer: the others go round the line that is held. It stays where it is in the page itself, since an
 * element that is put elsewhere is let go of. */
function drag(start, line, moved) {
  const grip = start.target.closest('.grip');
  const before = line.previousElementSibling;
  start.preventDefault();
  grip.setPointerCapture(start.pointerId);
  line.classList.add('held');

  const follow = ({ clientY }) => {
    while (line.nextElementSibling && clientY > middle(line.nextElementSibling)) line.before(line.nextElementSibling);
    while (line.previousElementSibling && clientY < middle(line.previousElementSibling)) line.after(line.previousElementSibling);
  };
  const drop = () => {
    line.classList.remove('held');
    grip.removeEventListener('pointermove', follow);
    ['pointerup', 'pointercancel'].forEach(kind => grip.removeEventListener(kind, drop));
    if (line.previousElementSibling !== before) moved(line);
  };
  grip.addEventListener('pointermove', follow);
  ['pointerup', 'pointercancel'].forEach(kind => grip.addEventListener(kind, drop));
}

function middle(line) {
  const { top, bottom } = line.getBoundingClientRect();
  return (top + bottom) / 2;
}

/** The first goes no further up and the last no further down; the buttons stay, so that the focus does. */
export function ends(list) {
  const last = list.children.length - 1;
  [...list.children].forEach((line, n) => {
    line.querySelector('[data-by="-1"]').setAttribute('aria-disabled', String(n === 0));
    line.querySelector('[data-by="1"]').setAttribute('aria-disabled', String(n === last));
  });
}
