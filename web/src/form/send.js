const PATIENCE = 90_000; // milliseconds; a large file on a slow line

/** Send a form: its values as a JSON part `data`, each chosen file under its field's key.
 *
 * Gives `{status, body}`. Status 0: no answer came, so nobody can tell whether the form had arrived.
 */
export async function send(url, data, files) {
  const parts = new FormData();
  parts.append('data', JSON.stringify(data));
  files.forEach((chosen, key) => chosen.forEach(file => parts.append(key, file, file.name)));
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), PATIENCE);
  try {
    const request = { method: 'POST', body: parts, headers: headers(), credentials: 'same-origin', signal: gone.signal };
    const response = await fetch(url, request);
    const body = await response.json().catch(() => ({}));
    return { status: response.status, body };
  } catch {
    return { status: 0, body: {} };
  } finally {
    clearTimeout(timer);
  }
}

const headers = () => ({ Accept: 'application/json', 'X-CSRF-Token': document.body.dataset.csrf });
