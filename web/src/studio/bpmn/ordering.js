import BpmnDiOrdering from 'bpmn-js/lib/features/di-ordering/BpmnDiOrdering';
import { getDi } from 'bpmn-js/lib/util/ModelUtil';

// Before a file is written, bpmn-js sets the drawing of each plane in the order of the canvas, and so forgets what stands in
// the file but not on the canvas: shapes of a process that no pool shows, edges of nothing. They are put back.
const BEFORE = 2500;
const AFTER = 500;

function Ordering(eventBus, canvas) {
  let kept = [];
  eventBus.on('saveXML.start', BEFORE, () => {
    kept = canvas.getRootElements().map(getDi).filter(Boolean).map(plane => [plane, [...plane.get('planeElement')]]);
  });
  BpmnDiOrdering.call(this, eventBus, canvas);
  eventBus.on('saveXML.start', AFTER, () => {
    for (const [plane, elements] of kept) {
      const drawn = plane.get('planeElement');
      plane.set('planeElement', [...drawn, ...elements.filter(element => !drawn.includes(element))]);
    }
  });
}
Ordering.$inject = ['eventBus', 'canvas'];

export const orderingModule = { bpmnDiOrdering: ['type', Ordering] };
