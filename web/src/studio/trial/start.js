import { h } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Icon, Refusal, named, useAttempt } from './parts.js';
import { startingWithoutForm } from './steps.js';
import { Publish } from './post.js';
import { Values } from './values.js';
import { say } from './words.js';

/** The beginning of a run: as whom, by the form, without it, or by a message. */
export function Start({ trial, view, openForm }) {
  const [as, setAs] = useState(firstOf(view));
  const outside = view.starts.filter(({ kind }) => kind === 'message' || kind === 'signal');
  const byHand = view.startForm || view.starts.some(({ kind }) => kind === 'none') || !view.starts.length;
  return h(
    'div',
    { class: 'trial-start' },
    h('h3', null, say('Begin')),
    h('p', { class: 'trial-quiet' }, say('Nothing real is touched: the people are invented, the systems are in memory, the clock is yours.')),
    byHand && h('label', { class: 'field' }, h('span', null, say('As whom')), h('select', { class: 'plain', value: as, name: 'as', onChange: event => setAs(event.target.value) }, view.people.map(person => h('option', { key: person.login, value: person.login }, [person.name, person.position].filter(Boolean).join(' · '))))),
    view.startForm && h(Button, { kind: 'primary wide', icon: 'play', label: say('Fill in the form as {name}', { name: named(view, as) }), disabled: trial.busy, pressed: () => openForm({ task: null, as }), 'data-start': 'form' }),
    byHand && h(WithoutForm, { trial, as, only: !view.startForm }),
    outside.map(start => h(FromOutside, { key: `${start.kind}.${start.name}`, start, trial }))
  );
}

function FromOutside({ start: { kind, name }, trial }) {
  const byMessage = kind === 'message';
  return h(
    'div',
    { class: 'trial-from' },
    h('h3', null, h(Icon, { name: 'mail' }), say(byMessage ? 'Begin by the message {name}' : 'Begin by the signal {name}', { name })),
    h(Publish, { trial, kind, name })
  );
}

/** An ordinary employee first: most processes are theirs. */
function firstOf(view) {
  const employee = view.people.find(({ groups, position }) => position && groups.length === 1 && groups[0] === 'employee' && !/经理|总监|Manager|Director/.test(position));
  return (employee || view.people[0] || { login: '' }).login;
}

function WithoutForm({ trial, as, only }) {
  const [attempt, told] = useAttempt();
  const [variables, setVariables] = useState({});
  const begin = h(
    'div',
    null,
    h(Values, { name: 'start', label: say('Variables at the start'), told: setVariables }),
    h(Button, { kind: only ? 'primary wide' : 'small', icon: 'play', label: say(only ? 'Start' : 'Start without the form'), disabled: trial.busy || variables === null, pressed: () => attempt(() => trial.take(startingWithoutForm(as, variables))), 'data-start': 'plain' }),
    h(Refusal, { told })
  );
  return only ? begin : h('details', null, h('summary', null, say('Start without the form')), begin);
}
