// What is not saved yet survives a reload, a lost connection and an expired session in this browser's tab.

/** What is kept of one file: `write` notes it, `read` gives `{text, digest, at}` or null, `drop` forgets it. */
export function keptOf(project, name) {
  const key = `studio:${project}/${name}`;
  return {
    write(text, digest) {
      try {
        sessionStorage.setItem(key, JSON.stringify({ text, digest, at: new Date().toISOString() }));
      } catch {
        sessionStorage.removeItem(key); // a full store must not offer an older state as the newest
      }
    },
    read() {
      try {
        return JSON.parse(sessionStorage.getItem(key));
      } catch {
        return null;
      }
    },
    drop() {
      sessionStorage.removeItem(key);
    }
  };
}
