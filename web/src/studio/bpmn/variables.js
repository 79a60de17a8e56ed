import { ZeebeVariableResolverModule } from '@bpmn-io/variable-resolver';
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';

const [, Resolver] = ZeebeVariableResolverModule.variableResolver;

/** What FEEL may name at an element: what the server knows from forms, messages and data; else what the drawing tells. */
class Known extends Resolver {
  constructor(eventBus, bpmnjs) {
    super(eventBus, bpmnjs);
    this.told = {};
  }

  /** The server's `{elementId: [{name, type, detail, origin}]}`. */
  tell(elements) {
    this.told = elements;
    this._eventBus.fire('variables.changed');
  }

  async getVariablesForElement(element, ...more) {
    const drawn = await super.getVariablesForElement(element, ...more);
    const known = (this.told[getBusinessObject(element).id] || []).map(suggestion);
    const names = new Set(known.map(variable => variable.name));
    return [...known, ...drawn.filter(variable => !names.has(variable.name))];
  }
}
Known.$inject = ['eventBus', 'bpmnjs'];

function suggestion({ name, type, detail, origin, entries }) {
  return { name, type: type || '', detail: type || '', info: [detail, origin].filter(Boolean).join(' · '), entries: (entries || []).map(suggestion) };
}

export const variablesModule = { variableResolver: ['type', Known] };
