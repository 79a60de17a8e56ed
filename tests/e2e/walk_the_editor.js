// Draws every kind of element, opens its groups, choices and menus, and gives each text that was seen.
async ({ modeler }) => {
  const [factory, modeling, selection, canvas, popup] = ['elementFactory', 'modeling', 'selection', 'canvas', 'popupMenu'].map(name => modeler.get(name));
  const root = canvas.getRootElement();
  const approve = modeler.get('elementRegistry').get('approve');
  const panel = document.querySelector('.bpmn-panel');
  const said = new Set();
  const rest = () => new Promise(done => setTimeout(done, 8));
  const PLACES = '.djs-palette, .djs-context-pad, .djs-popup, .bpmn-panel, .bpmn-bar, .bpmn-keys, .djs-search-container, .bjsl-button, .djs-minimap .toggle';
  const ATTRIBUTES = ['title', 'aria-label', 'placeholder'];

  const read = () => {
    for (const place of document.querySelectorAll(PLACES)) {
      const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        if (!texts.currentNode.parentElement.closest('style, textarea, svg, .cm-editor')) said.add(texts.currentNode.textContent.trim());
      }
      for (const one of [place, ...place.querySelectorAll('*')]) ATTRIBUTES.forEach(name => one.getAttribute(name) && said.add(one.getAttribute(name)));
    }
  };

  const menu = async (element, name, options) => {
    if (popup.isEmpty(element, name)) return;
    popup.open(element, name, { x: 300, y: 300 }, options);
    await rest();
    read();
    const search = document.querySelector('.djs-popup input');
    if (search) {
      search.value = '任务';
      search.dispatchEvent(new Event('input', { bubbles: true }));
      await rest();
      read();
    }
    popup.close();
  };

  /** Add one to each list, and choose each of the choices in turn. */
  const look = async element => {
    selection.select(element);
    await rest();
    for (const add of panel.querySelectorAll('.bio-properties-panel-group-header .bio-properties-panel-add-entry')) add.click();
    await rest();
    read();
    for (const { id } of panel.querySelectorAll('select')) {
      for (const { value } of [...document.getElementById(id)?.options || []]) {
        const select = document.getElementById(id);
        if (!select || value.startsWith('create')) continue;
        select.value = value;
        select.dispatchEvent(new Event('change', { bubbles: true }));
        await rest();
        read();
      }
    }
    await menu(element, 'bpmn-replace');
    await menu(element, 'bpmn-append');
  };

  const draw = async (kind, definition, more = {}) => {
    const attributes = { type: `bpmn:${kind}`, ...(definition && { eventDefinitionType: `bpmn:${definition}EventDefinition` }), ...more };
    const boundary = kind === 'BoundaryEvent';
    const shape = modeling.createShape(factory.createShape(attributes), boundary ? { x: 300, y: 240 } : { x: 700, y: 500 }, boundary ? approve : root, { attach: boundary });
    await look(shape);
    modeling.removeElements([shape]);
  };

  const EVENTS = {
    StartEvent: ['', 'Message', 'Timer', 'Signal', 'Conditional'],
    IntermediateCatchEvent: ['Message', 'Timer', 'Signal', 'Conditional', 'Link'],
    IntermediateThrowEvent: ['', 'Message', 'Signal', 'Escalation', 'Compensate', 'Link'],
    EndEvent: ['', 'Message', 'Signal', 'Error', 'Escalation', 'Compensate', 'Terminate'],
    BoundaryEvent: ['Message', 'Timer', 'Signal', 'Conditional', 'Error', 'Escalation', 'Compensate']
  };
  const OTHERS = ['Task', 'UserTask', 'ServiceTask', 'SendTask', 'ReceiveTask', 'ManualTask', 'BusinessRuleTask', 'ScriptTask', 'CallActivity', 'Transaction',
    'ExclusiveGateway', 'ParallelGateway', 'InclusiveGateway', 'ComplexGateway', 'EventBasedGateway', 'DataObjectReference', 'DataStoreReference', 'TextAnnotation', 'Group'];

  await look(root);
  await menu(root, 'bpmn-create', { search: true });
  for (const [kind, definitions] of Object.entries(EVENTS)) for (const definition of definitions) await draw(kind, definition);
  for (const kind of OTHERS) await draw(kind);
  for (const isExpanded of [true, false]) for (const kind of ['SubProcess', 'AdHocSubProcess']) await draw(kind, '', { isExpanded });
  await draw('SubProcess', '', { isExpanded: true, triggeredByEvent: true });

  for (const kind of ['MultiInstance', 'Standard']) {
    modeling.updateProperties(approve, { loopCharacteristics: modeler.get('bpmnFactory').create(`bpmn:${kind}LoopCharacteristics`) });
    await look(approve);
  }
  const gateway = modeling.createShape(factory.createShape({ type: 'bpmn:ExclusiveGateway' }), { x: 700, y: 500 }, root);
  await look(modeling.connect(gateway, approve));
  await menu([approve, gateway], 'align-elements');
  await menu([approve], 'color-picker');
  modeler.get('searchPad').open();
  read();
  modeler.get('searchPad').close();
  modeler.get('minimap').open();
  read();
  await look(modeling.createShape(factory.createParticipantShape(), { x: 900, y: 900 }, root));
  return [...said].filter(Boolean);
}
