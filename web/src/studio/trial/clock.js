import { h } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Icon, Refusal, useAttempt } from './parts.js';
import { moving, timersOf, waiting } from './steps.js';
import { say } from './words.js';

const SPANS = [['PT1H', '+1 hour'], ['P1D', '+1 day'], ['P7D', '+7 days'], ['P30D', '+30 days']];

/** The clock of the run: now in words, and everything that moves it on. */
export function Clock({ trial, view, moments }) {
  const [attempt, told] = useAttempt();
  const [next] = timersOf(view);
  const move = step => attempt(() => trial.take(step));
  return h(
    'section',
    { class: 'trial-clock', 'aria-label': say('Clock') },
    h('p', { class: 'trial-now' }, h(Icon, { name: 'clock' }), h('span', { class: 'sr' }, say('Now:')), h('time', { dateTime: view.now }, moments.whole(view.now))),
    h('div', { class: 'trial-moves' },
      h(Button, { icon: 'timer', kind: 'small', label: nextLabel(next, moments), disabled: trial.busy || !next, pressed: () => move(moving(next.dueAt)), 'data-move': 'next' }),
      SPANS.map(([span, label]) => h(Button, { key: span, kind: 'small', label: say(label), disabled: trial.busy, pressed: () => move(waiting(span)), 'data-move': span })),
      h(ToDate, { view, moments, disabled: trial.busy, move })),
    h(Refusal, { told })
  );
}

const nextLabel = (next, moments) =>
  next ? say('Next due: {name}, {at}', { name: next.name, at: moments.short(next.dueAt) }) : say('Nothing is due');

function ToDate({ view, moments, disabled, move }) {
  const [at, setAt] = useState('');
  const send = event => {
    event.preventDefault();
    if (at) move(moving(at)).then(answer => answer.done && setAt(''));
  };
  return h(
    'form',
    { class: 'trial-to', onSubmit: send },
    h('label', null, h('span', { class: 'sr' }, say('To a date')), h('input', { type: 'datetime-local', class: 'plain', value: at, min: moments.local(view.now), title: say('To a date'), onInput: event => setAt(event.target.value) })),
    h('button', { class: 'btn small', disabled: disabled || !at }, say('Go there'))
  );
}
