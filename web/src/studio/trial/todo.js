import { h } from 'preact';
import { useState } from 'preact/hooks';
import { Job } from './job.js';
import { Avatar, Button, Icon, Refusal, named, useAttempt } from './parts.js';
import { Start } from './start.js';
import { completing, jobsOf, retrying } from './steps.js';
import { joined, label, say } from './words.js';

/** What can be done now: begin, what has stopped, everybody's tasks, jobs that nobody here performs. */
export function Todo({ trial, view, moments, openForm, record }) {
  const jobs = jobsOf(view);
  if (view.state === 'NONE') return h(Start, { trial, view, openForm });
  return h(
    'div',
    null,
    view.incidents.length > 0 && h('h3', null, say('Has stopped')),
    h('ul', { class: 'trial-list' }, view.incidents.map(incident => h(Incident, { key: incident.key, incident, trial }))),
    view.tasks.length > 0 && h('h3', null, say('Open tasks'), h('span', { class: 'more' }, view.tasks.length)),
    h('ul', { class: 'trial-list' }, view.tasks.map(task => h(Task, { key: task.key, task, trial, view, moments, openForm }))),
    jobs.length > 0 && h('h3', null, say('Jobs for programs')),
    h('ul', { class: 'trial-list' }, jobs.map(job => h(Job, { key: job.key || job.element, job, trial }))),
    !view.tasks.length && !view.incidents.length && !jobs.length && h(Nothing, { view, record })
  );
}

function Nothing({ view, record }) {
  if (view.state === 'ACTIVE')
    return h('div', { class: 'empty' }, h(Icon, { name: 'clock' }), h('b', null, say('Nobody has anything to do')), h('p', null, say('It waits for its time or a message: move the clock, or look under Messages.')));
  return h(
    'div',
    { class: 'empty' },
    h(Icon, { name: 'circle-check' }),
    h('b', null, label('state', view.state)),
    h('p', null, say('Record the run as a scenario, and it is tested with every change from now on.')),
    h(Button, { kind: 'primary', icon: 'list-checks', label: say('Record as scenario'), pressed: record })
  );
}

/** One task: whose it is, when it is due, and a button for each person who may do it. */
export function Task({ task, trial, view, moments, openForm }) {
  const [attempt, told] = useAttempt();
  const late = task.dueAt && new Date(task.dueAt) < new Date(view.now);
  const done = as => (task.hasForm ? openForm({ task, as }) : attempt(() => trial.take(completing(task, as))));
  return h(
    'li',
    { 'data-task': task.element },
    h('div', { class: 'trial-line' },
      h('div', null, h('b', null, task.name), h('small', null, task.assignee ? named(view, task.assignee) : joined(task.groups.map(group => label('group', group))))),
      task.dueAt && h('span', { class: late ? 'chip bad' : 'chip', title: moments.whole(task.dueAt) }, say(late ? 'late since {at}' : 'due {at}', { at: moments.short(task.dueAt) }))),
    h(Actors, { task, trial, view, done }),
    h(Refusal, { told })
  );
}

const MOST_BUTTONS = 3;

function Actors({ task, trial, view, done }) {
  const may = task.mayBe;
  const [other, setOther] = useState(may[MOST_BUTTONS] || '');
  const buttons = may.slice(0, MOST_BUTTONS);
  const rest = may.length ? may.slice(MOST_BUTTONS) : view.people.map(({ login }) => login);
  const offer = login => say(task.hasForm ? 'Fill in as {name}' : 'Finish as {name}', { name: named(view, login) });
  return h(
    'div',
    { class: 'trial-actors' },
    buttons.map(login =>
      h('button', { key: login, type: 'button', class: 'btn small', disabled: trial.busy, 'data-as': login, onClick: () => done(login) }, h(Avatar, { name: named(view, login) }), offer(login), h('span', { class: 'sr' }, ` · ${task.name}`))),
    rest.length > 0 &&
      h('span', { class: 'trial-others' },
        h('label', null, h('span', { class: 'sr' }, say('Someone else')), h('select', { class: 'plain', value: other, onChange: event => setOther(event.target.value) }, h('option', { value: '' }, say('Someone else …')), rest.map(login => h('option', { key: login, value: login }, named(view, login))))),
        other && h(Button, { kind: 'small', label: offer(other), disabled: trial.busy, pressed: () => done(other) }))
  );
}

/** What has stopped, why, and a way on. */
export function Incident({ incident, trial }) {
  const [attempt, told] = useAttempt();
  return h(
    'li',
    { class: 'bad', 'data-incident': incident.element },
    h('div', { class: 'trial-line' },
      h(Icon, { name: 'triangle-alert' }),
      h('div', null, h('b', null, incident.name), h('small', null, incident.message)),
      h(Button, { kind: 'small', icon: 'rotate-cw', label: say('Try again'), disabled: trial.busy, pressed: () => attempt(() => trial.take(retrying(incident.element))) })),
    h(Refusal, { told })
  );
}
