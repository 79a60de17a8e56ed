// The operation pages: questions in a dialog, choosing lines of a table.

/** Once a page: everything listens to the document, so that parts which come later are served too. */
export function open() {
  const dialog = document.getElementById('ask');
  asking(dialog);
  choosing();
  const here = document.querySelector('.tabs [aria-current]');
  if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.clientWidth / 2;
  document.addEventListener('change', event => {
    if (event.target.matches('[data-submits]')) event.target.form.submit();
  });
}

/** A question that arrives opens its dialog. Refusals are said inside: the page behind cannot be seen past it. */
function asking(dialog) {
  const toasts = document.getElementById('toasts');
  document.addEventListener('htmx:after:swap', () => {
    if (!dialog.firstElementChild || dialog.open) return;
    document.querySelectorAll('details.menu-button[open]').forEach(menu => menu.removeAttribute('open'));
    dialog.showModal();
    dialog.after(toasts);
    dialog.append(toasts);
    const first = dialog.querySelector('textarea, input:not([type=hidden]), select') || dialog.querySelector('.answers .btn:last-child');
    if (first) first.focus();
  });
  dialog.addEventListener('close', () => {
    document.body.append(toasts);
    dialog.replaceChildren();
  });
  dialog.addEventListener('click', event => {
    if (event.target === dialog) dialog.close();
  });
  document.addEventListener('click', event => {
    if (!event.target.closest('[data-close]')) return;
    if (dialog.open) dialog.close();
    else window.history.back();
  });
  document.addEventListener('click', event => {
    document.querySelectorAll('details.menu-button[open]').forEach(menu => {
      if (!menu.contains(event.target)) menu.removeAttribute('open');
    });
  });
}

/** Lines of a table that are chosen; how many stands on the button that acts on them. */
function choosing() {
  document.addEventListener('change', event => {
    const { target } = event;
    if (!target.matches('[data-all], .pick input')) return;
    const boxes = [...target.closest('table').querySelectorAll('tbody .pick input')];
    if (target.matches('[data-all]')) boxes.forEach(box => { box.checked = target.checked; });
    const label = document.querySelector('[data-chosen]');
    if (!label) return;
    label.dataset.all = label.dataset.all || label.textContent;
    const chosen = boxes.filter(box => box.checked).length;
    label.textContent = chosen ? label.dataset.chosen.replace('#', chosen) : label.dataset.all;
  });
}
