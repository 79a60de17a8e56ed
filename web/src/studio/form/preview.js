import { draw } from '../../form/draw.js';
import { send } from '../../form/send.js';
import { misfits } from '../../form/checks.js';
import { say } from '../bpmn/say.js';
import styles from './preview.css?inline';

const PHONE = 390; // pixels; what the preview is as wide as
const SOON = 300;

/** The form as an employee will see it on a phone, by the product's own rendering, apart from the page's style sheets. */
export class Preview {
  constructor(host, { uploads, context, fillUrl, name, text, show }) {
    Object.assign(this, { uploads, context, fillUrl, name, text, show });
    const root = host.attachShadow({ mode: 'open' });
    const sheet = document.createElement('style');
    sheet.textContent = styles;
    this.told = part('div', 'told');
    this.place = part('div', 'phone');
    this.submit = part('button', 'btn primary', say('Submit'));
    this.submit.type = 'button';
    this.submit.addEventListener('click', () => this.send());
    const bar = part('div', 'bar');
    bar.append(this.submit);
    this.told.setAttribute('aria-live', 'polite');
    root.append(sheet, this.place, bar, this.told);
    asOnAPhone(sheet.sheet.cssRules);
  }

  /** Show the form anew, soon: what was filled in stays. */
  change(schema) {
    this.schema = schema;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.draw(), SOON);
  }

  async draw() {
    const { schema, uploads } = this;
    this.submit.textContent = label(schema) || say('Submit');
    let data;
    try {
      data = { ...this.context(), ...this.typed() };
    } catch (error) {
      return this.tell(error.message, 'bad');
    }
    try {
      if (this.form) await this.form.importSchema(copy(schema), data);
      else this.form = await draw(this.place, { schema: copy(schema), data, uploads });
      this.drawn = schema;
      this.tell('');
    } catch (error) {
      this.tell(say('The preview cannot show this: {reason}', { reason: error.message }), 'bad');
    }
  }

  /** What somebody filled in, apart from what was given and from what is empty. */
  typed() {
    if (!this.form || !this.drawn) return {};
    const { data, initialData } = this.form._getState();
    return Object.fromEntries(Object.entries(data).filter(([key, value]) => isFilled(value) && !same(value, (initialData || {})[key])));
  }

  /** What the product would do with it: the checks of the browser first, then those of the server. */
  async send() {
    const { form } = this;
    if (!form) return;
    form._emit('presubmit');
    const errors = form.validate();
    if (Object.keys(errors).length) return this.mistakes(errors, say('Some fields need another look.'));
    const values = form._getSubmitData();
    const files = form.get('fileRegistry').getAllFiles();
    const { status, body } = await send(this.fillUrl, { name: this.name, content: this.text(), values, context: this.context() }, files);
    if (status === 200) return this.accepted(body.values);
    if (status === 422 && body.problems) return this.problems(body.problems);
    if (status === 422) return this.mistakes({ ...body.errors, ...misfits(form, body.files) }, body.detail);
    return this.tell(body.detail || say('The form could not be checked. Look at the connection and try again.'), 'bad');
  }

  mistakes(errors, sentence) {
    this.form._setState({ errors });
    this.tell(sentence, 'bad');
    requestAnimationFrame(() => {
      const first = this.place.querySelector('.fjs-has-errors');
      if (first) first.scrollIntoView({ block: 'center' });
    });
  }

  accepted(values) {
    const found = part('pre', '', Object.keys(values).length ? JSON.stringify(values, short, 2) : say('nothing'));
    this.told.className = 'told ok';
    this.told.replaceChildren(part('p', '', say('The form would be accepted. The process gets:')), found);
    this.told.scrollIntoView({ block: 'nearest' });
  }

  problems(found) {
    const list = part('ul', '');
    found.forEach(({ element, sentence }) => {
      const line = part('li', '');
      const button = part('button', 'link', sentence);
      button.type = 'button';
      button.addEventListener('click', () => this.show(element));
      line.append(element ? button : sentence);
      list.append(line);
    });
    this.told.className = 'told bad';
    this.told.replaceChildren(part('p', '', say('The form itself would not be accepted:')), list);
  }

  tell(sentence, kind = '') {
    this.told.className = `told ${kind}`;
    this.told.replaceChildren(...(sentence ? [part('p', '', sentence)] : []));
  }
}

function part(name, className, text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

const copy = value => JSON.parse(JSON.stringify(value));
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const isFilled = value => value !== '' && value !== null && value !== undefined && !(Array.isArray(value) && !value.length);
const short = (key, value) => (typeof value === 'string' && value.length > 120 ? `${value.slice(0, 60)} … (${value.length})` : value);

/** The words of the form's own button, which the page has in its place. */
function label({ components = [] }) {
  const button = components.find(({ type, action = 'submit' }) => type === 'button' && action === 'submit');
  return button && button.label;
}

/** The screen may be wide; the rules for narrow ones hold here all the same. */
function asOnAPhone(rules) {
  for (const rule of rules) {
    if (rule.media) rule.media.mediaText = holds(rule.media.mediaText) ? 'all' : 'not all';
    if (rule.cssRules) asOnAPhone(rule.cssRules);
  }
}

function holds(media) {
  if (/print|prefers|not all/.test(media)) return /prefers/.test(media) && window.matchMedia(media).matches;
  const wide = [...media.matchAll(/min-width:\s*([\d.]+)(px|rem|em)/g)].every(([, size, unit]) => PHONE >= size * (unit === 'px' ? 1 : 16));
  const narrow = [...media.matchAll(/max-width:\s*([\d.]+)(px|rem|em)/g)].every(([, size, unit]) => PHONE <= size * (unit === 'px' ? 1 : 16));
  return wide && narrow;
}
