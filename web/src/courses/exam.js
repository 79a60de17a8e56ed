import { field, items } from './values.js';
import { say } from './say.js';

const FULL = 100;

/** What an exam comes to, by the rows of its draw and what the bank has. */
export function counting(root) {
  const form = root.querySelector('[data-course-form]');
  const list = name => form.querySelector(`[data-list=${name}]`);

  return () => {
    const bank = items(list('bank'));
    let [points, questions] = [0, 0];
    for (const row of items(list('draw'))) {
      const there = bank.filter(one => field(one, 'difficulty').value === field(row, 'difficulty').value).length;
      const count = Number(field(row, 'count').value) || 0;
      const sum = count * (Number(field(row, 'points').value) || 0);
      [points, questions] = [points + sum, questions + count];
      const has = row.querySelector('[data-has]');
      has.textContent = there;
      has.classList.toggle('bad', count > there);
      has.title = count > there ? say('That many are not in the bank.') : '';
      row.querySelector('[data-sum]').textContent = sum || '';
    }
    const total = root.querySelector('[data-total]');
    total.textContent = say('{n} points', { n: points });
    total.classList.toggle('bad', points !== FULL);
    root.querySelector('[data-questions]').textContent = say('{n} questions', { n: questions });
    const told = root.querySelector('[data-points]');
    told.textContent = say('{n} points', { n: points });
    told.classList.toggle('bad', points !== FULL);
    root.querySelectorAll('[data-count]').forEach(place => { place.textContent = items(list(place.dataset.count)).length; });
  };
}

/** Show those questions of the bank that are looked for. */
export function finding(root) {
  const bar = root.querySelector('.bank-filter');
  const look = () => {
    const words = bar.querySelector('[data-find]').value.trim().toLowerCase();
    const only = [...bar.querySelectorAll('[data-only]')].filter(select => select.value);
    for (const one of items(root.querySelector('[data-course-form] [data-list=bank]'))) {
      const text = ['stem', 'passage', 'key'].map(name => field(one, name).value).join(' ').toLowerCase();
      one.hidden = !text.includes(words) || only.some(select => field(one, select.dataset.only).value !== select.value);
    }
  };
  bar.addEventListener('input', look);
  bar.addEventListener('change', look);
}
