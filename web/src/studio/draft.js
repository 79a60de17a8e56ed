// A file of a project as an editor has it: loaded once, saved by itself, never over somebody else's.
import { decode, encode, encodingOf, isMarked } from './bytes.js';
import { frame } from './frame.js';
import { keptOf } from './kept.js';
import { say } from './words.js';

const REST_MS = 2000; // after the last change
const AGAIN_MS = [3000, 6000, 15000, 30000];
const STAYS = ['conflict', 'expired']; // somebody has to decide first

let opened = null;

/** The draft of this page, made once, with its state shown in the bar above the editor. */
export function openDraft() {
  if (opened) return opened;
  const told = JSON.parse(document.getElementById('draft').textContent);
  opened = new DraftFile(told);
  frame(opened);
  return opened;
}

/**
 * `load()` gives the text; `changed(give)` says that it is another one by now, and `give` tells which (or a promise of it).
 * `state` is saved, unsaved, saving, offline, expired, refused, conflict or behind; an event of that name tells each change.
 */
export class DraftFile extends EventTarget {
  #give = null;
  #edits = 0;
  #saving = null;
  #timer = 0;
  #failed = 0;
  #original = { text: null, bytes: new Uint8Array() };
  #savedText = null;

  constructor(told) {
    super();
    this.told = told;
    this.digest = told.digest;
    this.revision = told.revision;
    this.state = 'saved';
    this.detail = {};
    this.kept = keptOf(told.project, told.name);
  }

  /** The text to edit: as the server has it, or what was kept in this browser where the person goes on with that. */
  async load() {
    const response = await fetch(this.told.contentUrl, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
    if (response.status === 401) this.become('expired');
    if (!response.ok) throw new Error(say('The file could not be loaded. Reload the page.'));
    const bytes = new Uint8Array(await response.arrayBuffer());
    this.digest = response.headers.get('ETag').replace(/"/g, '');
    const text = this.#read(bytes);
    this.#original = { text, bytes };
    this.#savedText = text;
    return this.#takeUp(text);
  }

  #read(bytes) {
    try {
      return decode(bytes);
    } catch {
      const values = { name: this.told.name, encoding: encodingOf(bytes) };
      const reason = say('{name} is written in {encoding} and has bytes that are no letters in it. Download it, mend it and upload it again.', values);
      this.become('refused', { reason });
      throw new Error(reason);
    }
  }

  async #takeUp(text) {
    const kept = this.kept.read();
    if (!kept || kept.text === text) {
      this.kept.drop();
      return text;
    }
    const { askKept } = await import('./dialogs.js');
    if (!(await askKept(this.told.name, kept))) {
      this.kept.drop();
      return text;
    }
    this.digest = kept.digest;
    this.changed(() => kept.text);
    return kept.text;
  }

  /** Something was edited. It is kept at once and saved when nothing more comes for a while. */
  changed(give) {
    this.#give = give;
    this.#edits += 1;
    if (!STAYS.includes(this.state)) this.become('unsaved');
    this.#saveIn(REST_MS);
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.#keep(), 250);
  }

  async #keep() {
    const text = await this.#text();
    if (text !== null && text !== this.#savedText) this.kept.write(text, this.digest);
  }

