import { openDraft } from '../draft.js';
import { openPanel } from '../problems/panel.js';
import { keys } from './keys.js';
import { lines } from './lines.js';
import { say } from './words.js';

/** The editor of a file of scenarios at `data-studio-scenarios`: plain text with its lines numbered and its faults shown. */
export async function open(element) {
  const area = element.querySelector('textarea');
  const draft = openDraft();
  const loaded = await draft.load();
  area.value = loaded;
  area.disabled = false;
  const crlf = loaded.includes('\r\n');
  const shown = area.value; // a textarea ends its lines in one way only
  const text = () => {
    if (area.value === shown) return loaded;
    return crlf ? area.value.replace(/\n/g, '\r\n') : area.value;
  };
  const numbered = lines(element, area);
  stories(element, area, numbered);
  keys(area);
  area.addEventListener('input', () => {
    draft.changed(text);
    numbered.draw();
  });
  problems(draft, numbered);
}

/** The lines that something is wrong with are marked; each entry of the panel leads to its line. */
function problems(draft, numbered) {
  const panel = openPanel({ draft, select: (story, { problem }) => problem.line && numbered.go(problem.line) });
  panel.place.addEventListener('problems', ({ detail }) => {
    const here = detail.filter(({ file, line }) => file === draft.told.name && line);
    numbered.mark(new Map(here.map(({ line, error, sentence }) => [line, { kind: error ? 'bad' : 'warn', sentence }])));
  });
}

/** The list of stories leads to each, and so does the address `#story=…`. */
function stories(element, area, numbered) {
  const list = element.querySelector('[data-stories]');
  const fill = () => {
    const found = [...area.value.matchAll(/^[ \t]*-[ \t]+name:[ \t]*(.+?)[ \t]*$/gm)];
    const options = found.map(match => new Option(plain(match[1]), String(lineOf(area.value, match.index))));
    list.replaceChildren(new Option(say('Go to a scenario…'), ''), ...options);
    return options;
  };
  list.addEventListener('focus', fill);
  list.addEventListener('change', () => {
    if (list.value) numbered.go(Number(list.value));
    list.value = '';
  });
  const follow = () => {
    const wanted = new URLSearchParams(window.location.hash.slice(1)).get('story');
    const option = wanted && fill().find(one => one.text === wanted);
    if (option) numbered.go(Number(option.value));
  };
  fill();
  follow();
  window.addEventListener('hashchange', follow);
}

const lineOf = (text, place) => text.slice(0, place).split('\n').length;
const plain = name => name.replace(/^(['"])(.*)\1$/, '$2');
