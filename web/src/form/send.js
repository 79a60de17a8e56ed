/** Send a form: its values as a JSON part `data`, each chosen file under its field's key.
 *
 * Gives `{status, body}`; status 0 means that the server was not reached and nothing was changed.
 */
export async function send(url, data, files) {
  const parts = new FormData();
  parts.append('data', JSON.stringify(data));
  files.forEach((chosen, key) => chosen.forEach(file => parts.append(key, file, file.name)));
  let response;
  try {
    response = await fetch(url, { method: 'POST', body: parts, headers: headers(), credentials: 'same-origin' });
  } catch {
    return { status: 0, body: {} };
  }
  const body = await response.json().catch(() => ({}));
  return { status: response.status, body };
}

const headers = () => ({ Accept: 'application/json', 'X-CSRF-Token': document.body.dataset.csrf });
