import DmnModeler from 'dmn-js/lib/Modeler';
import DmnViewer from 'dmn-js/lib/NavigatedViewer';
import { translateModule } from '../bpmn/say.js';

// What the engine runs: FEEL as Camunda 8 writes it, with names in backticks.
const COMMON = {
  expressionLanguages: { options: [{ value: 'feel', label: 'FEEL' }], defaults: { editor: 'feel' } },
  dataTypes: ['string', 'boolean', 'number', 'date', 'time', 'dateTime', 'dayTimeDuration', 'yearMonthDuration', 'Any'],
  feelLanguageContext: { parserDialect: 'camunda' }
};

/** dmn-js in `container`, in the reader's language. Who may only look gets its viewer. */
export function modeler(container, readonly) {
  const view = () => ({ additionalModules: [translateModule] });
  const Kind = readonly ? DmnViewer : DmnModeler;
  const common = { ...COMMON };
  return new Kind({ container, common, drd: view(), decisionTable: view(), literalExpression: view(), boxedExpression: view() });
}
