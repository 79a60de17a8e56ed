// What the dictionaries of bpmn.io's community lack, or say in other words than this product.
import findings from './words/findings.js';
import kinds from './words/kinds.js';
import menus from './words/menus.js';
import panel from './words/panel.js';

export default { ...menus, ...panel, ...kinds, ...findings };
