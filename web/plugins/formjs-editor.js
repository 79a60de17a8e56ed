import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EDITOR, UNSAID } from '../src/studio/form/editor-words.js';
import { VIEWER } from '../src/studio/form/viewer-words.js';

// form-js-editor 1.23, and the viewer in it, have their English in the code. Each text that has Chinese words is handed to
// `say` here; the build fails on words that are not said any more, and on texts without words, so that a new version
// cannot speak English unnoticed.
const SAY = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'src', 'studio', 'form', 'say.js');
const PARTS = [
  ['viewer', /form-js-editor\/node_modules\/@bpmn-io\/form-js-viewer\/dist\/index\.es\.js$/, VIEWER],
  ['editor', /@bpmn-io\/form-js-editor\/dist\/index\.es\.js$/, EDITOR]
];
const SPOKEN = new Set(['label', 'title', 'placeholder', 'tooltip', 'description', 'children', 'aria-label', 'name', 'text']);
const THROUGH = new Set(['ArrayExpression', 'ConditionalExpression', 'LogicalExpression', 'BinaryExpression']);
const SILENT = new Set(['ImportDeclaration', 'ExportAllDeclaration', 'ThrowStatement', 'NewExpression', 'SwitchCase', 'MemberExpression']);

export default function formjsEditor() {
  return {
    name: 'formjs-editor-words',
    enforce: 'pre',
    transform(code, id) {
      const found = PARTS.find(([, file]) => file.test(id));
      if (!found) return null;
      const [part, , words] = found;
      const { texts, unsaid } = read(this.parse(code), code);
      const said = new Set(texts.map(({ text }) => text));
      const lost = Object.keys(words).filter(text => !said.has(text));
      if (lost.length) this.error(`form-js-editor (${part}) no longer says ${JSON.stringify(lost)}; see editor-words.js`);
      const without = [...unsaid].filter(text => !(text in words) && !UNSAID.has(text));
      if (without.length) this.error(`form-js-editor (${part}) says what has no words in editor-words.js: ${JSON.stringify(without)}`);
      const more = part === 'editor' ? '\nexport { SelectEntry };' : ''; // for properties of our own in its panel
      return { code: `import __say from ${JSON.stringify(SAY)};\n${edited(code, texts, words, part)}${more}`, map: null };
    }
  };
}

/** Every text of the code with its place, and those that stand where people read them. */
function read(program, code) {
  const texts = [];
  const unsaid = new Set();
  const walk = (node, spoken) => {
    if (Array.isArray(node)) return node.forEach(child => walk(child, spoken));
    if (!node || typeof node.type !== 'string') return;
    const text = textOf(node, code);
    if (text) {
      texts.push(text);
      if (spoken && /[A-Za-z]{2}/.test(text.text) && /^[A-Z"`<]| /.test(text.text)) unsaid.add(text.text);
    }
    children(node).forEach(([child, heard]) => walk(child, heard === undefined ? THROUGH.has(node.type) && spoken : heard));
  };
  walk(program.body, false);
  return { texts, unsaid };
}

/** The parts of a node that may hold texts, each with whether people read it, where the node knows. */
function children(node) {
  if (SILENT.has(node.type)) return node.type === 'SwitchCase' ? [[node.consequent]] : node.type === 'NewExpression' ? [] : [[node.object], [node.argument]];
  if (node.type === 'Property') return [[node.value, SPOKEN.has(node.key.name || node.key.value)]];
  if (node.type === 'ReturnStatement') return [[node.argument, true]];
  if (node.type === 'BinaryExpression' && node.operator !== '+') return [[node.left, false], [node.right, false]].filter(([side]) => side.type !== 'Literal');
  return Object.entries(node).filter(([key]) => key !== 'type').map(([, child]) => [child]);
}

/** A text of the code, with {0} where a value is put in. */
function textOf({ type, value, quasis, expressions, start, end }, code) {
  if (type === 'Literal' && typeof value === 'string') return { start, end, text: value, values: [] };
  if (type !== 'TemplateLiteral') return null;
  const text = quasis.map((quasi, place) => quasi.value.cooked + (expressions[place] ? `{${place}}` : '')).join('');
  return { start, end, text, values: expressions.map(each => code.slice(each.start, each.end)) };
}

function edited(code, texts, words, part) {
  const own = texts.filter(({ text }) => Object.hasOwn(words, text)).sort((one, other) => other.start - one.start);
  return own.reduce((before, { start, end, text, values }) => {
    const call = `__say('${part}', ${JSON.stringify(text)}${values.length ? `, [${values.join(', ')}]` : ''})`;
    return before.slice(0, start) + call + before.slice(end);
  }, code);
}
