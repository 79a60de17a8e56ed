import words from './words.js';

const chinese = document.documentElement.lang.startsWith('zh');

/** A sentence of the exam in the reader's language, with what stands at its `{places}`. */
export function say(sentence, values = {}) {
  const found = (chinese && words[sentence]) || sentence;
  return found.replace(/{(\w+)}/g, (place, name) => (name in values ? values[name] : place));
}
