import Modeler from 'camunda-bpmn-js/lib/camunda-cloud/Modeler';
import executableFix from 'bpmn-js-executable-fix';
import { lintModule, linting } from './lint.js';
import { clothed, comments } from './keeping.js';
import { orderingModule } from './ordering.js';
import { layoutOf } from './panel.js';
import { say, translateModule } from './say.js';
import { variablesModule } from './variables.js';

// A file is what its author drew: nothing is filled in because somebody looked at it.
class Studio extends Modeler {}
Studio.prototype._modules = Modeler.prototype._modules.filter(part => part !== executableFix);

const ENCODING = /^unsupported document encoding/; // the text was decoded before
const READABLE = 0.5;
const unread = what => say('Not understood, and lost once you change something here: {what}', { what });
const BESIDE = 28; // on either side of the palette, in pixels

/** The modeller of Camunda 8 in `canvas`, its properties in `panel`. */
export function modeller(canvas, panel) {
  return new Studio({
    container: canvas,
    disableAdjustOrigin: true,
    linting,
    propertiesPanel: { parent: panel, layout: layoutOf(), getFeelPopupLinks: () => [] },
    additionalModules: [lintModule, translateModule, variablesModule, orderingModule]
  });
}

/** One file in the modeller: what was read, and how it stands now. */
export class Drawing {
  constructor(modeler) {
    this.modeler = modeler;
    this.original = '';
    this.kept = null;
    modeler.on('commandStack.changed', () => { this.kept = null; });
  }

  /** Draw the text of a file; gives in words what of it a change would lose. Throws where there is nothing to draw. */
  async show(text) {
    this.original = text;
    this.kept = null;
    const { warnings } = await this.modeler.importXML(text);
    const remarks = comments(text);
    return [
      ...(remarks ? [say('Comments inside the file ({n}) are lost once you change something here.', { n: remarks })] : []),
      ...warnings.map(({ message }) => message).filter(message => !ENCODING.test(message)).map(unread)
    ];
  }

  get changed() {
    return this.modeler.get('commandStack').canUndo();
  }

  /** The file as it stands: the very text that was read where every change is undone. */
  async text() {
    if (!this.changed) return this.original;
    if (this.kept === null) {
      const { xml } = await this.modeler.saveXML({ format: true });
      this.kept = clothed(this.original, xml);
    }
    return this.kept;
  }

  /** Mark an element, bring it into sight, and show its properties. */
  select(id) {
    const canvas = this.modeler.get('canvas');
    const registry = this.modeler.get('elementRegistry');
    const element = registry.get(id);
    if (!element) return this.modeler.get('selection').select([]);
    const root = canvas.findRoot(element);
    if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
    this.modeler.get('selection').select(element);
    if (element.parent) canvas.scrollToElement(element, 120);
    return element;
  }

  /** All of it where that can be read, else its beginning. */
  begin() {
    const canvas = this.modeler.get('canvas');
    fit(canvas);
    if (canvas.zoom() >= READABLE) return;
    canvas.zoom(READABLE);
    const { inner } = canvas.viewbox();
    const first = this.modeler.get('elementRegistry').find(one => one.type === 'bpmn:StartEvent' && one.parent === canvas.getRootElement());
    canvas.viewbox({ ...canvas.viewbox(), x: inner.x - palette(canvas) / READABLE, y: (first ? first.y : inner.y) - 200 / READABLE });
  }
}

/** Show all of it, beside the palette. */
export function fit(canvas) {
  canvas.zoom('fit-viewport', 'auto');
  const { x, inner, scale } = canvas.viewbox();
  const hidden = palette(canvas) - (inner.x - x) * scale;
  if (hidden > 0) canvas.scroll({ dx: hidden, dy: 0 });
}

/** How much of the canvas the palette hides, from the left. */
function palette(canvas) {
  const drawn = canvas.getContainer().querySelector('.djs-palette');
  return (drawn ? drawn.offsetWidth : 0) + BESIDE;
}
