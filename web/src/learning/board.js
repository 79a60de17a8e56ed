import { say } from './say.js';

const UNDONE = 0.99; // what is not done never shows as whole

/** What the page shows of a lesson: how much is counted, what is missing, and why nothing counts. */
export function board(root) {
  const place = selector => root.querySelector(selector);
  const [stopped, still, finish] = [place('.stopped'), place('.still'), place('[data-finish]')];
  let missing = '';

  /** A sentence below the lesson, said to a screen reader when it changes. */
  function tell(sentence) {
    if (place('[data-missing]').textContent !== sentence) place('[data-missing]').textContent = sentence;
  }

  function share(part) {
    place('[data-bar]').style.width = `${Math.round(100 * part)}%`;
    place('[data-share]').textContent = part >= 1 ? say('Done') : say('{n} percent', { n: Math.floor(100 * part) });
  }

  function completed() {
    share(1);
    tell(say('Enough is counted: this lesson is done.'));
    finish.hidden = true;
    place('[data-onward]').hidden = false;
    root.classList.add('completed');
  }

  return {
    share,
    say: tell,
    /** The server's answer. */
    told(body) {
      stopped.hidden = true;
      missing = body.missing;
      if (body.completed) {
        completed();
        return;
      }
      if (body.share !== undefined) share(Math.min(body.share, UNDONE));
      finish.setAttribute('aria-disabled', String(Boolean(missing)));
      tell(body.why || missing);
    },
    resting: on => tell(on ? say('Paused: nothing was touched for a minute. Scroll or tap to go on.') : missing),
    stopped(sentence) {
      stopped.querySelector('p').textContent = sentence;
      stopped.hidden = false;
    },
    complain(button, sentence) {
      tell(sentence);
      button.classList.add('shake');
      setTimeout(() => button.classList.remove('shake'), 500);
    },
    ask(on) {
      if (on && !still.open) still.showModal();
      if (!on) still.close();
    },
    on(selector, does) {
      const button = place(selector);
      button.addEventListener('click', async () => {
        if (button.hasAttribute('aria-busy')) return;
        button.setAttribute('aria-busy', 'true');
        await does(button);
        button.removeAttribute('aria-busy');
      });
    }
  };
}
