// Parts of the modeller speak English from within their code, most of all bpmn-js-token-simulation. That is mended here, and
// the build fails as soon as that code moves, so that a new version cannot lose it silently.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SAY = fileURLToPath(new URL('../src/studio/bpmn/say.js', import.meta.url));
const HEAD = `import { say } from ${JSON.stringify(SAY)};\n`;
const MODULES = `${path.sep}node_modules${path.sep}`;
const TOKENS = 'bpmn-js-token-simulation/lib/features';

const WRITTEN = [
  "'Written in ' + variable.origin.map(origin => origin.name || origin.id).join(', ')",
  "say('Written in {elements}', { elements: variable.origin.map(origin => origin.name || origin.id).join(', ') })"
];

/** [found, wanted, times]: what stands in a file, what shall, and how often it is there (once unless told). */
const EDITS = {
  [`${TOKENS}/context-pads/handler/ExclusiveGatewayHandler.js`]: [said('title="', 'Set Sequence Flow', '"')],
  [`${TOKENS}/context-pads/handler/InclusiveGatewayHandler.js`]: [said('title="', 'Set Sequence Flow', '"')],
  [`${TOKENS}/context-pads/handler/PauseHandler.js`]: [
    ["${ wait ? 'Remove' : 'Add' } pause point", "${ say(wait ? 'Remove pause point' : 'Add pause point') }"]
  ],
  [`${TOKENS}/context-pads/handler/TriggerHandler.js`]: [said('title="', 'Trigger Event', '"')],
  [`${TOKENS}/element-support/ElementSupport.js`]: [quoted('Found unsupported elements'), quoted('Not supported')],
  [`${TOKENS}/log/Log.js`]: [
    [/elementName \|\| ('[A-Z][A-Za-z ]+')/g, 'elementName || say($1)', 17],
    [/\(getElementName\(scopeElement\) \|\| 'SubProcess'\) : 'Process'/g, "(getElementName(scopeElement) || say('SubProcess')) : say('Process')", 2],
    ["completed ? 'finished' : 'canceled'", "say(completed ? 'finished' : 'canceled')"],
    ['} started`;', "} ${ say('started') }`;"],
    [/^ +Simulation Log$/m, " ${ say('Simulation Log') }"],
    said('aria-label="', 'Close', '"'),
    ["'<p class=\"bts-entry placeholder\">No Entries</p>'", "`<p class=\"bts-entry placeholder\">${ say('No Entries') }</p>`"],
    ["\">No Entries</p>\n", "\">${ say('No Entries') }</p>\n"],
    said('title="', 'Toggle Simulation Log', '"')
  ],
  [`${TOKENS}/pause-simulation/PauseSimulation.js`]: [
    said('title="', 'Play/Pause Simulation', '"'), quoted('Pause Simulation'), quoted('Play Simulation')
  ],
  [`${TOKENS}/reset-simulation/ResetSimulation.js`]: [said('title="', 'Reset Simulation', '"'), quoted('Reset Simulation')],
  [`${TOKENS}/set-animation-speed/SetAnimationSpeed.js`]: [
    ['Set animation speed = ${ label }', "${ say('Animation speed: {speed}', { speed: say(label) }) }"]
  ],
  [`${TOKENS}/show-scopes/ShowScopes.js`]: [
    ['Focus process instance ${scope.id}', "${ say('Focus process instance {id}', { id: scope.id }) }"]
  ],
  [`${TOKENS}/simulation-state/SimulationState.js`]: [quoted('Finished')],
  '@bpmn-io/properties-panel/dist/index.esm.js': [
    ['children: "Opened in popup"', "children: say('Opened in popup')"],
    ['function translateFallback(template, replacements) {\n', 'function translateFallback(template, replacements) {\n  return say(template, replacements);\n']
  ],
  'bpmn-js-properties-panel/dist/index.esm.js': [WRITTEN, [/'<no type>'/g, "say('<no type>')", 2]],
  'bpmn-js-element-templates/dist/index.esm.js': [
    WRITTEN, ['title: "Toggle section"', "title: say('Toggle section')"], ['title: "Select a template"', "title: say('Select a template')"]
  ],
  'diagram-js/lib/features/popup-menu/PopupMenuBreadcrumbs.js': [
    ['title="Back"', "title=${ say('Back') }"], ['aria-label="Back"', "aria-label=${ say('Back') }"]
  ],
  'diagram-js/lib/features/popup-menu/PopupMenuComponent.js': [
    ["title || 'Results'", "title || say('Results')"], ["title || 'Search'", "title || say('Search')"],
    [
      "${ entriesToShow.length } ${ entriesToShow.length === 1 ? 'result' : 'results' } found",
      "${ say(entriesToShow.length === 1 ? '{n} result found' : '{n} results found', { n: entriesToShow.length }) }"
    ],
    [
      "selectedEntry.label ? `Open entry documentation for ${ selectedEntry.label }` : 'Open entry documentation'",
      "say('Open documentation')"
    ],
    [/^ +Open entry documentation$/m, "${ say('Open documentation') }"]
  ],
  'diagram-js/lib/features/popup-menu/PopupMenuItem.js': [
    ['title="Open entry documentation"', "title=${ say('Open documentation') }"]
  ],
  '@codemirror/state/dist/index.js': [['    phrase(phrase, ...insert) {\n', '    phrase(phrase, ...insert) {\n        phrase = say(phrase);\n']]
};

function said(before, words, after) {
  return [`${before}${words}${after}`, `${before}\${ say('${words}') }${after}`];
}

function quoted(words) {
  return [`text: '${words}'`, `text: say('${words}')`];
}

/** Words of the modeller's parts go through our dictionary. */
export default function modeller() {
  const open = new Set(Object.keys(EDITS));
  return {
    name: 'modeller-words',
    enforce: 'pre',
    transform(code, id) {
      const file = id.slice(id.lastIndexOf(MODULES) + MODULES.length).split(path.sep).join('/');
      if (!EDITS[file]) return null;
      open.delete(file);
      const plain = code.replace(/\r\n/g, '\n');
      return { code: HEAD + EDITS[file].reduce((text, edit) => edited(this, file, text, edit), plain), map: null };
    },
    generateBundle() {
      if (open.size && !this.meta.watchMode) this.error(`Files moved, and with them words: ${[...open].join(', ')}`);
    }
  };
}

function edited(build, file, text, [found, wanted, times = 1]) {
  const count = found instanceof RegExp ? (text.match(found) || []).length : text.split(found).length - 1;
  if (count !== times) build.error(`${file} has ${String(found)} ${count} times, expected ${times}`);
  return found instanceof RegExp ? text.replace(found, wanted) : text.replace(found, () => wanted);
}
