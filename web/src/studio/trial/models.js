const BPMN = 'http://www.omg.org/spec/BPMN/20100524/MODEL';

/** Reads a diagram's file: its text, and its elements by id as `{name, tag}`. */
export async function readModel(url) {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`The diagram could not be read: ${response.status}`);
  const xml = await response.text();
  return { xml, elements: elementsOf(xml) };
}

function elementsOf(xml) {
  const found = {};
  const { documentElement } = new DOMParser().parseFromString(xml, 'application/xml');
  documentElement.querySelectorAll('[id]').forEach(element => {
    if (element.namespaceURI !== BPMN) return;
    found[element.id] = { name: (element.getAttribute('name') || '').replace(/\s+/g, ' ').trim(), tag: element.localName };
  });
  return found;
}

const FLOWS = ['sequenceFlow', 'messageFlow', 'association'];

export const isFlow = element => Boolean(element) && FLOWS.includes(element.tag);
