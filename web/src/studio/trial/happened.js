import { h } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon, named } from './parts.js';
import { joined, label, say } from './words.js';

const LONGEST = 6;

/** What a step has caused, as a list of sentences. */
export function Effects({ caused, view }) {
  const lines = linesOf(caused, view);
  if (!lines.length) return h('p', { class: 'trial-quiet' }, say('Nothing else changed.'));
  return h(
    'ul',
    { class: 'trial-effects' },
    lines.map(([icon, kind, text], place) => h('li', { key: place, class: kind }, h(Icon, { name: icon, small: true }), h('span', null, text)))
  );
}

function linesOf(caused, view) {
  const whose = ({ assignee, groups }) => (assignee ? named(view, assignee) : joined(groups.map(group => label('group', group))));
  return [
    ...caused.stopped.map(({ name, message }) => ['triangle-alert', 'bad', say('“{name}” has stopped: {message}', { name, message })]),
    ...caused.mended.map(({ name }) => ['rotate-cw', 'ok', say('“{name}” goes on.', { name })]),
    ...(caused.passed.length ? [['route', '', say('Came to: {names}', { names: shortened(caused.passed) })]] : []),
    ...caused.opened.map(task => ['inbox', 'info', say('New task: {name} ({who})', { name: task.name, who: whose(task) })]),
    ...caused.closed.map(({ name }) => ['check', 'ok', say('Task over: {name}', { name })]),
    ...grouped(caused.sent).map(told => ['send', '', say('Sent: {subject} → {to} ({channels})', told)]),
    ...(caused.asked.length ? [['network', '', say('Asked: {systems}', { systems: shortened(caused.asked.map(({ system, operation }) => `${label('system', system)} · ${label('operation', operation)}`)) })]] : []),
    ...(caused.changed.length ? [['layers', '', say('Variables: {names}', { names: shortened(topOf(caused.changed)) })]] : []),
    ...(caused.ended ? [['circle-check', 'ok', label('state', caused.ended)]] : [])
  ];
}

const topOf = paths => [...new Set(paths.map(path => path.split('.').slice(0, 2).join('.')))];

/** Messages by their subject: to whom, and by which ways. */
function grouped(sent) {
  const subjects = [...new Set(sent.map(({ subject, template }) => subject || template))];
  return subjects.map(subject => {
    const same = sent.filter(message => (message.subject || message.template) === subject);
    return { subject, to: shortened(same.map(({ name }) => name)), channels: shortened(same.map(({ channel }) => label('channel', channel))) };
  });
}

function shortened(names) {
  const some = [...new Set(names)];
  const rest = some.length - LONGEST;
  return joined(some.slice(0, LONGEST)) + (rest > 0 ? say(' and {n} more', { n: rest }) : '');
}

/** What has just happened, said aloud, until the next step. */
export function Happened({ trial, view }) {
  const box = useRef(null);
  const step = view.steps[view.steps.length - 1];
  const caused = trial.latest && trial.caused[trial.latest];
  useEffect(() => { if (box.current) box.current.scrollTop = 0; }, [view]);
  return h(
    'div',
    { ref: box, class: 'trial-happened', role: 'status', 'aria-live': 'polite', tabIndex: 0 },
    trial.busy
      ? h('p', { class: 'trial-busy' }, h('span', { class: 'spin', 'aria-hidden': true }), say('Under way …'))
      : step && h('div', null, h('p', { class: 'trial-last' }, h('b', null, step.number), step.sentence), caused && h(Effects, { caused, view }))
  );
}
