const PATIENCE = 120_000; // milliseconds; a month with many timers takes its time

/** Ask the server for JSON. Gives `{status, body}`; status 0: no answer came. */
export async function ask(method, url, body) {
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), PATIENCE);
  try {
    const response = await fetch(url, { ...request(method, body), signal: gone.signal });
    return { status: response.status, body: await response.json().catch(() => ({})) };
  } catch {
    return { status: 0, body: {} };
  } finally {
    clearTimeout(timer);
  }
}

function request(method, body) {
  const headers = { Accept: 'application/json', 'X-CSRF-Token': document.body.dataset.csrf || '' };
  if (body === undefined) return { method, headers, credentials: 'same-origin' };
  const json = { ...headers, 'Content-Type': 'application/json' };
  return { method, headers: json, credentials: 'same-origin', body: JSON.stringify(body) };
}
