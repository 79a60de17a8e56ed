// Resident identity numbers (GB 11643-1999), checked as the server does: hr/people/identity.py.
const CHECKS = '10X98765432';

/** What is wrong with an identity number, as a sentence without the number itself; null if nothing is. */
export function fault(number) {
  const text = String(number).toUpperCase();
  if (!/^[0-9]{17}[0-9X]$/.test(text)) return 'An identity number has 18 characters: 17 digits, then a digit or X.';
  if (!isDay(+text.slice(6, 10), +text.slice(10, 12), +text.slice(12, 14)))
    return 'Digits 7 to 14 of the identity number are no day of birth.';
  if (check(text) !== text[17])
    return 'The last character of the identity number does not match the digits before it. Compare it with the card.';
  return null;
}

function isDay(year, month, day) {
  const found = new Date(Date.UTC(year, month - 1, day));
  return year > 0 && found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
}

/** The 18th character for the first 17 digits (ISO 7064, MOD 11-2). */
function check(text) {
  let sum = 0;
  let weight = 2; // of the 17th digit, doubling to the left
  for (let place = 16; place >= 0; place -= 1) {
    sum += weight * Number(text[place]);
    weight = (weight * 2) % 11;
  }
  return CHECKS[sum % 11];
}
