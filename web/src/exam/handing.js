import { say } from './say.js';

/** Handing in: a dialog that says what is left. `submit()` gives a sentence where it came to nothing, else an empty one. */
export function handing(root, { answers, complete, flags, submit }) {
  const dialog = root.querySelector('dialog.handing-in');
  const fault = dialog.querySelector('[role=alert]');
  const sure = dialog.querySelector('[data-sure]');
  const complain = sentence => {
    fault.hidden = !sentence;
    fault.querySelector('span').textContent = sentence;
  };

  function left() {
    const given = answers();
    const open = [...root.querySelectorAll('.question')].filter(question => !complete(question, given));
    const listed = [
      ['Not answered: {places}.', open.map(question => question.dataset.question)],
      ['Marked to look at again: {places}.', flags().sort((one, other) => one - other)]
    ];
    const sentences = listed.filter(([, places]) => places.length)
      .map(([sentence, places]) => say(sentence, { places: places.join(say(', ')) }));
    const after = open.length ? 'After this nothing can be changed.' : 'All questions are answered. After this nothing can be changed.';
    return [...sentences, say(after)];
  }

  root.querySelectorAll('[data-hand-in]').forEach(button => button.addEventListener('click', () => {
    complain('');
    dialog.querySelector('[data-left]').replaceChildren(...left().map(paragraph));
    dialog.showModal();
  }));
  dialog.querySelector('[data-close]').addEventListener('click', () => dialog.close());
  sure.addEventListener('click', async () => {
    if (sure.hasAttribute('aria-busy')) return;
    sure.setAttribute('aria-busy', 'true');
    complain(await submit());
    sure.removeAttribute('aria-busy');
  });
  return { close: () => dialog.open && dialog.close() };
}

function paragraph(sentence) {
  const made = document.createElement('p');
  made.textContent = sentence;
  return made;
}
