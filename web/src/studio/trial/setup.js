import { h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask } from './http.js';
import { Icon, Refusal, useAttempt } from './parts.js';
import { say } from './words.js';

/** Before a run: which process, among whom, and when it begins. */
export function Setup({ trial, moments, told: before }) {
  const { processes, stories, process, story } = trial.given;
  const [attempt, told] = useAttempt();
  const [chosen, choose] = useState(process || (processes[0] || { id: '' }).id);
  const [like, setLike] = useState(story || '');
  const [at, setAt] = useState('');
  const begin = event => {
    event.preventDefault();
    trial.beginning = { ...(like ? { story: like } : {}), ...(at ? { at } : {}) };
    attempt(() => trial.create({ process: chosen, ...trial.beginning }));
  };
  if (!processes.length) return h('div', { class: 'card empty' }, h(Icon, { name: 'workflow' }), h('b', null, say('There is no process to try')), h('p', null, say('Draw one in this project first: a BPMN file with a process that may be executed.')));
  const fitting = stories.filter(one => one.process === chosen);
  return [h(
    'form',
    { class: 'card trial-setup', onSubmit: begin },
    h('h2', null, h(Icon, { name: 'play' }), say('Try a draft')),
    h('p', { class: 'trial-quiet' }, say('The drafts of this project run in a sandbox, as they stand now. You are everyone in turn, and the clock is yours. No real person, case or system is touched.')),
    h(Refusal, { told: told || before }),
    h('label', { class: 'field' }, h('span', null, say('Process')), h('select', { name: 'process', value: chosen, onChange: event => { choose(event.target.value); setLike(''); } }, processes.map(({ id, name, file }) => h('option', { key: id, value: id }, `${name || id} · ${file}`)))),
    h('label', { class: 'field' }, h('span', null, say('Begins with')), h('select', { name: 'story', value: like, onChange: event => setLike(event.target.value) }, h('option', { value: '' }, say(stories.length ? 'Nothing yet, among the people of the scenarios' : 'Nothing yet, in a small sample organisation')), fitting.length > 0 && h('optgroup', { label: say('After a scenario has been played') }, fitting.map(one => h('option', { key: one.name, value: one.name }, one.name))))),
    h('label', { class: 'field' }, h('span', null, say('Begins at (optional)')), h('input', { type: 'datetime-local', name: 'at', value: at, onInput: event => setAt(event.target.value) }), h('small', null, say('Without it: as the scenario says, else now.'))),
    h('button', { class: 'btn primary wide', disabled: trial.busy, 'aria-busy': String(trial.busy) }, say('Prepare the run'))
  ), h(Earlier, { trial, moments })];
}

const MOST = 6;

/** Runs that were begun before and are still there. */
function Earlier({ trial, moments }) {
  const [found, setFound] = useState([]);
  useEffect(() => {
    ask('GET', trial.given.sandboxesUrl).then(({ status, body }) => status === 200 && setFound(body.sandboxes.slice(0, MOST)));
  }, []);
  if (!found.length) return null;
  const nameOf = id => (trial.given.processes.find(one => one.id === id) || {}).name || id;
  return h(
    'section',
    { class: 'card trial-setup' },
    h('h2', null, h(Icon, { name: 'history' }), say('Go on with one of before')),
    h('ul', { class: 'trial-list' }, found.map(({ key, process, steps, createdBy, usedAt }) =>
      h('li', { key }, h('a', { class: 'link', href: `?sandbox=${key}` }, say('{process}: {n} steps, {who}, {at}', { process: nameOf(process), n: steps, who: createdBy, at: moments.short(usedAt) })))))
  );
}
