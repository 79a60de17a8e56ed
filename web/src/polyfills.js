// What htmx, form-js and bpmn-js call beyond Chromium 79 and iOS 13.4. Without these a form is blank there, silently.
const add = (owner, name, value) =>
  name in owner || Object.defineProperty(owner, name, { value, configurable: true, writable: true });

function at(index) {
  const whole = Math.trunc(index) || 0;
  return this[whole < 0 ? whole + this.length : whole];
}

function replaceAll(found, wanted) {
  if (found instanceof RegExp) return this.replace(found, wanted);
  return this.split(found).join(typeof wanted === 'function' ? wanted(found) : wanted);
}

function fromEntries(entries) {
  const made = {};
  for (const [name, value] of entries) made[name] = value;
  return made;
}

const root = typeof globalThis === 'undefined' ? window : globalThis;
add(Array.prototype, 'at', at);
add(String.prototype, 'at', at);
add(String.prototype, 'replaceAll', replaceAll);
add(Object, 'hasOwn', (object, name) => Object.prototype.hasOwnProperty.call(object, name));
add(Object, 'fromEntries', fromEntries);
add(Element.prototype, 'replaceChildren', function (...nodes) {
  this.textContent = '';
  this.append(...nodes);
});
// Plain JSON is all that bpmn-moddle hands over.
add(root, 'structuredClone', value => (value === undefined ? value : JSON.parse(JSON.stringify(value))));
