import { attached, stroke } from './taps.js';
import { say } from './words.js';

const DAY = 86_400_000;
const ROUNDS = 3; // what is filled in may show more fields

/** Fill what is empty and required, or under a rule of its own, with values that the form most likely accepts.
 *
 * `around` is `{now, people, as}`: the clock of the run, who is there, and who fills it in.
 */
export async function fillIn(form, around) {
  for (let round = 0; round < ROUNDS; round += 1) {
    const filled = fillOnce(form, around);
    await new Promise(resolve => setTimeout(resolve, 60));
    if (!filled) return;
  }
}

function fillOnce(form, around) {
  const fields = form.get('formFieldRegistry');
  const instances = form.get('formFieldInstanceRegistry').getAllKeyed();
  let filled = 0;
  instances.forEach(instance => {
    const field = fields.get(instance.id);
    const { data } = form._getState();
    if (!field || !isWanted(field) || !isEmpty(at(data, instance.valuePath))) return;
    const value = sample(form, field, data, around);
    if (value === undefined) return;
    form._update({ fieldInstance: instance, value });
    filled += 1;
  });
  return filled;
}

const at = (data, path) => path.reduce((value, part) => (value === null || value === undefined ? value : value[part]), data);
const isEmpty = value => value === undefined || value === null || value === '' || value === false || (Array.isArray(value) && !value.length);

function isWanted(field) {
  if (field.disabled || field.readonly === true) return false;
  return Boolean((field.validate || {}).required || (field.properties || {}).rule);
}

const SAMPLES = {
  textfield: text,
  textarea: text,
  number: amount,
  datetime: moment,
  checkbox: () => true,
  select: chosen,
  radio: chosen,
  checklist: (...given) => listed(chosen(...given)),
  taglist: (...given) => listed(chosen(...given)),
  filepicker: (form, field) => attached(form.get('fileRegistry'), field)
};

const listed = value => (value === undefined ? undefined : [value]);

function sample(form, field, data, around) {
  const { widget } = field.properties || {};
  if (widget === 'signature') return (field.validate || {}).required ? stroke() : undefined;
  if (widget === 'employee') return colleague(data, around);
  return SAMPLES[field.type] && SAMPLES[field.type](form, field, data, around);
}

/** Somebody who is not the one who fills it in, nor anybody whom the form is about. */
function colleague(data, { people, as }) {
  const about = [as, ...Object.values(data).map(value => value && value.login)];
  const employees = people.filter(({ groups }) => groups.length === 1 && groups[0] === 'employee');
  const found = [...employees.reverse(), ...people].find(({ login }) => !about.includes(login));
  return found && found.login;
}

const TEXTS = ['13800138000', '990000199003070013', '100000', '2026-11', '10', '1', 'A1', 'sample@example.com'];

function text(form, field, data, { now }) {
  const { pattern, minLength = 0, maxLength = Infinity, validationType } = field.validate || {};
  if (validationType === 'email') return 'sample@example.com';
  if (validationType === 'phone') return '+8613800138000';
  const plain = say('Sample text').padEnd(minLength, '。').slice(0, maxLength);
  if (!pattern) return plain;
  return [plain, now.slice(0, 7), now.slice(0, 10), ...TEXTS].find(candidate => matches(pattern, candidate)) || plain;
}

function matches(pattern, candidate) {
  try {
    return new RegExp(pattern).test(candidate);
  } catch {
    return false;
  }
}

function amount(form, field) {
  const { min, max } = field.validate || {};
  const low = Number(min === undefined || min === '' ? 1 : min);
  return max === undefined || max === '' ? low : Math.min(Math.max(low, 1), Number(max));
}

/** A month ahead, or the day that the field's own rule asks for where the data name one. */
function moment(form, field, data, { now }) {
  if (field.subtype === 'time') return '09:00';
  const { rule = '' } = field.properties || {};
  const named = [...rule.matchAll(/[A-Za-z_][\w.]*/g)].map(([name]) => at(data, name.split('.'))).filter(value => /^\d{4}-\d{2}-\d{2}/.test(value || ''));
  const ahead = new Date(new Date(now).getTime() + 30 * DAY).toISOString().slice(0, 10);
  const day = [...named.map(value => value.slice(0, 10)), ...(named.length ? [] : [ahead])].sort()[0];
  return field.subtype === 'datetime' ? `${day}T09:00` : day;
}

function chosen(form, field, data) {
  const given = field.values || (field.valuesKey && at(data, field.valuesKey.split('.'))) || computed(form, field.valuesExpression, data) || [];
  const [first] = given;
  return first !== null && typeof first === 'object' ? first.value : first;
}

function computed(form, expression, data) {
  if (!expression) return null;
  const found = form.get('expressionLanguage').evaluate(expression, data);
  return Array.isArray(found) ? found : null;
}
