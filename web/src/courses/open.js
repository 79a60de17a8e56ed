import { toast } from '../behave.js';
import { counting, finding } from './exam.js';
import { arrange, lessons } from './items.js';
import { markdown } from './markdown.js';
import { material } from './material.js';
import { post } from './post.js';
import { say } from './say.js';
import { items, values } from './values.js';

const PAUSE = 1200; // milliseconds without a change before the course is looked at

/** The editor of a course, by form or as YAML: looked at while it is written, saved as a new version. */
export function open(root) {
  const form = root.querySelector('[data-course-form]');
  const source = root.querySelector('#source');
  const saving = root.querySelector('[data-save]');
  const looked = root.querySelector('#looked');
  const told = () => (form ? { form: values(form) } : { source: source.value });
  const slug = () => root.dataset.slug || saving.elements.slug.value;
  let [kept, timer, turn] = [JSON.stringify(told()), 0, 0];

  async function look() {
    turn += 1;
    const mine = turn;
    const { status, html } = await post('/training/courses/check', { slug: slug(), ...told() });
    if (mine === turn && status === 200) draw(html);
  }

  function draw(html) {
    looked.innerHTML = html;
    document.dispatchEvent(new CustomEvent('htmx:after:swap', { detail: { ctx: { sourceElement: looked } } }));
  }

  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  };

  async function save(event) {
    event.preventDefault();
    const button = saving.querySelector('button');
    if (button.disabled) return;
    clearTimeout(timer);
    const sent = told();
    const { comment } = saving.elements;
    button.disabled = true;
    button.setAttribute('aria-busy', 'true');
    const base = Number(root.dataset.base);
    const { status, body, html } = await post('/training/courses/save', { slug: slug(), base, comment: comment.value, ...sent });
    button.disabled = false;
    button.removeAttribute('aria-busy');
    if (status === 200) {
      kept = JSON.stringify(told());
      toast(body.said, 'ok', true);
      window.location.assign(body.location);
    } else if (status === 422 && html) {
      draw(html);
      looked.closest('section').scrollIntoView({ block: 'nearest' });
      toast(looked.querySelector('.note').textContent.trim(), 'bad');
    } else {
      toast(body.detail || (status ? say('It could not be saved. Try again.') : say('The connection broke off. Try again.')), 'bad');
    }
  }

  root.addEventListener('input', changed);
  root.addEventListener('change', changed);
  root.addEventListener('click', event => {
    const place = event.target.closest('[data-place]');
    if (place && form) go(event, root, place.dataset.place);
  });
  root.addEventListener('keydown', event => {
    if (event.key === 's' && (event.ctrlKey || event.metaKey)) save(event);
  });
  saving.addEventListener('submit', save);
  root.addEventListener('change', event => reads(root, event.target));
  window.addEventListener('beforeunload', event => {
    if (JSON.stringify(told()) !== kept) event.preventDefault();
  });
  if (!form) return;
  const count = counting(root);
  arrange(root, () => { changed(); count(); });
  root.addEventListener('input', count);
  root.addEventListener('change', count);
  lessons(root);
  kept = JSON.stringify(told());
  material(root);
  markdown(root);
  finding(root);
  count();
}

/** Go to a part of the course, such as `head` or `lessons.2`, and open what is folded around it. */
function go(event, root, place) {
  event.preventDefault();
  const [part, number] = place.split('.');
  const list = root.querySelector(`[data-course-form] [data-list=${part}]`);
  const item = number && list ? items(list)[Number(number)] : null;
  const found = item || root.querySelector(`#${part}`);
  if (item) {
    item.hidden = false;
    item.querySelector('details').open = true;
  }
  found.scrollIntoView({ block: 'start' });
  (item ? item.querySelector('summary') : found).focus({ preventScroll: true });
}

/** A file of captions, or of a whole course, is read into its field. */
async function reads(root, input) {
  const captions = input.matches('[data-reads]');
  if (!captions && !input.matches('[data-reads-source]')) return;
  const [file] = input.files;
  if (!file) return;
  const area = captions ? input.closest('.captions').querySelector('textarea') : root.querySelector('#source');
  area.value = await new Response(file).text();
  input.value = '';
  area.dispatchEvent(new Event('input', { bubbles: true }));
}
