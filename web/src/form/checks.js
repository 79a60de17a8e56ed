import { isDay } from './days.js';
import { keysOf } from './files.js';
import { fault } from './identity.js';

const MB = 1024 * 1024;
const isEmpty = value => value === undefined || value === null || value === '' || value === false;
const ending = name => name.slice(name.lastIndexOf('.')).toLowerCase();

/** Rules beyond form-js' own, as a module: a day is a day, a file is of a kind and a size that are taken in.
 *
 * `uploads` is what the server takes in: `{most, kinds}`, bytes and endings without the dot.
 */
export function checksModule(uploads) {
  function checks(validator, viewerCommands, formFieldRegistry, fileRegistry, translate) {
    const standard = validator.validateFieldInstance.bind(validator);
    validator.validateFieldInstance = (instance, value) => {
      const field = formFieldRegistry.get(instance.id) || {};
      const rule = OWN[(field.properties || {}).widget] || OWN[field.type];
      const own = rule ? rule(field, value, { uploads, fileRegistry, translate }) : [];
      return own.length ? own : standard(instance, value);
    };
    // To pass by an empty field is no mistake yet: it is told when the form is sent.
    const look = viewerCommands.updateFieldInstanceValidation.bind(viewerCommands);
    viewerCommands.updateFieldInstanceValidation = (instance, value) => isEmpty(value) || look(instance, value);
  }
  checks.$inject = ['validator', 'viewerCommands', 'formFieldRegistry', 'fileRegistry', 'translate'];
  return { __init__: [checks] };
}

// By widget, or else by type.
const OWN = {
  idNumber(field, value, { translate }) {
    const told = isEmpty(value) ? null : fault(value);
    return told ? [translate(told)] : [];
  },
  datetime(field, value, { translate }) {
    if (field.subtype !== 'date' || isEmpty(value) || isDay(value)) return [];
    return [translate('“{value}” is no day. Write it like 2026-12-31, or choose it from the calendar.', { value })];
  },
  filepicker(field, value, { uploads, fileRegistry, translate }) {
    const chosen = keysOf(value).flatMap(key => fileRegistry.getFiles(key));
    return chosen.map(file => misfit(file, field, uploads, translate)).filter(Boolean);
  }
};

function misfit(file, field, uploads, translate) {
  const kinds = kindsOf(field, uploads);
  if (!kinds.includes(ending(file.name).slice(1)))
    return translate('{name} is of a kind that is not taken in here. Choose one of: {kinds}.', {
      name: file.name,
      kinds: kinds.join(' ')
    });
  if (file.size > uploads.most)
    return translate('{name} has {size} MB; {most} MB is the most. Make it smaller, or write where it lies.', {
      name: file.name,
      size: (file.size / MB).toFixed(1),
      most: Math.floor(uploads.most / MB)
    });
  return file.size ? null : translate('{name} is empty. Choose the file again.', { name: file.name });
}

const PICTURES = ['png', 'jpg', 'jpeg', 'webp', 'heic'];

/** What is taken in everywhere, narrowed to what this field asks for. */
function kindsOf(field, uploads) {
  const asked = String(field.accept || '')
    .split(',')
    .map(part => part.trim().toLowerCase())
    .filter(Boolean);
  if (!asked.length || asked.some(part => !/^(\.\w+|image\/\*)$/.test(part))) return uploads.kinds;
  const wanted = asked.flatMap(part => (part === 'image/*' ? PICTURES : [part.slice(1)]));
  return uploads.kinds.filter(kind => wanted.includes(kind));
}

/** What the server says of files, by the key they were sent under, as errors of the fields that hold the key. */
export function misfits(form, byKey = {}) {
  const errors = {};
  const { data } = form._getState();
  form
    .get('formFieldInstanceRegistry')
    .getAllKeyed()
    .forEach(({ id, valuePath, indexes }) => {
      const value = valuePath.reduce((at, part) => (at || {})[part], data);
      const said = keysOf(value).flatMap(key => byKey[key] || []);
      if (said.length) put(errors, [id, ...Object.values(indexes || {})], said);
    });
  return errors;
}

function put(errors, path, said) {
  const last = path[path.length - 1];
  const holder = path.slice(0, -1).reduce((at, part) => (at[part] = at[part] || {}), errors);
  holder[last] = said;
}
