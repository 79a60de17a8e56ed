import dmn from 'dmn-moddle/resources/dmn/json/dmn13.json';

const DRAWING = /spec\/DMN\/\d+\/(DMNDI|DI|DC)\/$/;

// moddle leaves out an attribute that says what is so anyway.
const IMPLIED = new Set(
  dmn.types.flatMap(type => (type.properties || []).filter(({ isAttr, default: given }) => isAttr && given !== undefined))
    .map(({ name, default: given }) => `${name}=${given}`)
);

/** What of one XML file is not in another, as names of elements and attributes: `{meaning, drawing}`, of the model and of
 * how it is drawn; both empty where nothing gets lost. */
export function lost(before, after) {
  const kept = counted(after);
  const missing = { meaning: new Set(), drawing: new Set() };
  counted(before).forEach((times, line) => {
    const [, kind, name] = line.split('\n');
    if ((kept.get(line) || 0) < times) missing[kind].add(name);
  });
  return { meaning: [...missing.meaning], drawing: [...missing.drawing] };
}

function counted(text) {
  const lines = new Map();
  const root = new DOMParser().parseFromString(text, 'text/xml').documentElement;
  walk(root, '', lines);
  return lines;
}

/** One line for each element, attribute and text, with the way to it; the order of siblings counts for nothing. */
function walk(element, path, lines) {
  const name = `{${element.namespaceURI}}${element.localName}`;
  const here = `${path}/${name}#${element.getAttribute('id') || ''}`;
  const kind = DRAWING.test(element.namespaceURI) ? 'drawing' : 'meaning';
  add(lines, here, kind, `<${element.localName}>`);
  for (const { name: key, value, namespaceURI } of element.attributes) {
    if (namespaceURI === 'http://www.w3.org/2000/xmlns/' || IMPLIED.has(`${key}=${value}`)) continue;
    add(lines, `${here}@${key.replace(/^.*:/, '')}=${plain(value)}`, kind, key);
  }
  const text = [...element.childNodes].filter(({ nodeType }) => nodeType === 3 || nodeType === 4).map(node => node.data).join('');
  if (text.trim()) add(lines, `${here}=${element.children.length ? text.trim() : text}`, kind, `<${element.localName}>`);
  [...element.children].forEach(child => walk(child, here, lines));
}

/** 150.0 is written as 150. */
const plain = value => (/^-?\d+(\.\d+)?$/.test(value) ? String(Number(value)) : value);

function add(lines, line, kind, name) {
  const key = `${line}\n${kind}\n${name}`;
  lines.set(key, (lines.get(key) || 0) + 1);
}