  async #text() {
    try {
      return this.#give ? await this.#give() : null;
    } catch {
      return null; // in the midst of a change; the next one tells
    }
  }

  #saveIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), ms);
  }

  /** Save what is not saved. Whether all is saved afterwards. */
  async flush() {
    clearTimeout(this.#timer);
    while (this.#saving) await this.#saving;
    if (this.state === 'saved') return true;
    if (STAYS.includes(this.state) || !this.#give) return false;
    const edits = this.#edits;
    const text = await this.#text();
    if (text === null) return false;
    const done = text === this.#savedText ? this.#same() : await this.save(text);
    return done && edits === this.#edits;
  }

  #same() {
    this.kept.drop();
    this.become('saved');
    return true;
  }

  /** Save this text now, with a comment as a revision of its own. Whether it was saved. */
  async save(text, { comment = '' } = {}) {
    while (this.#saving) await this.#saving;
    const edits = this.#edits;
    this.become('saving');
    this.#saving = put(this.told.contentUrl, this.#bytes(text), { 'If-Match': `"${this.digest}"` }, comment);
    const answer = await this.#saving;
    this.#saving = null;
    return this.#answered(answer, text, edits);
  }

  /** The text as it is by now; `text` where nothing tells. */
  async newest(text) {
    const found = await this.#text();
    return found === null ? text : found;
  }

  /** Save the present state with a comment, as a revision of its own. Whether it was saved. */
  async comment(comment) {
    if (STAYS.includes(this.state)) return false;
    return this.save(await this.newest(this.#savedText), { comment });
  }

  #bytes(text) {
    const { text: original, bytes } = this.#original;
    return text === original ? bytes : encode(text, isMarked(bytes));
  }

  #answered({ status, body }, text, edits) {
    if (status === 200) return this.#arrived(body, text, edits);
    if (text !== this.#savedText) this.kept.write(text, this.digest);
    if (status === 401 || status === 403) this.become('expired');
    else if (status === 409 || status === 404) this.become('conflict', { ...body, text });
    else if (status >= 400 && status < 500) this.become('refused', { reason: body.detail });
    else this.#again();
    return false;
  }

  #arrived(body, text, edits) {
    Object.assign(this, { digest: body.digest, revision: body.revision });
    this.#failed = 0;
    this.#savedText = text;
    this.become(edits === this.#edits ? 'saved' : 'unsaved');
    if (edits === this.#edits) this.kept.drop();
    else this.#saveIn(REST_MS);
    return true;
  }

  #again() {
    this.become('offline');
    this.#saveIn(AGAIN_MS[Math.min(this.#failed, AGAIN_MS.length - 1)]);
    this.#failed += 1;
  }

  /** Save this text as a new file of the project, under the first free name. Gives `{name, url}`; throws with a reason. */
  async saveAsCopy(text) {
    const { name, project } = this.told;
    for (let number = 1; number < 100; number += 1) {
      const copy = copyName(name, number);
      const url = `/studio/${project}/files/${encodeURIComponent(copy)}`;
      const { status, body } = await put(`${url}/content`, this.#bytes(text), { 'If-None-Match': '*' }, '');
      if (status === 200) {
        this.kept.drop();
        return { name: copy, url };
      }
      if (status !== 409) throw new Error(body.detail || say('No connection: kept in this browser, tried again'));
    }
    throw new Error(name);
  }

  /** Whether the server has another state by now than the one that is edited. */
  async look() {
    if (this.state !== 'saved') return;
    const asked = this.digest;
    const headers = { Accept: 'application/json' };
    const response = await fetch(this.told.stateUrl, { credentials: 'same-origin', headers }).catch(() => null);
    if (!response || this.state !== 'saved' || this.digest !== asked) return;
    if (response.status === 404) this.become('conflict', { current: null, text: this.#savedText });
    if (!response.ok) return;
    const current = await response.json();
    if (current.digest !== asked) this.become('behind', { current });
  }

  become(state, detail = {}) {
    this.state = state;
    this.detail = detail;
    this.dispatchEvent(new CustomEvent(state, { detail }));
    this.dispatchEvent(new CustomEvent('state', { detail: { state, ...detail } }));
  }
}

function copyName(name, number) {
  const dot = name.lastIndexOf('.');
  const counted = number > 1 ? `-${number}` : '';
  return `${name.slice(0, dot)}-${say('copy')}${counted}${name.slice(dot)}`;
}

/** The answer to a change as `{status, body}`; status 0 where none came. */
async function put(url, bytes, headers, comment) {
  const told = comment ? `${url}?comment=${encodeURIComponent(comment)}` : url;
  const sent = {
    method: 'PUT',
    credentials: 'same-origin',
    headers: { ...headers, Accept: 'application/json', 'Content-Type': 'application/octet-stream', 'X-CSRF-Token': document.body.dataset.csrf },
    body: bytes
  };
  try {
    const response = await fetch(told, sent);
    return { status: response.status, body: await response.json().catch(() => ({})) };
  } catch {
    return { status: 0, body: {} };
  }
}
