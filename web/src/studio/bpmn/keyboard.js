const TYPED = 'input, textarea, select, [contenteditable]';

/** `?` shows which keys do what; gives the function that shows it. */
export function keyboard(dialog) {
  const show = () => dialog.showModal();
  document.addEventListener('keydown', event => {
    if (event.key !== '?' || event.target.closest(TYPED) || dialog.open) return;
    event.preventDefault();
    show();
  });
  dialog.addEventListener('click', event => {
    if (event.target === dialog || event.target.closest('[data-close]')) dialog.close();
  });
  return show;
}
