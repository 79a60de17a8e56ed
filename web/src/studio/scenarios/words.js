// The sentences of the editor of scenarios: our English, and its Chinese.
const CHINESE = {
  'Go to a scenario…': '跳转到场景…'
};

/** A sentence in the page's language, with its places filled. */
export function say(text, values = {}) {
  const words = document.documentElement.lang.startsWith('zh') ? CHINESE[text] || text : text;
  return words.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
}
