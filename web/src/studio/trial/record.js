import { h } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Dialog, Icon, Refusal, useAttempt } from './parts.js';
import { say } from './words.js';

/** The run as a scenario: named, read as it will stand in the file, then kept. */
export function Record({ trial, view, close }) {
  const [attempt, told] = useAttempt();
  const [name, setName] = useState('');
  const [requirements, setRequirements] = useState('');
  const [seen, setSeen] = useState(null);
  const [saved, setSaved] = useState(null);
  const story = save => ({ name: name.trim(), requirements: requirements.split(/[\s,，、]+/).filter(Boolean), file: 'scenarios.yaml', save });
  const look = async event => {
    event.preventDefault();
    const answer = await attempt(() => trial.record(story(false)));
    if (answer.done) setSeen(answer.yaml);
  };
  const keep = async () => {
    const answer = await attempt(() => trial.record(story(true)));
    if (answer.done) setSaved(answer);
  };
  if (saved) return h(Saved, { trial, name, close });
  const change = set => event => {
    set(event.target.value);
    setSeen(null);
  };
  return h(
    Dialog,
    { name: 'record', title: say('Record as scenario'), close },
    h('p', { class: 'trial-quiet' }, say('The {n} steps of this run are written down with what they led to. From then on they are tested with every change.', { n: view.steps.length })),
    h('form', { onSubmit: look },
      h('label', { class: 'field' }, h('span', null, say('Name of the scenario')), h('input', { name: 'story', required: true, maxLength: 120, value: name, autofocus: true, placeholder: say('What happens, in one line'), onInput: change(setName) })),
      h('label', { class: 'field' }, h('span', null, say('Requirements it shows (optional)')), h('input', { name: 'requirements', value: requirements, placeholder: 'F13, F33', onInput: change(setRequirements) })),
      seen && h('label', { class: 'field' }, h('span', null, say('As it will stand in scenarios.yaml')), h('textarea', { class: 'code yaml', readOnly: true, rows: 14, value: seen })),
      h(Refusal, { told }),
      h('div', { class: 'trial-answers' },
        h(Button, { kind: 'ghost', label: say('Cancel'), pressed: close }),
        seen ? h(Button, { kind: 'primary', icon: 'check', label: say('Save into scenarios.yaml'), pressed: keep, 'data-keep': 'story' }) : h('button', { class: 'btn primary', disabled: !name.trim() }, say('Show the YAML'))))
  );
}

const Saved = ({ trial, name, close }) =>
  h(
    Dialog,
    { name: 'record', title: say('The scenario is saved'), close },
    h('p', { class: 'trial-saved' }, h(Icon, { name: 'circle-check' }), h('span', null, say('“{name}” stands in scenarios.yaml of this project.', { name }))),
    h('div', { class: 'trial-answers' },
      h(Button, { kind: 'ghost', label: say('Stay here'), pressed: close }),
      h('a', { class: 'btn primary', href: trial.given.scenariosUrl }, say('To the scenarios')))
  );

/** From the start again: what was changed in the drafts meanwhile is in it. */
export function Anew({ trial, view, close }) {
  const [attempt, told] = useAttempt();
  const begin = replayed => attempt(() => trial.anew(replayed)).then(answer => answer.done && close());
  return h(
    Dialog,
    { name: 'anew', title: say('Begin anew'), close },
    h('p', { class: 'trial-quiet' }, say('A new run begins with the drafts as they stand now. This one is put away.')),
    h(Refusal, { told }),
    h('div', { class: 'trial-answers' },
      h(Button, { kind: 'ghost', label: say('Cancel'), pressed: close }),
      view.steps.length > 0 && h(Button, { icon: 'play', label: say('Take the same {n} steps again', { n: view.steps.length }), disabled: trial.busy, pressed: () => begin(true) }),
      h(Button, { kind: 'primary', icon: 'rotate-cw', label: say('Begin at the start'), disabled: trial.busy, pressed: () => begin(false), 'data-anew': 'start' }))
  );
}
