import { say } from '../bpmn/say.js';

// Our fields: a standard component with a property, which the product's forms show as something else. The drawings are
// those of the pages' icons, in a grey that stands on either theme.
export const OWN = [
  { widget: 'employee', type: 'textfield', name: 'Employee', also: ['select'], icon: '<circle cx="27" cy="20" r="7"/><path d="M13 42c0-8 6-13 14-13s14 5 14 13"/>' },
  { widget: 'department', type: 'textfield', name: 'Department', also: ['select'], icon: '<rect x="20" y="10" width="14" height="10" rx="2"/><rect x="8" y="34" width="14" height="10" rx="2"/><rect x="32" y="34" width="14" height="10" rx="2"/><path d="M27 20v7M15 34v-7h24v7"/>' },
  { widget: 'signature', type: 'textfield', name: 'Signature', also: [], icon: '<path d="M10 36c8-14 12-20 16-20 5 0-2 18 2 18 3 0 5-9 8-9 2 0 1 7 4 7 1 0 2-1 4-3"/><path d="M10 44h34"/>' },
  { widget: 'idNumber', type: 'textfield', name: 'ID number', also: [], icon: '<rect x="8" y="13" width="38" height="28" rx="3"/><circle cx="19" cy="25" r="4"/><path d="M12 36c1-4 4-6 7-6s6 2 7 6M32 22h9M32 29h9M32 36h6"/>' }
];

export const isOwn = type => OWN.some(({ widget }) => type === `own-${widget}`);
export const widgetOf = field => (field.properties || {}).widget;

const picture = ({ icon }) =>
  `data:image/svg+xml;base64,${btoa(`<svg xmlns="http://www.w3.org/2000/svg" width="36" height="36" viewBox="0 0 54 54" fill="none" stroke="#667085" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round">${icon}</svg>`)}`;

/** Our fields in the palette: what is put into the form is the standard component with its property. */
function palette(formFields) {
  OWN.forEach(own => {
    const Standard = formFields.get(own.type);
    const Entry = props => Standard(props);
    Entry.config = {
      ...Standard.config,
      type: `own-${own.widget}`,
      name: say(own.name),
      label: say(own.name),
      iconUrl: picture(own),
      create: (given, isNew) => ({ ...Standard.config.create(given, isNew), type: own.type, properties: { widget: own.widget } })
    };
    formFields.register(Entry.config.type, Entry);
  });
}
palette.$inject = ['formFields'];

export const paletteModule = { __init__: [palette] };

/** A group of the properties that says what a standard component is used for. `SelectEntry` is the panel's own. */
export function propertiesModule(SelectEntry) {
  function Use({ field, editField, id, options }) {
    return SelectEntry({
      element: field,
      id,
      label: say('Kind of field'),
      description: say('Kept as a property, so that the file stays one that any form editor opens.'),
      getValue: () => widgetOf(field) || '',
      setValue: value => editField(field, ['properties'], withWidget(field.properties, value)),
      getOptions: () => [{ value: '', label: say('an ordinary field') }, ...options.map(({ widget, name }) => ({ value: widget, label: say(name) }))]
    });
  }
  function provider(propertiesPanel) {
    propertiesPanel.registerProvider({
      getGroups: (field, editField) => groups => {
        const options = field ? OWN.filter(({ type, also }) => type === field.type || also.includes(field.type)) : [];
        if (!options.length) return groups;
        const entry = { id: 'own-use', component: Use, field, editField, options, isEdited: () => Boolean(widgetOf(field)) };
        return [groups[0], { id: 'own', label: say('Special field'), entries: [entry] }, ...groups.slice(1)].filter(Boolean);
      }
    }, 400);
  }
  provider.$inject = ['propertiesPanel'];
  return { __init__: [provider] };
}

function withWidget(properties, widget) {
  const others = { ...properties };
  delete others.widget;
  if (widget) others.widget = widget;
  return Object.keys(others).length ? others : undefined;
}
