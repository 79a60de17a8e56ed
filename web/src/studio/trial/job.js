import { h } from 'preact';
import { useState } from 'preact/hooks';
import { Icon, Refusal, useAttempt } from './parts.js';
import { answering, failing, throwing } from './steps.js';
import { Values } from './values.js';
import { say } from './words.js';

/** A job that no handler of ours performs: answer for the program, let it fail, or throw an error of the model. */
export function Job({ job, trial }) {
  const [attempt, told] = useAttempt();
  const [way, setWay] = useState('answers');
  const [answers, setAnswers] = useState(job.example || {});
  const [text, setText] = useState('');
  const step = { answers: () => answering(job, answers), fails: () => failing(job, text), throws: () => throwing(job, text) }[way];
  const fails = way === 'fails';
  const ready = way === 'answers' ? answers !== null : text.trim();
  const send = event => {
    event.preventDefault();
    attempt(() => trial.take(step()));
  };
  return h(
    'li',
    { 'data-job': job.element },
    h('div', { class: 'trial-line' }, h(Icon, { name: 'settings' }), h('div', null, h('b', null, job.name), h('small', null, job.type))),
    job.message && h('p', { class: 'trial-quiet' }, job.message),
    h(
      'form',
      { onSubmit: send },
      h('div', { class: 'trial-ways', role: 'group', 'aria-label': say('What the program does') },
        [['answers', 'answers'], ['fails', 'fails'], ['throws', 'throws an error']].map(([id, label]) =>
          h('button', { key: id, type: 'button', 'aria-pressed': String(way === id), onClick: () => setWay(id) }, say(label)))),
      way === 'answers'
        ? h(Values, { name: `job-${job.element}`, label: say(job.example ? 'Its answer, as the example of the element has it' : 'Its answer'), start: job.example || {}, told: setAnswers })
        : h('label', { class: 'field' }, h('span', null, say(fails ? 'What it complains of' : 'Code of the error')), h('input', { value: text, required: true, onInput: event => setText(event.target.value) })),
      h('button', { class: 'btn small', disabled: trial.busy || !ready }, say('Do it')),
      h(Refusal, { told })
    )
  );
}
