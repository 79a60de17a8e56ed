// What the page does, as steps of a story (the grammar is that of scenarios.yaml).

/** Finish a task that has no form. Of several with one element the story tells which by its place, from 0. */
export const completing = ({ element, index }, as) => ({ complete: element, as, ...(index ? { index } : {}) });

export const startingWithoutForm = (as, variables) => ({ start: as, ...begun({ variables }) });
export const messaging = (name, key, variables) => ({ message: name, ...(key ? { key } : {}), ...begun({ variables }) });
export const signalling = (name, variables) => ({ signal: name, ...begun({ variables }) });
export const waiting = duration => ({ wait: duration });
export const moving = instant => ({ at: instant });
export const switching = (system, down) => ({ system, down });
export const setting = (name, value) => ({ set: { [name]: value } });
export const retrying = element => ({ retry: element });
export const cancelling = () => ({ cancel: true });
export const answering = (job, answers) => ({ job: job.element, answers });
export const failing = (job, sentence) => ({ job: job.element, fails: sentence });
export const throwing = (job, code) => ({ job: job.element, throws: code });

const begun = ({ variables }) => (variables && Object.keys(variables).length ? { variables } : {});

const OWN = ['sign', 'seal', 'learn', 'examine'];

/** A step with what was filled in. A signature, a course and its exam are no forms: each is done on pages of its own. */
export const filled = (step, values) => (OWN.some(act => act in step) ? step : { ...step, values });

/** What waits for its time, the next one first: timers, and jobs that are tried again later. */
export function timersOf(view) {
  const now = new Date(view.now);
  const timed = view.waiting.filter(({ kind, dueAt }) => dueAt && (kind === 'timer' || (kind === 'job' && new Date(dueAt) > now)));
  return timed.sort((one, other) => new Date(one.dueAt) - new Date(other.dueAt));
}

/** Jobs that somebody has to answer here: no handler performs them. */
export const jobsOf = view => view.waiting.filter(({ kind, handled }) => kind === 'job' && !handled);
