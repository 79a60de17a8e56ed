// One event stream a tab. It rests while the tab is hidden, so that a phone in a pocket keeps no connection open, and
// everything that listens is read again when the tab comes back.
const EVENTS = ['tasks', 'messages', 'case'];

export function live(htmx) {
  const url = document.body.dataset.events;
  if (!url || typeof EventSource === 'undefined') return;
  let stream = null;

  const tell = name => htmx.trigger(document.body, name);
  const open = () => {
    if (stream || document.hidden) return;
    stream = new EventSource(url);
    EVENTS.forEach(name => stream.addEventListener(name, () => tell(name)));
  };
  const close = () => {
    if (stream) stream.close();
    stream = null;
  };

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return close();
    open();
    EVENTS.forEach(tell);
  });
  // A page out of the back-forward cache shows what was true when it was left.
  window.addEventListener('pageshow', event => event.persisted && EVENTS.forEach(tell));
  window.addEventListener('pagehide', close);
  open();
}
