import { isFlow } from './models.js';

/** What a step has caused: `after` compared with `before`, two Views. `models` are the models by process. */
export function effectsOf(before, after, models) {
  return {
    passed: newlyPassed(before, after, models),
    opened: missing(before.tasks, after.tasks, 'key').map(({ name, assignee, groups }) => ({ name, assignee, groups })),
    closed: missing(after.tasks, before.tasks, 'key').map(task => ({ name: task.name })),
    sent: after.messages.slice(before.messages.length),
    asked: after.calls.slice(before.calls.length),
    stopped: missing(before.incidents, after.incidents, 'key').map(({ name, message }) => ({ name, message })),
    mended: missing(after.incidents, before.incidents, 'key').map(({ name }) => ({ name })),
    changed: changedPaths(before.variables, after.variables),
    ended: before.state !== after.state && after.state !== 'ACTIVE' ? after.state : null
  };
}

/** What people call an element: its name, else its id. */
export function nameOf(models, process, element) {
  const found = models[process] && models[process].elements[element];
  return (found && found.name) || element;
}

const missing = (from, among, key) => {
  const known = new Set(from.map(one => one[key]));
  return among.filter(one => !known.has(one[key]));
};

function newlyPassed(before, after, models) {
  return after.diagrams.flatMap(({ process, passed }) => {
    const old = before.diagrams.find(diagram => diagram.process === process);
    const known = new Set(old ? old.passed : []);
    const { elements } = models[process] || { elements: {} };
    const fresh = new Set(passed.filter(id => !known.has(id)));
    return Object.keys(elements)
      .filter(id => fresh.has(id) && !isFlow(elements[id]) && elements[id].name)
      .map(id => elements[id].name);
  });
}

const isObject = value => value !== null && typeof value === 'object';

/** The paths, like `plan.lastDayAt`, at which two trees of variables differ. */
export function changedPaths(before, after, path = '') {
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after))
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap(name => changedPaths(before[name], after[name], path ? `${path}.${name}` : name));
}
