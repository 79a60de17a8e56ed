// A form that was not changed is kept byte for byte. One that was keeps every part that is as it was: order of names, unknown
// properties, and what the editor would add by itself stays out.

/** The text of a form: `now` is what the editor has, `then` what it had right after `original` was read. */
export function written(original, then, now) {
  if (same(then, now)) return original;
  const merged = merge(JSON.parse(original), then, now);
  const text = JSON.stringify(merged, null, indent(original)) + (/\n\s*$/.test(original) ? '\n' : '');
  return original.includes('\r\n') ? text.replace(/\n/g, '\r\n') : text;
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value);

/** What stood in the file where the editor changed nothing, else what the editor has. */
function merge(original, then, now) {
  if (same(then, now)) return original;
  if (isObject(original) && isObject(now)) return mergedObject(original, isObject(then) ? then : {}, now);
  if (Array.isArray(original) && Array.isArray(now)) return now.map(item => mergedItem(original, Array.isArray(then) ? then : [], item));
  return now;
}

function mergedObject(original, then, now) {
  const merged = {};
  Object.keys(original).forEach(key => {
    if (key in now) merged[key] = merge(original[key], then[key], now[key]);
    else if (!(key in then)) merged[key] = original[key]; // the editor never knew of it
  });
  Object.keys(now).forEach(key => {
    if (!(key in original) && !same(then[key], now[key])) merged[key] = now[key];
  });
  return merged;
}

/** Components are known by their id, wherever they were moved to within their list. */
function mergedItem(original, then, item) {
  const at = isObject(item) && item.id ? original.findIndex(other => isObject(other) && other.id === item.id) : -1;
  const known = then.find(other => isObject(other) && isObject(item) && other.id === item.id);
  return at < 0 || !known ? item : merge(original[at], known, item);
}

function indent(text) {
  const found = text.match(/^[[{][ \t]*\r?\n([ \t]+)\S/);
  return found ? found[1] : 2;
}
