// Loaded when somebody simulates for the first time. Its parts join the modeller's; the switch is the bar's button.
import base from 'bpmn-js-token-simulation/lib/base';
import DisableModeling from 'bpmn-js-token-simulation/lib/features/disable-modeling';
import { TOGGLE_MODE_EVENT } from 'bpmn-js-token-simulation/lib/util/EventHelper';
import 'bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css';

/** The switch of a modeller's simulation: `switch(true)` lets tokens run, `switch(false)` models on. */
export function simulation(modeler) {
  const parts = modeler.get('injector').createChild([base, DisableModeling]);
  parts.init();
  const eventBus = modeler.get('eventBus');
  const holder = modeler.get('canvas').getContainer().parentNode;
  const palette = modeler.get('palette');
  return active => {
    holder.classList.toggle('simulation', active);
    palette._container.classList.toggle('hidden', active);
    eventBus.fire(TOGGLE_MODE_EVENT, { active });
  };
}
