/** What this window remembers of an exam while it is loaded anew: that it is the one that answers, what it could not
 * send yet, which questions are marked. It goes with the window. */
export function kept(number) {
  const name = `exam ${number}`;
  const read = () => JSON.parse(sessionStorage.getItem(name) || '{}');
  const write = change => sessionStorage.setItem(name, JSON.stringify({ ...read(), ...change }));
  return {
    seat: read,
    /** It is this window that answers from now on; `answers` are those that did not arrive yet, null for none. */
    sit(attempt, token, answers) {
      write({ attempt, token, answers, flags: read().attempt === attempt ? read().flags : [] });
    },
    /** Answers on their way; null once they have arrived. */
    hold: answers => write({ answers }),
    unsent(attempt) {
      const found = read();
      return found.attempt === attempt ? found.answers : null;
    },
    flags: () => read().flags || [],
    flag: flags => write({ flags }),
    forget: () => sessionStorage.removeItem(name)
  };
}
