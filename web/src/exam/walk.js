import { complete } from './answers.js';
import { say } from './say.js';

const DESK = '(min-width: 900px)'; // as in exam.css: there all questions stand in one column

/** Going from question to question: one at a time on a phone, the marks above tell where one is and what is left. */
export function walk(root, own, answers) {
  const questions = [...root.querySelectorAll('.question')];
  const marks = [...root.querySelectorAll('.dots button')];
  const [back, on] = root.querySelectorAll('[data-step]');
  const end = root.querySelector('.exam-foot [data-hand-in]');
  const flags = new Set(own.flags());
  let at = 0;

  function draw() {
    const given = answers();
    questions.forEach((question, n) => {
      const { question: place } = question.dataset;
      const [done, flagged] = [complete(question, given), flags.has(place)];
      question.classList.toggle('current', n === at);
      question.querySelector('.flag').setAttribute('aria-pressed', String(flagged));
      mark(marks[n], place, { done, flagged, here: n === at });
    });
    back.disabled = at === 0;
    on.hidden = at === questions.length - 1;
    end.hidden = !on.hidden;
  }

  function go(to) {
    at = Math.min(Math.max(to, 0), questions.length - 1);
    draw();
    const heading = questions[at].querySelector('h2');
    if (window.matchMedia(DESK).matches) questions[at].scrollIntoView({ block: 'start' });
    else window.scrollTo(0, 0);
    marks[at].scrollIntoView({ block: 'nearest', inline: 'center' });
    heading.focus({ preventScroll: true });
  }

  marks.forEach((one, n) => one.addEventListener('click', () => go(n)));
  back.addEventListener('click', () => go(at - 1));
  on.addEventListener('click', () => go(at + 1));
  questions.forEach((question, n) => {
    const { question: place } = question.dataset;
    question.addEventListener('focusin', () => {
      if (n === at) return;
      at = n;
      draw();
    });
    question.querySelector('.flag').addEventListener('click', () => {
      if (!flags.delete(place)) flags.add(place);
      own.flag([...flags]);
      draw();
    });
  });
  return {
    draw,
    /** At the first question that is not answered yet. */
    start() {
      const given = answers();
      const open = questions.findIndex(question => !complete(question, given));
      go(Math.max(open, 0));
    }
  };
}

function mark(button, place, { done, flagged, here }) {
  const states = [done ? say('answered') : say('not answered'), ...(flagged ? [say('marked to look at again')] : [])];
  button.classList.toggle('done', done);
  button.classList.toggle('flagged', flagged);
  button.setAttribute('aria-label', [say('Question {n}', { n: place }), ...states].join(say(', ')));
  if (here) button.setAttribute('aria-current', 'step');
  else button.removeAttribute('aria-current');
}
