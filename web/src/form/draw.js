import { Form } from '@bpmn-io/form-js-viewer';
import { checksModule } from './checks.js';
import { translateModule } from './translate.js';
import { widgetsModule } from './widgets.js';
import words from './words.js';

const chinese = document.documentElement.lang.startsWith('zh');

/** A form with our widgets, checks and words, in `container`, without its style sheet. `modules` are more of form-js' modules. */
export async function draw(container, { schema, data, uploads }, modules = []) {
  const form = new Form({
    container,
    debounce: 100,
    additionalModules: [widgetsModule, checksModule(uploads), translateModule(chinese ? words : {}), ...modules]
  });
  await form.importSchema(schema, data);
  return form;
}
