import { h } from 'preact';
import { useState } from 'preact/hooks';
import { Icon, Refusal, useAttempt } from './parts.js';
import { messaging, signalling, switching } from './steps.js';
import { Values } from './values.js';
import { label, say } from './words.js';

/** What comes from outside and what goes there: messages and signals, systems, letters, calls. */
export function Post({ trial, view, moments }) {
  const expected = view.waiting.filter(({ kind }) => kind === 'message' || kind === 'signal');
  return h(
    'div',
    null,
    h('h3', null, say('Waits for a message')),
    expected.length
      ? h('ul', { class: 'trial-list' }, expected.map(one => h(Expected, { key: `${one.process}.${one.element}.${one.name}`, one, trial })))
      : h('p', { class: 'trial-quiet' }, say('It waits for none.')),
    h('details', null, h('summary', null, say('Send another message or signal')), h(Free, { trial })),
    h('h3', null, say('Outside systems')),
    h(Systems, { trial, view }),
    h('h3', null, say('Messages sent'), h('span', { class: 'more' }, view.messages.length || '')),
    h(Sent, { view, moments }),
    h('h3', null, say('What systems were asked'), h('span', { class: 'more' }, view.calls.length || '')),
    h(Calls, { view, moments })
  );
}

/** A message or signal that an element waits for, ready to be sent. */
export function Expected({ one, trial }) {
  return h(
    'li',
    { 'data-message': one.name },
    h('details', null,
      h('summary', null, h('div', { class: 'trial-line' }, h(Icon, { name: 'mail' }), h('div', null, h('b', null, one.label), h('small', null, one.name)))),
      h(Publish, { trial, kind: one.kind, name: one.name, correlation: one.key || '' }))
  );
}

/** Send a message with its key, or a signal, with values. */
export function Publish({ trial, kind, name, correlation = '' }) {
  const [attempt, told] = useAttempt();
  const [key, setKey] = useState(correlation);
  const [variables, setVariables] = useState({});
  const step = () => (kind === 'signal' ? signalling(name, variables) : messaging(name, key, variables));
  const send = event => {
    event.preventDefault();
    attempt(() => trial.take(step()));
  };
  return h(
    'form',
    { class: 'trial-publish', onSubmit: send },
    kind === 'message' && h('label', { class: 'field' }, h('span', null, say('Correlation key')), h('input', { value: key, placeholder: '=caseNumber', onInput: event => setKey(event.target.value) })),
    h(Values, { name: `publish-${name}`, label: say('Variables that it brings'), told: setVariables }),
    h('button', { class: 'btn small', disabled: trial.busy || variables === null || !name }, h(Icon, { name: 'send' }), say('Send')),
    h(Refusal, { told })
  );
}

function Free({ trial }) {
  const [kind, setKind] = useState('message');
  const [name, setName] = useState('');
  return h(
    'div',
    null,
    h('div', { class: 'trial-ways', role: 'group', 'aria-label': say('Kind') }, ['message', 'signal'].map(id => h('button', { key: id, type: 'button', 'aria-pressed': String(kind === id), onClick: () => setKind(id) }, label('kind', id)))),
    h('label', { class: 'field' }, h('span', null, say('Name')), h('input', { value: name, onInput: event => setName(event.target.value) })),
    h(Publish, { trial, kind, name: name.trim() })
  );
}

function Systems({ trial, view }) {
  const [attempt, told] = useAttempt();
  return h(
    'div',
    null,
    h('ul', { class: 'trial-systems' }, view.systems.map(({ name, down }) =>
      h('li', { key: name },
        h('button', { type: 'button', role: 'switch', 'aria-checked': String(!down), disabled: trial.busy, 'data-system': name, onClick: () => attempt(() => trial.take(switching(name, !down))) },
          h('i', { 'aria-hidden': true }), h('span', null, label('system', name)), h('small', null, down ? say('off') : say('works')))))),
    h(Refusal, { told })
  );
}

/** What was sent, as it reads on the other side. */
function Sent({ view, moments }) {
  if (!view.messages.length) return h('p', { class: 'trial-quiet' }, say('Nothing was sent yet.'));
  return h(
    'ul',
    { class: 'trial-letters' },
    [...view.messages].reverse().map((message, place) =>
      h('li', { key: view.messages.length - place, class: message.channel },
        h('details', null,
          h('summary', null,
            h(Icon, { name: { sms: 'smartphone', mail: 'mail' }[message.channel] || 'message-circle' }),
            h('div', null, h('b', null, message.subject || message.template), h('small', null, `${label('channel', message.channel)} → ${message.name} · ${moments.short(message.at)}`)),
            message.state !== 'sent' && h('span', { class: message.state === 'failed' ? 'chip bad' : 'chip' }, label('letter', message.state))),
          h('div', { class: 'trial-letter' },
            message.channel === 'mail' && h('p', { class: 'head' }, say('To: {to}', { to: message.name }), h('br'), say('Subject: {subject}', { subject: message.subject })),
            h('p', { class: 'body' }, message.body)))))
  );
}

function Calls({ view, moments }) {
  if (!view.calls.length) return h('p', { class: 'trial-quiet' }, say('Nothing was asked yet.'));
  return h(
    'ul',
    { class: 'trial-calls' },
    [...view.calls].reverse().map((call, place) =>
      h('li', { key: view.calls.length - place, class: call.refused ? 'bad' : '' },
        h('details', null,
          h('summary', null, h('b', null, label('system', call.system)), h('span', null, label('operation', call.operation)), h('small', null, moments.short(call.at))),
          call.refused && h('p', { class: 'trial-refusal' }, call.refused),
          h('pre', null, typeof call.detail === 'string' ? call.detail : JSON.stringify(call.detail, null, 2)))))
  );
}
