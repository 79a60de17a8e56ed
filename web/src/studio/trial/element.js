import { h } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { nameOf } from './effects.js';
import { Job } from './job.js';
import { Icon } from './parts.js';
import { Expected } from './post.js';
import { jobsOf, timersOf } from './steps.js';
import { Timer } from './time.js';
import { Incident, Task } from './todo.js';
import { label, say } from './words.js';

/** What waits at the element that was clicked, and what can be done there. */
export function Element({ trial, view, moments, chosen, close, openForm }) {
  const box = useRef(null);
  useEffect(() => { box.current.focus({ preventScroll: true }); }, [chosen]);
  const at = some => some.filter(({ process, element }) => process === chosen.process && element === chosen.element);
  const diagram = view.diagrams.find(({ process }) => process === chosen.process);
  const tasks = at(view.tasks), incidents = at(view.incidents), waits = at(view.waiting);
  const messages = waits.filter(one => one.kind === 'message' || one.kind === 'signal');
  const model = trial.models[chosen.process].elements[chosen.element];
  const press = event => event.key === 'Escape' && close();
  return h(
    'section',
    { ref: box, class: 'trial-element', tabIndex: -1, 'aria-label': say('At this element'), onKeyDown: press },
    h('header', null,
      h('div', null, h('b', null, nameOf(trial.models, chosen.process, chosen.element)), h('small', null, model ? label('tag', model.tag) : '')),
      h('button', { type: 'button', class: 'trial-close', onClick: close, 'aria-label': say('Close') }, h(Icon, { name: 'x' }))),
    h('p', { class: 'trial-quiet' }, standing(diagram, chosen.element)),
    h('ul', { class: 'trial-list' },
      incidents.map(incident => h(Incident, { key: incident.key, incident, trial })),
      tasks.map(task => h(Task, { key: task.key, task, trial, view, moments, openForm })),
      timersOf({ ...view, waiting: waits }).map(timer => h(Timer, { key: timer.dueAt, timer, first: true, trial, view, moments })),
      messages.map(one => h(Expected, { key: one.name, one, trial })),
      jobsOf({ waiting: waits }).map(job => h(Job, { key: job.key, job, trial })))
  );
}

function standing(diagram, element) {
  const here = diagram.live[element];
  if (here) return here === 1 ? say('A token waits here.') : say('{n} tokens wait here.', { n: here });
  return diagram.passed.includes(element) ? say('The run has come through here.') : say('The run has not come here yet.');
}
