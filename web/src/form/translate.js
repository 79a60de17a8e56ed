/** The `translate` service of form-js, over a list of sentences with `{named}` places. */
export function translateModule(words) {
  function translate(sentence, values) {
    const found = words[sentence] || sentence;
    return found.replace(/{([^}]+)}/g, (place, name) => (values && name in values ? values[name] : place));
  }
  return { translate: ['value', translate] };
}
