// The form as values: what has `data-object` is an object, `data-name` in it a value, `data-list` a list of objects.

/** The values of an object of the form, without what stands in objects within it. */
export function values(object) {
  const made = {};
  for (const field of mine(object, '[data-name]')) {
    made[field.dataset.name] = field.type === 'checkbox' ? String(field.checked) : field.value;
  }
  for (const list of mine(object, '[data-list]')) made[list.dataset.list] = items(list).map(values);
  return made;
}

/** The objects of a list, in their order. */
export function items(list) {
  return [...list.children].filter(child => child.hasAttribute('data-object'));
}

/** What stands in this object itself, by selector. */
export function mine(object, selector) {
  return [...object.querySelectorAll(selector)].filter(found => found.parentElement.closest('[data-object]') === object);
}

/** One field of an object by its name. */
export function field(object, name) {
  return mine(object, `[data-name="${name}"]`)[0];
}
