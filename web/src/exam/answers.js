import { ends } from './order.js';

/** Every answer on the page: places of options by place of question. What is not answered is left out. */
export function collected(root) {
  const found = {};
  root.querySelectorAll('[data-place]').forEach(place => {
    const chosen = place.matches('.order') ? ordered(place) : ticked(place);
    if (chosen.length) found[place.dataset.place] = chosen;
  });
  return found;
}

const ticked = place => [...place.querySelectorAll('input:checked')].map(input => Number(input.value));

/** An order that was never touched is no answer. */
const ordered = list => (list.dataset.touched ? [...list.children].map(line => Number(line.dataset.value)) : []);

/** Put the answers that the server has back on the page. */
export function restored(root, answers) {
  root.querySelectorAll('[data-place]').forEach(place => {
    const chosen = answers[place.dataset.place] || [];
    if (!place.matches('.order')) {
      place.querySelectorAll('input').forEach(input => { input.checked = chosen.includes(Number(input.value)); });
    } else if (chosen.length) {
      chosen.forEach(value => place.append(place.querySelector(`[data-value="${value}"]`)));
      place.dataset.touched = 'true';
      ends(place);
    }
  });
}

/** Whether everything of a question is answered, every part of a case among it. */
export function complete(question, answers) {
  return [...question.querySelectorAll('[data-place]')].every(place => place.dataset.place in answers);
}
