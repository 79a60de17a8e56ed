import lintModule from 'bpmn-js-bpmnlint';
import compiled from './.bpmnlintrc';
import { finding } from './findings.js';

const CHOICES = ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway'];
const read = node => node.$instanceOf('bpmn:Activity') || CHOICES.some(kind => node.$instanceOf(kind));

/** Rules that ask less than they do as they come. */
const NARROWED = { 'label-required': read };

const resolver = {
  resolveRule(pkg, name) {
    const factory = compiled.resolver.resolveRule(pkg, name);
    return config => spoken(factory(config), NARROWED[name]);
  },
  resolveConfig: (...name) => compiled.resolver.resolveConfig(...name)
};

/** The rule, in the reader's language, asked of those nodes that `asks` lets through. */
function spoken(rule, asks = () => true) {
  const tell = check => (node, reporter) => (asks(node) ? check(node, speaking(reporter)) : undefined);
  const { check } = rule;
  const told = typeof check === 'function' ? tell(check) : Object.fromEntries(Object.entries(check).map(([when, one]) => [when, tell(one)]));
  return { ...rule, meta: { documentation: {} }, check: told }; // its documentation is another host's, in English
}

function speaking(reporter) {
  const report = (id, message, ...more) => reporter.report(id, finding(message), ...more);
  return Object.create(reporter, { report: { value: report } });
}

export const linting = { bpmnlint: { config: compiled.config, resolver }, active: true };
export { lintModule };

/** Tells a listener what the rules find, `[{element, name, rule, error, sentence}]`, now and each time they look. */
export function linted(modeler) {
  const listeners = [];
  let found = null;
  modeler.on('linting.completed', ({ issues }) => {
    found = Object.values(issues).flat().map(issue => told(issue, modeler.get('elementRegistry')));
    listeners.forEach(listen => listen(found));
  });
  return listen => {
    listeners.push(listen);
    if (found) listen(found);
  };
}

function told(issue, registry) {
  const element = issue.actualElementId || issue.id;
  const drawn = registry.get(element);
  const name = (drawn && drawn.businessObject.name) || '';
  return { element, name, rule: issue.rule, error: issue.category === 'error', sentence: issue.message };
}
