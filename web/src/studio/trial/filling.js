import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { draftOf } from '../../form/draft.js';
import { Button, Dialog, Refusal, named, useAttempt } from './parts.js';
import { filled } from './steps.js';
import { say } from './words.js';

/** The form of a task, or of the start, as the person would have it on the phone. */
export function Filling({ trial, view, task, as: first, close }) {
  const [as, setAs] = useState(first);
  const [attempt, told, clear] = useAttempt();
  const [drawn, draw] = useState(null);
  const [bare, setBare] = useState(false);
  const sheet = useRef(null);
  const step = useRef(null);
  const choices = task && task.mayBe.length ? task.mayBe : view.people.map(({ login }) => login);
  const draft = draftOf(`trial-${trial.given.me}-${view.key}-${view.number}-${task ? task.key : 'start'}`);

  useEffect(() => {
    let left = false;
    draw(null);
    setBare(false);
    attempt(() => trial.form(task, as)).then(async given => {
      if (left || !given.done) return;
      step.current = given.submit.step;
      if (!given.schema) return setBare(true);
      const made = await (await import('./island.js')).drawn(sheet.current, { ...given, uploads: trial.given.uploads }, view.people, draft);
      if (left) return;
      made.form.on('submit', () => send(made));
      draw(made);
      made.focus();
    });
    return () => { left = true; };
  }, [as]);

  const send = async made => {
    const values = made ? made.values() : { told: {} };
    if (values.errors) return attempt(async () => ({ refusal: document.body.dataset.invalid }));
    const answer = await attempt(() => trial.take(filled(step.current, values.told)));
    if (answer.done || answer.overtaken) draft.drop();
    if (answer.done) close();
    else if (answer.errors) made.show(answer.errors);
  };
  const fill = async () => {
    clear();
    await drawn.fill({ now: view.now, people: view.people, as });
  };

  return h(
    Dialog,
    { name: 'filling', kind: 'filling', title: task ? task.name : say('Begin'), close },
    h('p', { class: 'trial-whom' },
      h('label', null, h('span', null, say('As')), h('select', { class: 'plain', value: as, disabled: trial.busy, onChange: event => setAs(event.target.value) }, choices.map(login => h('option', { key: login, value: login }, named(view, login))))),
      h(Button, { kind: 'small', icon: 'list-checks', label: say('Fill with sample values'), disabled: !drawn || trial.busy, pressed: fill, 'data-fill': 'samples' })),
    h(Refusal, { told }),
    h('div', { class: 'trial-phone' }, h('div', { class: 'trial-sheet' }, !drawn && !told && h('p', { class: 'trial-quiet' }, bare ? say('Nothing is asked here. Go on.') : say('Loading …')), h('div', { ref: sheet, key: as }))),
    h('div', { class: 'trial-answers' },
      h(Button, { kind: 'ghost', label: say('Cancel'), pressed: close }),
      h(Button, { kind: 'primary', icon: 'check', label: say(task ? 'Submit as {name}' : 'Begin as {name}', { name: named(view, as) }), disabled: !(drawn || bare) || trial.busy, 'aria-busy': String(trial.busy), pressed: () => send(drawn), 'data-send': 'form' }))
  );
}
