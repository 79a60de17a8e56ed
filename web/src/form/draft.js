// What is typed survives a lost connection, a reload and an expired session; it goes when it is sent, discarded, or the
// person logs out. Chosen files cannot be kept by a browser: their fields are left out.
const isFile = value => typeof value === 'string' && value.startsWith('files::');

function withoutFiles(value) {
  if (Array.isArray(value)) return value.filter(part => !isFile(part)).map(withoutFiles);
  if (value === null || typeof value !== 'object') return value;
  const kept = {};
  Object.keys(value).forEach(name => {
    if (!isFile(value[name])) kept[name] = withoutFiles(value[name]);
  });
  return kept;
}

/** The draft called `key`: `read` gives it or null, `write` notes it soon, `keep` at once, `drop` forgets it. */
export function draftOf(key) {
  const name = `draft:${key}`;
  let waiting = null;
  const keep = data => {
    clearTimeout(waiting);
    try {
      sessionStorage.setItem(name, JSON.stringify(withoutFiles(data)));
    } catch {
      // A full store keeps the older draft.
    }
  };
  return {
    keep,
    read() {
      try {
        return JSON.parse(sessionStorage.getItem(name));
      } catch {
        return null;
      }
    },
    write(data) {
      clearTimeout(waiting);
      waiting = setTimeout(() => keep(data), 300);
    },
    drop() {
      clearTimeout(waiting);
      sessionStorage.removeItem(name);
    }
  };
}
