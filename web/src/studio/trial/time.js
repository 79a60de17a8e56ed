import { h } from 'preact';
import { Button, Icon, Refusal, useAttempt } from './parts.js';
import { moving, timersOf } from './steps.js';
import { say } from './words.js';

/** Everything that waits for its time, the next one first. */
export function Time({ trial, view, moments }) {
  const timers = timersOf(view);
  const due = view.tasks.filter(({ dueAt }) => dueAt).sort((one, other) => new Date(one.dueAt) - new Date(other.dueAt));
  return h(
    'div',
    null,
    h('h3', null, say('Waits for its time'), h('span', { class: 'more' }, timers.length || '')),
    timers.length
      ? h('ol', { class: 'trial-list' }, timers.map((timer, place) => h(Timer, { key: `${timer.process}.${timer.element}.${timer.dueAt}`, timer, first: place === 0, trial, view, moments })))
      : h('p', { class: 'trial-quiet' }, say('Nothing waits for its time.')),
    due.length > 0 && h('h3', null, say('Deadlines of tasks')),
    due.length > 0 &&
      h('ul', { class: 'trial-list' }, due.map(task =>
        h('li', { key: task.key }, h('div', { class: 'trial-line' }, h('div', null, h('b', null, task.name), h('small', null, `${moments.short(task.dueAt)} · ${past(view, task.dueAt, moments)}`)), new Date(task.dueAt) < new Date(view.now) && h('span', { class: 'chip bad' }, say('late'))))))
  );
}

const past = (view, at, moments) =>
  new Date(at) < new Date(view.now) ? say('{span} ago', { span: moments.span(at, view.now) }) : say('in {span}', { span: moments.span(view.now, at) });

/** One timer: what it is, when it is due, and a button that lets time go by until then. */
export function Timer({ timer, first, trial, view, moments }) {
  const [attempt, told] = useAttempt();
  const { name } = timer;
  return h(
    'li',
    null,
    h('div', { class: 'trial-line' },
      h(Icon, { name: timer.kind === 'job' ? 'rotate-cw' : 'timer' }),
      h('div', null, h('b', null, timer.kind === 'job' ? say('{name}: tried again', { name }) : name), h('small', null, `${moments.short(timer.dueAt)} · ${past(view, timer.dueAt, moments)}`)),
      h(Button, { kind: 'small', label: [say('Go there'), h('span', { class: 'sr' }, ` · ${name}`)], disabled: trial.busy, title: first ? undefined : say('What is due before comes first.'), pressed: () => attempt(() => trial.take(moving(timer.dueAt))) })),
    h(Refusal, { told })
  );
}
