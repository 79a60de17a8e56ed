// What the browser's rules and the server's lint both find is told once, in the server's words: it decides what is run.
const SAME = {
  'called-element': ['missing-called-element'],
  'start-event-required': ['no-start'],
  'no-multiple-none-start-events': ['several-starts'],
  'single-blank-start-event': ['several-starts'],
  'sub-process-blank-start-event': ['start-event'],
  'no-disconnected': ['unreachable'],
  'conditional-flows': ['missing-condition', 'no-default'],
  'message-reference': ['missing-reference', 'message-name', 'dangling-reference'],
  'error-reference': ['missing-reference', 'error-code', 'dangling-reference'],
  'escalation-reference': ['missing-reference', 'escalation-code', 'dangling-reference'],
  'signal-reference': ['missing-reference', 'signal-name', 'dangling-reference'],
  'event-definition-required': ['event-definition'],
  'io-mapping': ['io-mapping'],
  'executable-process': ['no-process'],
  'no-expression': ['missing-expression'],
  'superfluous-gateway': ['superfluous-gateway']
};
// What is missing at an activity the server names by what it is.
const LACKING = ['missing-task-definition', 'missing-decision', 'missing-script', 'missing-called-element', 'two-ways'];

/** One list from the server's problems and those that the rules in the browser found in `file`, errors first. */
export function merged(server, browser, file) {
  const told = new Map();
  for (const problem of server) told.set(keyOf(problem), problem);
  const there = new Map();
  for (const { file: where, element, rule } of server) {
    if (where === file) there.set(element, [...(there.get(element) || []), rule]);
  }
  for (const found of browser) {
    const problem = { ...found, file };
    if (!isTold(problem, there.get(problem.element) || [])) told.set(keyOf(problem), problem);
  }
  return [...told.values()].sort((one, other) => Number(other.error) - Number(one.error));
}

function isTold({ rule }, rules) {
  const plain = rule.slice(rule.lastIndexOf('/') + 1);
  const same = plain === 'implementation' ? LACKING : SAME[plain] || [];
  return rules.includes(plain) || same.some(name => rules.includes(name));
}

/** What tells one problem from another. */
export const keyOf = ({ file, element, rule, property, sentence }) => [file, element, rule, property || '', sentence].join('\n');
