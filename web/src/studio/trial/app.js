import { h } from 'preact';
import { useEffect, useReducer, useState } from 'preact/hooks';
import { Canvas } from './canvas.js';
import { Clock } from './clock.js';
import { Element } from './element.js';
import { Filling } from './filling.js';
import { Happened } from './happened.js';
import { Log } from './log.js';
import { Button, Icon, Refusal, Tabs, useAttempt } from './parts.js';
import { Post } from './post.js';
import { Anew, Record } from './record.js';
import { Setup } from './setup.js';
import { Time } from './time.js';
import { Todo } from './todo.js';
import { Variables } from './variables.js';
import { jobsOf, timersOf } from './steps.js';
import { label, say } from './words.js';

/** The whole page: what is to be set up first, then the run. */
export function App({ trial, moments }) {
  const [, redraw] = useReducer(count => count + 1, 0);
  const [told, setTold] = useState(null);
  const [opening, setOpening] = useState(Boolean(trial.given.sandbox));
  useEffect(() => trial.subscribe(() => redraw()), []);
  useEffect(() => {
    const { sandbox } = trial.given;
    if (!sandbox) return;
    trial.open(sandbox).then(answer => {
      setTold(answer.done ? null : answer);
      setOpening(false);
    });
  }, []);
  useEffect(() => { if (trial.view) keepAddress(trial.view); }, [trial.view && trial.view.key]);
  if (trial.view) return h(Run, { trial, view: trial.view, moments });
  return opening ? h('p', { class: 'trial-quiet', role: 'status' }, say('Loading …')) : h(Setup, { trial, moments, told });
}

/** A reload goes on with the same run. */
function keepAddress({ key, process }) {
  const query = new URLSearchParams({ process, sandbox: key });
  window.history.replaceState(null, '', `${window.location.pathname}?${query}`);
}

function Run({ trial, view, moments }) {
  const [dialog, open] = useState(null);
  const [chosen, choose] = useState(null);
  const close = () => open(null);
  const openForm = ({ task, as }) => open({ kind: 'form', task, as });
  const record = () => open({ kind: 'record' });
  const anew = () => open({ kind: 'anew' });
  const select = ({ process, element }) => choose(element ? { process, element } : null);
  const given = { trial, view, moments };
  return h(
    'div',
    { class: 'trial-run' },
    h(Head, { ...given, record, anew }),
    h(Notice, { trial }),
    h(Clock, given),
    h('div', { class: 'trial-stage' },
      h('div', { class: 'trial-left' },
        h(Canvas, { trial, view, chosen, choose: select }),
        chosen && trial.models[chosen.process] && h(Element, { ...given, chosen, close: () => choose(null), openForm })),
      h(Side, { ...given, openForm, record, anew })),
    dialog && dialog.kind === 'form' && h(Filling, { trial, view, task: dialog.task, as: dialog.as, close }),
    dialog && dialog.kind === 'record' && h(Record, { trial, view, close }),
    dialog && dialog.kind === 'anew' && h(Anew, { trial, view, close })
  );
}

const TONES = { ACTIVE: 'info', COMPLETED: 'ok', TERMINATED: 'warn', NONE: '' };

function Head({ trial, view, record, anew }) {
  const [attempt, told] = useAttempt();
  return h(
    'header',
    { class: 'trial-head' },
    h('div', { class: 'trial-title' },
      h('h2', null, view.processName || view.process),
      h('span', { class: `chip ${view.stuck ? 'bad' : TONES[view.state]}` }, view.stuck ? say('has stopped') : label('state', view.state)),
      h('small', null, view.number === 1 ? say('1 step') : say('{n} steps', { n: view.number }))),
    h('div', { class: 'trial-acts' },
      h(Button, { kind: 'small', icon: 'undo-2', label: say('One step back'), disabled: trial.busy || !view.number, pressed: () => attempt(() => trial.back()), 'data-act': 'back' }),
      h(Button, { kind: 'small', icon: 'rotate-cw', label: say('Begin anew'), disabled: trial.busy, pressed: anew, 'data-act': 'anew' }),
      h(Button, { kind: 'small primary', icon: 'list-checks', label: say('Record as scenario'), disabled: !view.number, pressed: record, 'data-act': 'record' })),
    h(Refusal, { told })
  );
}

function Notice({ trial }) {
  if (!trial.notice) return null;
  return h('p', { class: 'note', role: 'alert' }, h(Icon, { name: 'info' }), h('span', null, trial.notice), h(Button, { kind: 'ghost small', label: say('Close'), pressed: () => trial.tell({ notice: null }) }));
}

/** The column beside the diagram. */
function Side({ trial, view, moments, openForm, record, anew }) {
  const [tab, show] = useState('todo');
  const jobs = jobsOf(view).length;
  const tabs = [
    ['todo', say('To do'), view.tasks.length + view.incidents.length + jobs, view.incidents.length > 0],
    ['time', say('Time'), timersOf(view).length],
    ['post', say('Messages'), view.messages.length],
    ['variables', say('Variables'), 0],
    ['log', say('Steps'), view.number]
  ];
  const given = { trial, view, moments };
  const panels = { todo: () => h(Todo, { ...given, openForm, record }), time: () => h(Time, given), post: () => h(Post, given), variables: () => h(Variables, given), log: () => h(Log, { ...given, record, anew }) };
  return h(
    'aside',
    { class: 'trial-side', 'aria-label': say('The run') },
    h(Happened, { trial, view }),
    h(Tabs, { name: 'side', tabs, current: tab, choose: show, label: say('The run') }),
    h('div', { key: tab, class: 'trial-panel', id: 'side-panel', role: 'tabpanel', 'aria-labelledby': `side-${tab}`, tabIndex: 0 }, panels[tab]())
  );
}
