/**
 * The package of a lesson, in a frame of another origin. `place` is the `[data-scorm]` of the lesson's page, `visit` the
 * visit that the page has opened, empty where it is tried by HR. On `place` come the events `package:active` (somebody is in the package),
 * `package:kept` (what it stored: `detail` with `completed`, `passed`, `score`, `missing`) and `package:done`.
 */
export async function play(place, visit) {
  const { number, title, address: where } = place.dataset;
  const state = place.querySelector('.state');
  const holder = place.querySelector('.frame');
  const given = await address(where, number, visit);
  holder.removeAttribute('aria-busy');
  if (!given.url) {
    state.textContent = given.detail || place.dataset.broken;
    return;
  }
  const frame = document.createElement('iframe');
  frame.title = title;
  frame.allow = 'fullscreen; autoplay';
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-modals');
  frame.src = given.url;
  holder.replaceChildren(frame);
  window.addEventListener('message', function listen(event) {
    if (!frame.isConnected) window.removeEventListener('message', listen);
    if (event.origin !== given.origin || event.source !== frame.contentWindow) return;
    const told = event.data && event.data.package;
    if (told) hear(place, state, told);
  });
}

async function address(where, number, visit) {
  try {
    const response = await fetch(where, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF-Token': document.body.dataset.csrf },
      body: JSON.stringify({ number, visit })
    });
    return await response.json();
  } catch {
    return {};
  }
}

function hear(place, state, told) {
  const say = (name, detail) => place.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  if (told.kind === 'active') say('package:active', {});
  if (told.kind === 'broken') state.textContent = place.dataset.broken;
  if (told.kind !== 'kept') return;
  state.textContent = sentence(place.dataset, told);
  state.className = `state ${told.refused ? 'bad' : told.done ? 'ok' : ''}`;
  say('package:kept', told);
  if (told.done) say('package:done', told);
}

function sentence(words, told) {
  if (told.refused) return told.refused;
  if (told.done) return told.score === null ? words.done : `${words.done} · ${words.score} ${told.score}`;
  if (told.completed && told.passed === false) return words.failed;
  return told.completed && told.missing ? told.missing : words.saved;
}
