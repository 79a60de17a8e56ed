import { say } from '../bpmn/say.js';

/** An element of the page with text in it, which is never read as markup. */
export function node(name, className, ...inner) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...inner.filter(part => part !== null));
  return made;
}

export function button(text, act, className = 'dmn-link') {
  const made = node('button', className, text);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

/** A value as a person reads it. */
export function told(value) {
  if (value === null || value === undefined) return say('no value');
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** What came of a decision. `show` leads to an element of the model. */
export function answer(found, show) {
  const parts = [node('h3', '', say('Result')), node('pre', `dmn-value${found.value === null ? ' none' : ''}`, told(found.value))];
  if (found.failure) parts.push(node('p', 'dmn-bad', found.failure));
  if (found.problems.length) parts.push(problems(found.problems, show));
  if (found.warnings.length) {
    parts.push(node('h3', '', say('Warnings')));
    parts.push(node('ul', 'dmn-warn', ...[...new Set(found.warnings)].map(sentence => node('li', '', sentence))));
  }
  parts.push(node('h3', '', say('On the way')));
  parts.push(node('ol', 'dmn-way', ...found.decisions.map(each => decision(each, show))));
  return parts;
}

/** What is not FEEL; each leads to its cell. */
export function problems(found, show) {
  const line = ({ element, cell, sentence }) =>
    node('li', '', sentence, ' ', button(say('Show the place'), () => show(cell || element)));
  return node('div', 'dmn-bad', node('h3', '', say('What is wrong with the model')), node('ul', '', ...found.map(line)));
}

function decision({ id, name, kind, value, inputs, rules }, show) {
  const seen = inputs.map(each => node('span', '', `${each.name} = ${told(each.value)}`));
  return node(
    'li',
    '',
    node('b', '', name),
    node('div', 'dmn-seen', ...seen),
    kind === 'DECISION_TABLE' ? fired(id, rules, show) : null,
    node('pre', value === null ? 'none' : '', told(value))
  );
}

function fired(id, rules, show) {
  if (!rules.length) return node('p', 'dmn-none', say('No rule fired'));
  const numbers = rules.map(({ index }) => index).join('、');
  const words = say('Rule {numbers} fired', { numbers });
  return node('p', 'dmn-hit', words, ' ', button(say('Show in the table'), () => show(rules[0].id || id)));
}
