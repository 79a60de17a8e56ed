const PATIENCE = 20_000; // milliseconds

/** Send `body` to the course's address, also from a page that goes away. Gives `{status, body}`; status 0: no answer. */
export async function post(given, what, body) {
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), PATIENCE);
  try {
    const response = await fetch(`${given.url}/${what}`, {
      method: 'POST',
      credentials: 'same-origin',
      keepalive: true,
      signal: gone.signal,
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF-Token': given.csrf },
      body: JSON.stringify(body)
    });
    return { status: response.status, body: await response.json().catch(() => ({})) };
  } catch {
    return { status: 0, body: {} };
  } finally {
    clearTimeout(timer);
  }
}
