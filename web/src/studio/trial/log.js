import { h } from 'preact';
import { Effects } from './happened.js';
import { Button, Refusal, useAttempt } from './parts.js';
import { cancelling } from './steps.js';
import { say } from './words.js';

/** The steps taken, the last one first, each with what it has caused. */
export function Log({ trial, view, moments, record, anew }) {
  const [attempt, told] = useAttempt();
  const steps = [...view.steps].reverse();
  return h(
    'div',
    null,
    h('div', { class: 'trial-acts' },
      h(Button, { kind: 'small', icon: 'undo-2', label: say('One step back'), disabled: trial.busy || !steps.length, pressed: () => attempt(() => trial.back()) }),
      h(Button, { kind: 'small', icon: 'rotate-cw', label: say('Begin anew'), disabled: trial.busy, pressed: anew }),
      h(Button, { kind: 'small', icon: 'list-checks', label: say('Record as scenario'), disabled: !steps.length, pressed: record })),
    h(Refusal, { told }),
    steps.length
      ? h('ol', { class: 'trial-log', reversed: true }, steps.map((step, place) => h(Step, { key: step.number, step, last: place === 0, trial, view, moments })))
      : h('p', { class: 'trial-quiet' }, say('No step was taken yet.')),
    view.state === 'ACTIVE' && h('details', null, h('summary', null, say('End the run')), h('p', { class: 'trial-quiet' }, say('The instance is cancelled, as an administrator would do it.')), h(Button, { kind: 'small danger', icon: 'x', label: say('Cancel the instance'), disabled: trial.busy, pressed: () => attempt(() => trial.take(cancelling())) }))
  );
}

function Step({ step, last, trial, view, moments }) {
  const caused = trial.caused[step.number];
  return h(
    'li',
    { value: step.number },
    h('b', { class: 'number', 'aria-hidden': true }, step.number),
    h('div', null,
      h('p', null, step.sentence),
      h('small', null, moments.short(step.at)),
      caused && h('details', { open: last }, h('summary', null, say('What it caused')), h(Effects, { caused, view })))
  );
}
