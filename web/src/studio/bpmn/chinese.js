// Loaded for readers of Chinese only. What stands further down wins: ours speaks of things as the rest of the product does.
import general from 'bpmn-js-i18n/translations/zn.js';
import drawing from 'bpmn-js-i18n-zh/lib/bpmn-js/index.js';
import properties from 'bpmn-js-i18n-zh/lib/properties-panel/index.js';
import zeebe from 'bpmn-js-i18n-zh/lib/zeebe-properties-panel/index.js';
import words from './words.js';

export default { ...general, ...drawing, ...properties, ...zeebe, ...words };
