// bpmn-js and its parts speak English and hand each of their words to a `translate` service: this one.
let dictionary = new Map();
const missed = new Set();

/** Speak by these words, English → the reader's; without any, English. */
export function speak(words) {
  dictionary = new Map(Object.entries(words));
}

/** The sentence in the reader's language, `{name}` filled in from `values`. */
export function say(sentence, values) {
  const known = dictionary.get(sentence);
  if (known === undefined && dictionary.size) miss(sentence);
  return (known || sentence).replace(/{([^}]+)}/g, (whole, name) => (values && name in values ? values[name] : whole));
}

/** Whoever listens hears of each sentence that has no words, once. A test listens. */
function miss(sentence) {
  if (missed.has(sentence)) return;
  missed.add(sentence);
  document.dispatchEvent(new CustomEvent('studio:unsaid', { detail: sentence }));
}

export const translateModule = { translate: ['value', say] };
