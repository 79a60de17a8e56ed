/**
 * Send `body` as JSON to `what` under the address of `given`, with the token of its page. Gives `{status, body}`; status 0: no
 * answer came. `keepalive`: also from a page that goes away. `patience`: milliseconds; a time stamp from outside may take its time.
 */
export async function post(given, what, body, { keepalive = false, patience = 60_000 } = {}) {
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), patience);
  try {
    const response = await fetch(`${given.url}/${what}`, {
      method: 'POST',
      credentials: 'same-origin',
      keepalive,
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
