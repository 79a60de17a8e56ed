// What a page says about something that could not be done: in view wherever the page is scrolled to.

/** Show `sentence` until it is closed or replaced; empty takes it away. `way` is a link out of it: `{href, label}`. */
export function say(sentence, way) {
  const place = document.getElementById('form-errors');
  if (!place) return;
  place.hidden = !sentence;
  place.querySelector('p').textContent = sentence || '';
  const link = place.querySelector('a');
  link.hidden = !way;
  if (!way) return;
  link.href = way.href;
  link.textContent = way.label;
}

const here = () => window.location.pathname + window.location.search;

/** The session is over: a page with a form keeps it and says so, any other goes to the login and comes back. */
export function sessionOver(sentence = document.body.dataset.expired) {
  const href = `/login?next=${encodeURIComponent(here())}`;
  if (document.getElementById('form-errors')) say(sentence, { href, label: document.body.dataset.login });
  else window.location.assign(href);
}

/** A way to look how things stand: the same page again, which brings the draft back where there is still a form. */
export const lookAgain = () => ({ href: here(), label: document.body.dataset.look });

document.addEventListener('click', event => event.target.closest('#form-errors .close') && say(''));
