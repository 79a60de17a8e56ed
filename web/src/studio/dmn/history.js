const MOST = 200;

/** The states that the file went through, one for each change, with the view that it was made in. A viewer forgets its own
 * commands when another view is opened; these reach back over it. */
export class History {
  constructor(xml, view) {
    this.pristine = xml;
    this.states = [{ xml, view }];
    this.at = 0;
  }

  get now() {
    return this.states[this.at];
  }

  get changed() {
    return this.now.xml !== this.pristine;
  }

  can(step) {
    return Boolean(this.states[this.at + step]);
  }

  /** A command was done, undone or done again: `xml` is what came of it. */
  note(xml, view, trigger) {
    if (xml === this.now.xml) return;
    const step = { undo: -1, redo: 1 }[trigger];
    const other = step && this.states[this.at + step];
    if (other && other.xml === xml) this.at += step;
    else this.add({ xml, view });
  }

  /** What opening a view writes by itself, such as a layout where the file has none, is no change. */
  settle(xml) {
    if (this.states.length === 1) this.pristine = xml;
    this.now.xml = xml;
  }

  /** Go one state back or on. Gives the state to show, and the view of the change. */
  go(step) {
    const { view } = step < 0 ? this.now : this.states[this.at + 1];
    this.at += step;
    return { xml: this.now.xml, view };
  }

  add(state) {
    this.states.splice(this.at + 1, MOST, state);
    if (this.states.length > MOST) this.states.shift();
    this.at = this.states.length - 1;
  }
}
