import { FormEditor, SelectEntry } from '@bpmn-io/form-js-editor';
import { say } from '../bpmn/say.js';
import { written } from './keeping.js';
import { isOwn, OWN, paletteModule, propertiesModule, widgetOf } from './own.js';

/** A form that is edited: its text, its changes. `onChange` hears of every change. */
export class Editor {
  constructor(container, onChange) {
    this.container = container;
    this.form = new FormEditor({
      container,
      renderer: { compact: true },
      additionalModules: [paletteModule, propertiesModule(SelectEntry)]
    });
    this.marks = document.createElement('style');
    document.head.append(this.marks);
    this.form.on('commandStack.changed', 500, () => {
      this.mark();
      onChange();
    });
  }

  /** Read a file. Rejects with a sentence where the editor cannot show it. */
  async read(text) {
    const schema = parsed(text);
    const type = unknown(schema, this.form.get('formFields'));
    if (type) throw new Error(say('it has a component of a kind that forms do not know: {type}', { type }));
    await this.form.importSchema(schema);
    this.original = text;
    this.then = this.schema;
    this.mark();
  }

  /** The form as the editor has it. */
  get schema() {
    return JSON.parse(JSON.stringify(this.form.saveSchema()));
  }

  /** The file as it is now: the very text that was read where nothing is changed. Where all is undone, form-js still has rows
   * in its layout that it made on the way. */
  get text() {
    return this.can(-1) ? written(this.original, this.then, this.schema) : this.original;
  }

  can(step) {
    const stack = this.form.get('commandStack');
    return step < 0 ? stack.canUndo() : stack.canRedo();
  }

  step(direction) {
    if (this.can(direction)) this.form.get('editorActions').trigger(direction < 0 ? 'undo' : 'redo');
  }

  /** Choose the component with this id and bring it into sight. */
  show(id) {
    const field = this.form.get('formFieldRegistry').get(id);
    if (!field) return false;
    this.form.get('selection').set(field);
    const element = this.container.querySelector(`.fjs-element[data-id="${CSS.escape(id)}"]`);
    if (element) element.scrollIntoView({ block: 'center' });
    return true;
  }

  /** Take the chosen component away. */
  remove() {
    const field = this.form.get('selection').get();
    const registry = this.form.get('formFieldRegistry');
    const parent = field && field._parent && registry.get(field._parent);
    if (!parent) return false;
    this.form.get('modeling').removeFormField(field, parent, parent.components.findIndex(({ id }) => id === field.id));
    return true;
  }

  /** A sign on each component that is one of our fields: in the editor it looks like the standard one that it is. */
  mark() {
    const fields = this.form.get('formFieldRegistry').getAll();
    this.marks.textContent = fields.map(field => {
      const own = OWN.find(({ widget }) => widget === widgetOf(field));
      return own ? `.form-canvas .fjs-element[data-id="${CSS.escape(field.id)}"]::after { content: "${say(own.name)}"; }` : '';
    }).join('\n');
  }
}

function parsed(text) {
  try {
    const schema = JSON.parse(text);
    if (schema && typeof schema === 'object' && !Array.isArray(schema)) return schema;
  } catch {
    // Told below.
  }
  throw new Error(say('it is no JSON'));
}

/** The first kind of component that the editor does not know, or nothing. */
function unknown(part, formFields) {
  for (const child of Array.isArray(part.components) ? part.components : []) {
    // What the palette has of ours is no kind that may stand in a file.
    if (!child || !formFields.get(child.type) || isOwn(child.type)) return String(child && child.type);
    const inner = unknown(child, formFields);
    if (inner) return inner;
  }
  return '';
}
