import Modeler from 'camunda-bpmn-js/lib/camunda-cloud/Modeler';
import { lintModule, linting } from './lint.js';
import { clothed } from './keeping.js';
import { layoutOf } from './panel.js';
import { translateModule } from './say.js';
import { variablesModule } from './variables.js';

// A file is what its author drew: nothing moves, and nothing is filled in, because somebody looked at it.
const HANDS_OFF = { executableFix: ['value', null] };
const READABLE = 0.5;
const PALETTE = 96;

/** The modeller of Camunda 8 in `canvas`, its properties in `panel`. */
export function modeller(canvas, panel) {
  return new Modeler({
    container: canvas,
    disableAdjustOrigin: true,
    linting,
    propertiesPanel: { parent: panel, layout: layoutOf(), getFeelPopupLinks: () => [] },
    additionalModules: [lintModule, translateModule, variablesModule, HANDS_OFF]
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

  /** Draw the text of a file; gives what of it was not understood, in words. Throws where there is nothing to draw. */
  async show(text) {
    this.original = text;
    this.kept = null;
    const { warnings } = await this.modeler.importXML(text);
    return warnings.map(warning => warning.message);
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
    canvas.viewbox({ ...canvas.viewbox(), x: inner.x - PALETTE / READABLE, y: (first ? first.y : inner.y) - 200 / READABLE });
  }
}

/** Show all of it, beside the palette. */
export function fit(canvas) {
  canvas.zoom('fit-viewport', 'auto');
  const { x, inner, scale } = canvas.viewbox();
  const hidden = PALETTE - (inner.x - x) * scale;
  if (hidden > 0) canvas.scroll({ dx: hidden, dy: 0 });
}
