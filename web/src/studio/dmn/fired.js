/** Marks rows of the open table: the rules that fired stand out, the others step back. A sheet of style does it, which
 * outlives whatever the table draws anew. */
export class Fired {
  constructor(canvas) {
    this.canvas = canvas;
    this.sheet = document.createElement('style');
    document.head.append(this.sheet);
    this.clear();
  }

  /** Mark by what was decided, `[{id, kind, rules: [{index}]}]`. */
  mark(decisions) {
    this.decisions = new Map(decisions.filter(({ kind }) => kind === 'DECISION_TABLE').map(each => [each.id, each]));
  }

  clear() {
    this.decisions = new Map();
    this.sheet.textContent = '';
    this.canvas.classList.remove('dmn-fired');
  }

  /** The table of this decision is open now. */
  draw(id) {
    const found = this.decisions.get(id);
    this.canvas.classList.toggle('dmn-fired', Boolean(found));
    const rows = found ? found.rules.map(({ index }) => `.dmn-fired .tjs-table tbody tr:nth-child(${Number(index)}) > td`) : [];
    this.sheet.textContent = rows.length ? `${rows.join(', ')} { opacity: 1; background: var(--dmn-fired); }` : '';
  }
}
