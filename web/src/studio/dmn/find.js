/** The element of the file with this id, and the decision or other part of the graph that holds it. */
export function find(definitions, id) {
  if (definitions.id === id) return { element: definitions, holder: definitions };
  for (const holder of [...(definitions.drgElement || []), ...(definitions.artifact || [])]) {
    const element = within(holder, id);
    if (element) return { element, holder };
  }
  return null;
}

function within(element, id) {
  if (element.id === id) return element;
  for (const { name, isReference } of element.$descriptor.properties) {
    const value = isReference ? null : element[name];
    for (const child of Array.isArray(value) ? value : [value]) {
      const found = child && child.$descriptor ? within(child, id) : null;
      if (found) return found;
    }
  }
  return null;
}

/** Show the element: open the view that it stands in, choose it, and bring it into sight. */
export async function show(drawing, id) {
  const found = find(drawing.dmn.getDefinitions(), id);
  if (!found) return false;
  const own = drawing.viewOf(found.holder.id);
  const view = own || drawing.views[0];
  if (!drawing.view || view.id !== drawing.view.id) {
    await drawing.open(view);
    await new Promise(requestAnimationFrame); // a table draws itself in turns
  }
  if (own && own.type !== 'drd') choose(drawing, cellOf(found.element, found.holder));
  else point(drawing.viewer, found.holder.id);
  return true;
}

/** Columns are chosen by their input; what stands in a cell by the cell. */
function cellOf(element, holder) {
  const parent = element.$parent;
  if (parent && parent !== holder && /Input(Clause)?$/.test(parent.$type)) return parent.id;
  return element.id;
}

function choose(drawing, id) {
  const container = drawing.dmn._container;
  const cell = container.querySelector(`[data-element-id="${CSS.escape(id)}"]`);
  if (!cell) return;
  cell.scrollIntoView({ block: 'center', inline: 'center' });
  const registry = drawing.viewer.get('elementRegistry', false);
  const selection = drawing.viewer.get('selection', false);
  if (selection && registry && registry.get(id)) return selection.select(id); // which gives it the focus
  const field = cell.matches('[contenteditable]') ? cell : cell.querySelector('[contenteditable], button, [tabindex]');
  if (field) field.focus();
}

function point(viewer, id) {
  const shape = viewer.get('elementRegistry').get(id);
  if (!shape) return;
  viewer.get('canvas').scrollToElement(shape, 80);
  const selection = viewer.get('selection', false);
  if (selection) selection.select(shape);
}
