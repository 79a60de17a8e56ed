import { say } from '../bpmn/say.js';
import { ask } from '../trial/http.js';
import { answer, button, node, problems } from './answer.js';
import { field } from './fields.js';
import { Fired } from './fired.js';

const SOON = 500; // milliseconds after the last change of the model or of an input

/** The panel in which a decision is tried on inputs, by the engine that runs the cases. `show` leads to an element. */
export class Trial {
  constructor({ panel, canvas, drawing, draft, show }) {
    Object.assign(this, { panel, drawing, draft, show });
    this.fired = new Fired(canvas);
    this.decisions = [];
    this.fields = [];
    this.kept = remembered(draft);
    this.parts();
  }

  parts() {
    this.chosen = node('select', 'plain');
    this.chosen.setAttribute('aria-label', say('Decision'));
    this.chosen.addEventListener('change', () => this.ask());
    this.form = node('form', 'dmn-form');
    this.form.addEventListener('submit', event => {
      event.preventDefault();
      this.decide();
    });
    this.more = node('textarea', 'dmn-json');
    this.more.rows = 3;
    this.more.spellcheck = false;
    this.more.setAttribute('aria-label', say('Further inputs as JSON'));
    this.more.addEventListener('input', () => this.changed());
    this.clear = button(say('Clear the marks'), () => this.forget(), 'btn ghost');
    this.clear.hidden = true;
    this.result = node('div', 'dmn-result');
    this.result.setAttribute('aria-live', 'polite');
    this.panel.append(this.chosen, this.form, this.result);
  }

  /** The model has changed: ask anew what it asks for, and answer anew where there is an answer. */
  modelChanged() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.look(), SOON);
  }

  async look() {
    const { status, body } = await ask('POST', this.draft.decideUrl.replace(/decide$/, 'decisions'), { content: this.drawing.text });
    if (status !== 200) return this.refuse(body.detail);
    this.decisions = body.decisions;
    const before = this.chosen.value;
    this.chosen.replaceChildren(...body.decisions.map(({ id, name }) => new Option(name, id)));
    if (body.decisions.some(({ id }) => id === before)) this.chosen.value = before;
    if (!body.decisions.length) return this.refuse(say('No decision yet: add one in the decision graph.'));
    this.ask();
    if (this.answered) return this.decide();
    this.result.replaceChildren(...(body.problems.length ? [problems(body.problems, this.show)] : []));
  }

  /** The view that is open tells which decision is meant. */
  viewChanged(id) {
    this.fired.draw(id);
    if (this.answered || !this.decisions.some(each => each.id === id) || this.chosen.value === id) return;
    this.chosen.value = id;
    this.ask();
  }

  /** The fields of the chosen decision, as far as they are others than before. */
  ask() {
    const found = this.decisions.find(({ id }) => id === this.chosen.value);
    const wanted = JSON.stringify(found.fields);
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.keep();
    this.fields = found.fields.map(asked => field(asked, () => this.changed()));
    this.fields.forEach(({ asked, write }) => write(this.kept.fields[asked.path.join('.')]));
    const inner = this.fields.map(({ element }) => element);
    if (!inner.length) inner.push(node('p', 'dmn-none', say('Nothing to fill in: this decision reads no inputs.')));
    const more = node('details', '', node('summary', '', say('Further inputs as JSON')), this.more);
    const go = node('button', 'btn primary', say('Decide'));
    this.form.replaceChildren(...inner, more, node('div', 'dmn-go', go, this.clear));
  }

  changed() {
    if (!this.answered) return;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.decide(), SOON);
  }

  /** Ask the server; what is shown belongs to what was asked last. */
  async decide() {
    const mine = (this.asked = (this.asked || 0) + 1);
    let inputs;
    try {
      inputs = this.inputs();
    } catch (error) {
      return this.refuse(error.message);
    }
    const question = { content: this.drawing.text, decision: this.chosen.value, inputs };
    const { status, body } = await ask('POST', this.draft.decideUrl, question);
    if (mine !== this.asked) return;
    if (status !== 200) return this.refuse(body.detail || say('The decision could not be made. Look at the connection and try again.'));
    this.answered = true;
    this.clear.hidden = false;
    this.result.replaceChildren(...answer(body, this.show));
    this.fired.mark(body.decisions);
    this.fired.draw(this.drawing.view && this.drawing.view.element.id);
  }

  inputs() {
    const inputs = object(this.more.value);
    this.fields.forEach(({ asked, read }) => {
      const value = read();
      if (value !== undefined) put(inputs, asked.path, value);
    });
    this.keep();
    return inputs;
  }

  /** What is typed survives a reload, and a change to another decision that asks for the same. */
  keep() {
    this.fields.forEach(({ asked, read }) => {
      try {
        this.kept.fields[asked.path.join('.')] = read();
      } catch {
        // What has no meaning yet is not kept.
      }
    });
    this.kept.save();
  }

  forget() {
    this.answered = false;
    this.clear.hidden = true;
    this.fired.clear();
    this.result.replaceChildren();
  }

  refuse(sentence) {
    this.fired.clear();
    this.result.replaceChildren(node('p', 'dmn-bad', sentence || say('The decision could not be made. Look at the connection and try again.')));
  }
}

function object(text) {
  if (!text.trim()) return {};
  try {
    const found = JSON.parse(text);
    if (found && typeof found === 'object' && !Array.isArray(found)) return found;
  } catch {
    // Told below, as what is JSON and no object.
  }
  throw new Error(say('Write a JSON object, such as {"days": 3}.'));
}

function put(inputs, path, value) {
  const holder = path.slice(0, -1).reduce((at, part) => (at[part] = isObject(at[part]) ? at[part] : {}), inputs);
  holder[path[path.length - 1]] = value;
}

const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value);

function remembered({ project, name }) {
  const key = `tried:${project}:${name}`;
  const kept = { fields: {}, save: () => sessionStorage.setItem(key, JSON.stringify(kept.fields)) };
  try {
    kept.fields = JSON.parse(sessionStorage.getItem(key)) || {};
  } catch {
    // Nothing was kept, or nothing that can be read.
  }
  return kept;
}
