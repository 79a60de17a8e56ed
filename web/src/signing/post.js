const PATIENCE = 60_000; // milliseconds; a time stamp from outside may take its time

/** Send `body` to the room's `url`. Gives `{status, body}`; status 0: no answer came. */
export async function post(given, what, body, keepalive = false) {
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), PATIENCE);
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

/** What this device says of itself, for the record of who opened what with which. */
export function device() {
  const { platform = '', language = '', userAgentData } = navigator;
  const { width, height } = window.screen;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || '';
  const ratio = Math.round((window.devicePixelRatio || 1) * 100) / 100;
  return { platform: (userAgentData && userAgentData.platform) || platform, language, zone, screen: `${width}x${height}@${ratio}` };
}
