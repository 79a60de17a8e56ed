/** The steps of the room: one is shown, the bar above says which, the focus goes to its heading. `reach` limits how far
 * the browser's own forward button goes. */
export function steps(root, changed) {
  const sections = [...root.querySelectorAll('[data-step]')];
  const marks = [...root.querySelectorAll('.steps li')];
  const ids = sections.map(section => section.dataset.step);
  let reached = 0;

  function draw(at) {
    sections.forEach((section, index) => { section.hidden = index !== at; });
    marks.forEach((mark, index) => {
      mark.classList.toggle('done', index < at);
      mark.classList.toggle('now', index === at);
      if (index === at) mark.setAttribute('aria-current', 'step');
      else mark.removeAttribute('aria-current');
    });
    window.scrollTo(0, 0);
    changed(ids[at]);
  }

  function show(id) {
    const at = ids.indexOf(id);
    reached = Math.max(reached, at);
    history.pushState({ step: at }, '');
    draw(at);
    sections[at].querySelector('h1, h2').focus({ preventScroll: true });
  }

  window.addEventListener('popstate', event => draw(Math.min((event.state && event.state.step) || 0, reached)));
  root.addEventListener('click', event => event.target.closest('[data-back]') && history.back());
  return { show };
}
