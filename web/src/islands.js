// Heavy parts are fetched only by the pages that hold them: a form 160 kB, a diagram 66 kB, after compression.
const KINDS = [
  ['[data-form]', () => import('./form/form.js')],
  ['[data-signing]', () => import('./signing/open.js')],
  ['[data-exam]', () => import('./exam/open.js')],
  ['[data-learning]', () => import('./learning/open.js')],
  ['[data-verify]', () => import('./verify/open.js')],
  ['[data-people]', () => import('./agreements/people.js')],
  ['[data-sealing]', () => import('./agreements/sealing.js')],
  ['[data-course]', () => import('./courses/open.js')],
  ['[data-agreement-text]', () => import('./agreements/texts/open.js')],
  ['[data-diagram]', () => import('./diagram.js')],
  ['[data-heat]', () => import('./admin/heat.js')],
  ['[data-compare]', () => import('./admin/compare.js')],
  ['[data-studio-trial]', () => import('./studio/trial/open.js')],
  ['[data-studio-bpmn]', () => import('./studio/bpmn/open.js')],
  ['[data-studio-dmn]', () => import('./studio/dmn/open.js')],
  ['[data-studio-form]', () => import('./studio/form/open.js')],
  ['[data-coverage]', () => import('./studio/scenarios/coverage.js')],
  ['[data-studio-scenarios]', () => import('./studio/scenarios/open.js')],
  ['[data-admin]', () => import('./admin/admin.js')]
];

/**
 * Bring the islands below `root` to life, each once. `data-alive` tells how far one is: in a closed `fold`, `coming`,
 * `true` or `failed`. The event `awake` is told of the last two, so that what was pressed meanwhile is done.
 */
export function islands(root) {
  for (const [selector, load] of KINDS) {
    root.querySelectorAll(selector).forEach(element => {
      if (!element.dataset.alive) whenSeen(element, () => wake(element, load));
    });
  }
}

/** A diagram in a closed fold costs nothing until the fold is opened. */
function whenSeen(element, open) {
  const fold = element.closest('details:not([open])');
  element.dataset.alive = 'fold';
  if (fold) fold.addEventListener('toggle', open, { once: true });
  else open();
}

async function wake(element, load) {
  element.dataset.alive = 'coming';
  try {
    const { open } = await load();
    await open(element);
    element.dataset.alive = 'true';
  } catch {
    element.dataset.alive = 'failed';
    failed(element);
  }
  document.dispatchEvent(new CustomEvent('awake'));
}

function failed(element) {
  const sentence = document.body.dataset.failed;
  if (!element.textContent.includes(sentence)) element.append(sentence);
}
