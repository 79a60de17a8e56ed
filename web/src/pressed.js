// What is pressed before the page can answer it is done as soon as it can. A slow network and a quick thumb meet often;
// without this a press would be lost, and a form without a script would be sent to its own page, with what it holds in
// the address. Not a module, so that it is there before anything can be pressed; without a link to other files.
(() => {
  const SCRIPTED = 'button[type=button], form:not([action]) button'; // what nothing but a script answers
  const COMING = '[data-alive=coming]'; // the whole page, or an island of it, whose script is on its way
  const PATIENCE = 2000; // milliseconds after everything was loaded
  let kept = null;

  /** Buttons that send a drawn form stand beside it. What is asked in a dialog has its script, which opened the dialog. */
  function early(button) {
    const beside = button.matches('[data-submit]') && document.querySelector(`[data-form]${COMING}`);
    return !button.closest('dialog[open]') && (beside || button.closest(COMING));
  }

  function keep(button) {
    if (kept) kept.removeAttribute('aria-busy');
    kept = button;
    if (kept) kept.setAttribute('aria-busy', 'true');
  }

  document.addEventListener('click', event => {
    const button = event.target.closest(SCRIPTED);
    if (!button || !early(button)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keep(button);
  }, true);

  document.addEventListener('awake', () => {
    const button = kept;
    if (!button || early(button)) return;
    keep(null);
    if (button.isConnected && !button.closest('[data-alive=failed]')) button.click();
  });

  window.addEventListener('load', () => setTimeout(() => {
    if (!kept || document.body.dataset.alive !== 'coming') return;
    keep(null);
    document.getElementById('toasts').textContent = document.body.dataset.failed;
  }, PATIENCE));
})();
