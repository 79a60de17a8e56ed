// The inbox by keyboard: j and k go along the list, Enter opens, / searches, Ctrl+Enter submits the form.
export function keys() {
  document.addEventListener('keydown', event => {
    if (event.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return press(event, '[data-submit]');
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    if (event.key === 'j') step(event, 1);
    else if (event.key === 'k') step(event, -1);
    else if (event.key === '/') search(event);
  });
}

const writing = element => element.matches('input, textarea, select, [contenteditable], [role=combobox]');

function press(event, selector) {
  const button = document.querySelector(selector);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
}

function step(event, by) {
  const links = [...document.querySelectorAll('#rows a.row')];
  if (!links.length) return;
  const focused = links.indexOf(document.activeElement);
  const here = focused >= 0 ? focused : links.findIndex(link => link.getAttribute('aria-current') === 'true');
  const next = here < 0 ? 0 : Math.min(Math.max(here + by, 0), links.length - 1);
  event.preventDefault();
  links[next].focus();
  links[next].scrollIntoView({ block: 'nearest' });
}

function search(event) {
  const field = document.querySelector('input[type=search]');
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}
