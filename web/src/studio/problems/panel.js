// The problems of the project below an editor: what is wrong in which file, and a click that leads there.
import { counted, say } from './words.js';
import { keyOf, merged } from './merge.js';
import './problems.css';

const REST_MS = 1000; // after the last change
const AGAIN_MS = 8000;
const OPEN = 'studio-problems-open';

/**
 * Show the problems of the project of `draft` and keep them up to date.
 *
 * `select(element, {property, problem})` marks an element of this file. `lint(listen)`, where the editor has rules of its
 * own, tells `listen` what they find, `[{element, rule, error, sentence}]`. Gives the panel: `look()` asks anew at once,
 * and its `place` hears of what is shown as an event `problems`.
 */
export function openPanel({ draft, select, lint }) {
  const place = document.querySelector('[data-problems]');
  return place ? new Panel(place, draft, select, lint) : null;
}

class Panel {
  #timer = 0;
  #asking = null;
  #found = [];
  #rules = [];

  constructor(place, draft, select, lint) {
    Object.assign(this, { place, draft, select });
    this.bar = place.querySelector('.problems-bar');
    this.list = place.querySelector('.problems-list');
    this.count = place.querySelector('[data-count]');
    this.status = place.querySelector('[role=status]');
    this.bar.addEventListener('click', () => this.fold(this.bar.getAttribute('aria-expanded') !== 'true'));
    this.list.addEventListener('keydown', event => this.#move(event));
    this.fold(localStorage.getItem(OPEN) === 'true');
    draft.addEventListener('unsaved', () => this.#lookIn(REST_MS));
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#lookIn(0));
    if (lint) lint(found => this.#ruled(found));
    this.look();
  }

  /** Open or close the list; it stays so on the next page. */
  fold(open) {
    this.bar.setAttribute('aria-expanded', String(open));
    this.list.hidden = !open;
    localStorage.setItem(OPEN, String(open));
  }

  #lookIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), ms);
  }

  #ruled(found) {
    this.#rules = found;
    this.#show();
  }

  /** Ask the server about the project, with this file as it stands in the editor. */
  async look() {
    clearTimeout(this.#timer);
    if (this.#asking) this.#asking.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.place.setAttribute('aria-busy', 'true');
    const answer = await ask(this.draft, asking.signal);
    if (this.#asking !== asking) return;
    this.#asking = null;
    this.place.removeAttribute('aria-busy');
    if (answer.problems) this.#found = answer.problems;
    this.#show(answer.reason);
    if (answer.again) this.#lookIn(AGAIN_MS);
  }

  #show(reason = '') {
    const problems = merged(this.#found, this.#rules, this.draft.told.name);
    const kept = document.activeElement && this.list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.place.dispatchEvent(new CustomEvent('problems', { detail: problems }));
    const words = reason || counted(problems);
    this.place.dataset.worst = reason ? 'unknown' : worst(problems);
    this.count.textContent = words;
    if (this.status.textContent !== words) this.status.textContent = words;
    this.list.replaceChildren(...this.#groups(problems));
    if (kept !== null) this.#refocus(kept);
  }

  /** Where the reader was in the list before it was drawn anew; the bar, if that problem is gone. */
  #refocus(key) {
    const same = [...this.list.querySelectorAll('button')].find(button => button.dataset.key === key);
    (same || this.list.querySelector('button') || this.bar).focus();
  }

  /** This file first, the others in the server's order. */
  #groups(problems) {
    const files = new Map([[this.draft.told.name, []]]);
    for (const problem of problems) files.set(problem.file, [...(files.get(problem.file) || []), problem]);
    return [...files].filter(([, found]) => found.length).map(([file, found]) => this.#group(file, found));
  }

  #group(file, found) {
    const here = file === this.draft.told.name;
    const head = node('h3', '', node('span', '', file || say('The project')), node('small', '', counted(found)));
    if (here) head.firstChild.append(node('small', 'here', say('this file')));
    return node('section', '', head, node('ul', '', ...found.map(problem => node('li', '', this.#line(problem)))));
  }

  #line(problem) {
    const { error, sentence, element, name, line, property, rule } = problem;
    const row = line && !property ? say('line {n}', { n: line }) : ''; // within a field the sentence tells it
    const where = [name || element, row, rule].filter(Boolean).join(' · ');
    const chip = node('span', `chip ${error ? 'bad' : 'warn'}`, this.#icon(error), error ? say('Error') : say('Hint'));
    const button = node('button', 'problem', chip, node('span', 'told', sentence), node('small', '', where));
    button.type = 'button';
    button.dataset.key = keyOf(problem);
    button.addEventListener('click', () => this.#go(problem));
    return button;
  }

  #icon(error) {
    return this.place.querySelector(`template[data-icon=${error ? 'error' : 'hint'}]`).content.cloneNode(true);
  }

  #go(problem) {
    const { file, element, property } = problem;
    if (file === this.draft.told.name) {
      if (element || problem.line) this.select(element, { property, problem });
      return;
    }
    const other = this.draft.told.files.find(({ name }) => name === file);
    if (!other) return;
    const link = node('a', '');
    link.href = `${other.url}#element=${encodeURIComponent(element)}`;
    this.place.append(link); // a link, so that what is not saved is saved before the page is left
    link.click();
    link.remove();
  }

  /** Up and down in the list; Escape closes it. */
  #move(event) {
    const buttons = [...this.list.querySelectorAll('button')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const next = buttons[buttons.indexOf(document.activeElement) + step];
      (next || (step < 0 ? this.bar : document.activeElement)).focus();
    } else if (event.key === 'Escape') {
      this.fold(false);
      this.bar.focus();
    }
  }
}

const worst = problems => (problems.some(({ error }) => error) ? 'error' : problems.length ? 'hint' : 'none');

/** `{problems}`, or `{reason}` why there are none, and whether to try `again`. */
async function ask(draft, signal) {
  const content = await draft.newest(null);
  const body = JSON.stringify(content === null ? {} : { name: draft.told.name, content });
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF-Token': document.body.dataset.csrf };
  try {
    const response = await fetch(draft.told.problemsUrl, { method: 'POST', credentials: 'same-origin', headers, body, signal });
    const told = await response.json().catch(() => ({}));
    if (response.ok) return { problems: told.problems };
    if (response.status === 401) return { reason: say('It could not be checked: {reason}', { reason: say('You are signed out.') }) };
    return { reason: say('It could not be checked: {reason}', { reason: told.detail || response.status }), again: response.status >= 500 };
  } catch {
    return { reason: say('It could not be checked: no connection. What is shown may be out of date.'), again: true };
  }
}

/** An element of the page with text in it, which is never read as markup. */
function node(name, className, ...inner) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...inner);
  return made;
}
