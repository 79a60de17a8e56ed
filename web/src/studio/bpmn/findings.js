import { say } from './say.js';

// bpmnlint builds its sentences from names of the model: here they come apart again.
const PATTERNS = [
  [/^Element of type <(.+?)> must have one extension element of type (?:one of )?(.+)$/, '{1}: choose {2}.'],
  [/^Element of type <(.+?)> must have one property <incoming> of type <bpmn:SequenceFlow>$/, '{1}: exactly one flow leads here.'],
  [/^Element of type <(.+?)> must have property (.+?) if it has property (.+)$/, '{1}: {2} belongs with {3}.'],
  [/^Element of type <(.+?)> (?:must have|without) property (.+?)(?: only allowed by .*)?$/, '{1}: fill in {2}.'],
  [/^Element of type <(.+?)> .*not allowed.*$/, '{1} is not run here.'],
  [/^Properties of type <(.+?)> have propert(?:y|ies).*duplicate value.*$/, '{1} occurs twice.'],
  [/^Link (catch|throw) event with link name <(.*)> missing in scope$/, 'Link {1} event called {2} is missing.'],
  [/^Duplicate link catch event with link name <(.*)> in scope$/, 'Link catch event {1} occurs twice.']
];

/** What a rule says, in the reader's language. */
export function finding(message) {
  for (const [pattern, sentence] of PATTERNS) {
    const found = message.match(pattern);
    if (found) return say(sentence, Object.fromEntries(found.slice(1).map((part, index) => [index + 1, named(part)])));
  }
  return say(message);
}

/** `<bpmn:UserTask>` as people call it; a name of the model as it is. */
function named(part) {
  if (part === 'catch' || part === 'throw') return say(part);
  const kinds = part.replace(/<?\b(?:bpmn|zeebe):(\w+)>?/g, (whole, type) => say(type.replace(/([a-z])([A-Z])/g, '$1 $2')));
  return kinds.replace(/<(\w+)>/g, (whole, member) => say(member)).replace(/ or /g, say(' or '));
}
