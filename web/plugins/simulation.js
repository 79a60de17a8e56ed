// bpmn-js-token-simulation 0.39.4 speaks English from within its code. That is mended here, and the build fails as soon as
// that code moves, so that a new version cannot lose it silently.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SAY = fileURLToPath(new URL('../src/studio/bpmn/say.js', import.meta.url));
const HEAD = `import { say } from ${JSON.stringify(SAY)};\n`;
const FOLDER = path.join('bpmn-js-token-simulation', 'lib', 'features') + path.sep;

/** [found, wanted, times]: what stands in a file, what shall, and how often it is there (once unless told). */
const EDITS = {
  'context-pads/handler/ExclusiveGatewayHandler.js': [said('title="', 'Set Sequence Flow', '"')],
  'context-pads/handler/InclusiveGatewayHandler.js': [said('title="', 'Set Sequence Flow', '"')],
  'context-pads/handler/PauseHandler.js': [
    ["${ wait ? 'Remove' : 'Add' } pause point", "${ say(wait ? 'Remove pause point' : 'Add pause point') }"]
  ],
  'context-pads/handler/TriggerHandler.js': [said('title="', 'Trigger Event', '"')],
  'element-support/ElementSupport.js': [quoted('Found unsupported elements'), quoted('Not supported')],
  'log/Log.js': [
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
  'pause-simulation/PauseSimulation.js': [
    said('title="', 'Play/Pause Simulation', '"'), quoted('Pause Simulation'), quoted('Play Simulation')
  ],
  'reset-simulation/ResetSimulation.js': [said('title="', 'Reset Simulation', '"'), quoted('Reset Simulation')],
  'set-animation-speed/SetAnimationSpeed.js': [
    ['Set animation speed = ${ label }', "${ say('Animation speed: {speed}', { speed: say(label) }) }"]
  ],
  'show-scopes/ShowScopes.js': [
    ['Focus process instance ${scope.id}', "${ say('Focus process instance {id}', { id: scope.id }) }"]
  ],
  'simulation-state/SimulationState.js': [quoted('Finished')]
};

function said(before, words, after) {
  return [`${before}${words}${after}`, `${before}\${ say('${words}') }${after}`];
}

function quoted(words) {
  return [`text: '${words}'`, `text: say('${words}')`];
}

export default function simulation() {
  const open = new Set(Object.keys(EDITS));
  return {
    name: 'simulation-words',
    enforce: 'pre',
    transform(code, id) {
      const at = id.indexOf(FOLDER);
      const file = at < 0 ? '' : id.slice(at + FOLDER.length).split(path.sep).join('/');
      if (!EDITS[file]) return null;
      open.delete(file);
      const plain = code.replace(/\r\n/g, '\n');
      return { code: HEAD + EDITS[file].reduce((text, edit) => edited(this, file, text, edit), plain), map: null };
    },
    generateBundle() {
      const some = open.size && open.size < Object.keys(EDITS).length;
      if (some && !this.meta.watchMode) this.error(`bpmn-js-token-simulation no longer has ${[...open].join(', ')}`);
    }
  };
}

function edited(build, file, text, [found, wanted, times = 1]) {
  const count = found instanceof RegExp ? (text.match(found) || []).length : text.split(found).length - 1;
  if (count !== times) build.error(`${file} has ${String(found)} ${count} times, expected ${times}`);
  return found instanceof RegExp ? text.replace(found, wanted) : text.replace(found, () => wanted);
}
