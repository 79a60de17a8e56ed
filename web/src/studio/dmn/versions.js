// dmn-js reads and writes the namespaces of DMN 1.3 alone. What the file names itself is put back when it is saved, so
// that a file of DMN 1.5 stays one; whatever 1.3 has no element for is found by `lost` before anybody edits.
const KNOWN = {
  MODEL: 'https://www.omg.org/spec/DMN/20191111/MODEL/',
  DMNDI: 'https://www.omg.org/spec/DMN/20191111/DMNDI/'
};
const VERSIONS = {
  MODEL: /(["'])(https?:\/\/www\.omg\.org\/spec\/DMN\/(?:20180521|20191111|20211108|20230324|20240513)\/MODEL\/)\1/,
  DMNDI: /(["'])(https?:\/\/www\.omg\.org\/spec\/DMN\/(?:20180521|20191111|20211108|20230324|20240513)\/DMNDI\/)\1/
};

/** The file as dmn-js takes it, and the way back: `{xml, own}`. */
export function readable(text) {
  let xml = text;
  const own = {};
  for (const [kind, pattern] of Object.entries(VERSIONS)) {
    const found = text.match(pattern);
    own[kind] = found ? found[2] : KNOWN[kind];
    if (found) xml = swap(xml, found[2], KNOWN[kind]);
  }
  return { xml, own };
}

/** What dmn-js wrote, under the namespaces that the file came with. */
export function asItWas(xml, own) {
  return Object.keys(KNOWN).reduce((text, kind) => swap(text, KNOWN[kind], own[kind]), xml);
}

/** One namespace for another, where it stands as a whole value in the start tag of the root. */
function swap(text, from, to) {
  const root = text.match(/<(?![!?])[^>]*>/);
  if (!root || from === to) return text;
  const start = root[0].split(`"${from}"`).join(`"${to}"`).split(`'${from}'`).join(`'${to}'`);
  return text.slice(0, root.index) + start + text.slice(root.index + root[0].length);
}
