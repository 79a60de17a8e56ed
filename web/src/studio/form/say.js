import { EDITOR } from './editor-words.js';
import { VIEWER } from './viewer-words.js';

const chinese = document.documentElement.lang.startsWith('zh');

/** What form-js-editor says, in the reader's language; the build puts it around its texts. `values` stand at {0}, {1} … */
export default function say(part, sentence, values = []) {
  const words = part === 'viewer' ? VIEWER : EDITOR;
  const found = (chinese && words[sentence]) || sentence;
  return found.replace(/{(\d)}/g, (_, place) => values[place]);
}
