// bpmn-js-element-templates would bring 630 kB of JSON schema to look at templates in the browser. Ours come from our
// server, which has checked them with that schema; what is asked here is that none can trip the editor over.
const VERSION = '0.46.0';
const text = value => typeof value === 'string' && value !== '';

export const getSchemaVersion = () => VERSION;
export const getZeebeSchemaVersion = () => VERSION;
export const getZeebeSchemaPackage = () => '@camunda/zeebe-element-templates-json-schema';

/** `{valid, errors: [{message}]}` of one template. */
export function validateZeebe(template) {
  const faults = [
    [text(template.id), 'id'], [text(template.name), 'name'],
    [Array.isArray(template.appliesTo) && template.appliesTo.every(text), 'appliesTo'],
    [Array.isArray(template.properties) && template.properties.every(one => one && one.binding && text(one.binding.type)), 'properties']
  ].filter(([good]) => !good);
  return { valid: faults.length === 0, errors: faults.map(([, member]) => ({ message: `template has no usable <${member}>` })) };
}

export const validate = validateZeebe;
