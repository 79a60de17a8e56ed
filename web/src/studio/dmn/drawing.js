import { clothed } from '../bpmn/keeping.js';
import { History } from './history.js';
import { lost } from './lost.js';
import { modeler } from './modeler.js';
import { asItWas, readable } from './versions.js';

/** A decision model that is edited: its views, its changes, its text. `onChange` hears of every change. */
export class Drawing {
  constructor(container, readonly, onChange = () => {}) {
    this.dmn = modeler(container, readonly);
    this.onChange = onChange;
    this.turn = Promise.resolve();
    this.dmn.on('viewer.created', ({ viewer }) => this.listen(viewer));
    this.dmn.on('import.render.complete', ({ error }) => error || this.settle());
  }

  /** Read a file. Rejects where dmn-js cannot. */
  async read(text) {
    this.original = text;
    const { xml, own } = readable(text);
    this.own = own;
    await this.dmn.importXML(xml, { open: false });
    this.history = new History(await this.xml(), null);
  }

  /** What of the file dmn-js would not write again. */
  async lost() {
    return lost(this.original, asItWas(await this.xml(), this.own));
  }

  /** The file as it is now: the very bytes that were read where nothing is changed. */
  get text() {
    if (!this.history || !this.history.changed) return this.original;
    return clothed(this.original, asItWas(this.history.now.xml, this.own));
  }

  get views() {
    return this.dmn.getViews();
  }

  get view() {
    return this.dmn.getActiveView();
  }

  get viewer() {
    return this.dmn.getActiveViewer();
  }

  async open(view) {
    const opened = await this.dmn.open(view);
    if (view.type === 'drd') this.centre();
    return opened;
  }

  /** The graph in the middle, clear of the palette and of the model's name. */
  centre() {
    const canvas = this.viewer.get('canvas');
    if (canvas.getContainer().clientWidth) canvas.zoom('fit-viewport', 'auto');
  }

  viewOf(id) {
    return this.views.find(view => view.element.id === id);
  }

  /** Undo with -1, do again with 1: by the view's own commands where it still knows them. */
  async step(direction) {
    const stack = this.viewer && this.viewer.get('commandStack', false);
    if (direction < 0 && stack && stack.canUndo()) stack.undo();
    else if (direction > 0 && stack && stack.canRedo()) stack.redo();
    else if (this.history.can(direction)) await this.restore(this.history.go(direction));
    return this.turn;
  }

  async restore({ xml, view }) {
    const shown = view || (this.view && this.view.element.id);
    this.moving = true;
    try {
      await this.dmn.importXML(xml, { open: false });
      await this.open(this.viewOf(shown) || this.views[0]);
    } finally {
      this.moving = false;
    }
    this.onChange();
  }

  listen(viewer) {
    viewer.get('eventBus').on('commandStack.changed', ({ trigger }) => {
      if (trigger === 'clear' || this.moving) return;
      const view = this.view && this.view.element.id;
      this.soon(xml => this.history.note(xml, view, trigger));
    });
  }

  settle() {
    if (!this.moving) this.soon(xml => this.history.settle(xml), false);
  }

  /** One after the other, in the order of the changes. */
  soon(what, tell = true) {
    this.turn = this.turn.then(() => this.xml()).then(xml => {
      what(xml);
      if (tell) this.onChange();
    });
  }

  async xml() {
    return (await this.dmn.saveXML({ format: true })).xml;
  }
}
