import { effectsOf } from './effects.js';
import { ask } from './http.js';
import { readModel } from './models.js';
import { say } from './words.js';

/** A run of a draft: what the server tells of it, what each step has caused, and everything that can be tried.
 *
 * Whatever is tried gives `{done: true}`, or `{refusal, errors}` in words; the View stays as it was then.
 */
export class Trial {
  constructor(given) {
    this.given = given;
    this.view = null;
    this.models = {};
    this.caused = {};
    this.changed = [];
    this.busy = false;
    this.notice = null;
    this.listeners = new Set();
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(change) {
    Object.assign(this, change);
    this.listeners.forEach(listener => listener());
  }

  /** Make a sandbox of the project's drafts as they stand now. */
  create(beginning) {
    return this.trying(async () => {
      const answer = await ask('POST', this.given.sandboxesUrl, beginning);
      if (answer.status !== 200) return this.refused(answer);
      const old = this.view && this.view.key;
      this.forget();
      await this.show(answer.body);
      const { failure } = answer.body;
      if (failure) this.tell({ notice: say('The scenario came only to step {n}: {why}', { n: failure.number, why: failure.sentence }) });
      if (old) ask('DELETE', this.url(old));
      return DONE;
    });
  }

  /** Go on with one that was made before. */
  open(key) {
    return this.trying(async () => {
      const answer = await ask('GET', this.url(key));
      if (answer.status !== 200) return this.refused(answer);
      this.forget();
      this.caused = remembered(key);
      await this.show(answer.body);
      return DONE;
    });
  }

  /** Take one step of a story. */
  take(step) {
    return this.trying(async () => {
      const before = this.view;
      const answer = await ask('POST', `${this.url()}/steps`, { step, after: before.number });
      if (answer.status !== 200) return this.refused(answer);
      await this.show(answer.body, before);
      return DONE;
    });
  }

  /** One step less. */
  back() {
    return this.trying(async () => {
      const answer = await ask('POST', `${this.url()}/back`, { after: this.view.number });
      if (answer.status !== 200) return this.refused(answer);
      delete this.caused[this.view.number];
      await this.show(answer.body);
      return DONE;
    });
  }

  /** From the start again, with the drafts as they stand now; with `replayed`, the same steps are taken as far as they go. */
  async anew(replayed) {
    const { process, steps } = this.view;
    const made = await this.create({ process, ...this.beginning });
    if (!made.done || !replayed) return made;
    for (const { number, step } of steps) {
      const taken = await this.take(step);
      if (!taken.done) return { ...taken, refusal: `${say('Step {n} does not go as before:', { n: number })} ${taken.refusal}` };
    }
    return DONE;
  }

  /** The run as a story: `{yaml}`, or kept in the project's scenarios with `save`. */
  async record(story) {
    const answer = await ask('POST', `${this.url()}/record`, story);
    return answer.status === 200 ? { done: true, ...answer.body } : this.refused(answer);
  }

  /** The form of a task, or of the start without one, as `as` gets it. */
  async form(task, as) {
    const which = task ? `task=${task.key}` : 'start=1';
    const answer = await ask('GET', `${this.url()}/form?${which}&as=${encodeURIComponent(as)}`);
    return answer.status === 200 ? { done: true, ...answer.body } : this.refused(answer);
  }

  url(key = this.view.key) {
    return `${this.given.sandboxUrl}/${key}`;
  }

  /** One thing at a time: what is asked for meanwhile waits for nothing and is left out. */
  async trying(work) {
    if (this.busy) return { refusal: say('Wait until the step before is done.') };
    this.tell({ busy: true, notice: null });
    try {
      return await work();
    } finally {
      this.tell({ busy: false });
    }
  }

  forget() {
    Object.assign(this, { caused: {}, models: {}, changed: [], view: null });
  }

  async show(view, before) {
    await this.readModels(view.diagrams);
    const caused = before && view.number > before.number ? effectsOf(before, view, this.models) : null;
    if (caused) this.caused = { ...this.caused, [view.number]: caused };
    const latest = this.caused[view.number];
    remember(view.key, this.caused);
    this.tell({ view, changed: latest ? latest.changed : [], latest: caused ? view.number : null });
  }

  async readModels(diagrams) {
    const unread = diagrams.filter(({ process }) => !this.models[process]);
    await Promise.all(unread.map(async ({ process, xmlUrl }) => { this.models[process] = await readModel(xmlUrl); }));
  }

  async refused({ status, body }) {
    const { dataset } = document.body;
    if (status === 0) return { refusal: say('The connection broke off. Everything is kept: try it again.') };
    if (status === 401) return { refusal: dataset.expired, login: `/login?next=${encodeURIComponent(here())}` };
    if (status === 409 && this.view) return this.overtaken();
    return { refusal: body.detail || dataset.unknown, errors: body.errors };
  }

  /** Someone else has stepped meanwhile: what stands now is shown, and nothing was done. */
  async overtaken() {
    const answer = await ask('GET', this.url());
    if (answer.status === 200) await this.show(answer.body);
    const refusal = say('Someone else took a step meanwhile. You see how it stands now; look, then try again.');
    this.tell({ notice: refusal });
    return { refusal, overtaken: true };
  }
}

const DONE = { done: true };

const here = () => window.location.pathname + window.location.search;

const store = key => `trial:${key}`;

/** What each step has caused is seen as it happens; it is kept for a reload of the page. */
function remember(key, caused) {
  try {
    sessionStorage.setItem(store(key), JSON.stringify(caused));
  } catch {
    // A full store keeps what was there.
  }
}

function remembered(key) {
  try {
    return JSON.parse(sessionStorage.getItem(store(key))) || {};
  } catch {
    return {};
  }
}
