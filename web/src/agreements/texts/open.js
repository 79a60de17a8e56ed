/** The text of an agreement: numbers beside its lines, marks where something is told, a way from what is told to it. */
export function open(root) {
  const area = root.querySelector('textarea');
  const gutter = root.querySelector('.gutter');
  const looked = root.querySelector('#looked');
  const mirror = document.createElement('div');
  mirror.className = 'mirror';
  mirror.setAttribute('aria-hidden', 'true');
  area.parentElement.append(mirror);
  let kept = area.value;
  let drawn = 0;

  const draw = () => {
    cancelAnimationFrame(drawn);
    drawn = requestAnimationFrame(() => {
      measure(area, mirror, gutter);
      mark(looked, gutter);
      gutter.scrollTop = area.scrollTop;
    });
  };

  area.addEventListener('input', draw);
  area.addEventListener('scroll', () => { gutter.scrollTop = area.scrollTop; });
  window.addEventListener('resize', draw);
  document.addEventListener('htmx:after:swap', () => mark(looked, gutter));
  looked.addEventListener('click', event => {
    const place = event.target.closest('[data-line]');
    if (place) goTo(root, area, mirror, Number(place.dataset.line));
  });
  root.addEventListener('change', event => {
    if (event.target.name !== 'side') return;
    root.dataset.side = event.target.value;
    draw();
  });
  area.addEventListener('keydown', event => {
    if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (area.form.querySelector('button')) area.form.requestSubmit();
  });
  area.form.addEventListener('submit', () => { kept = area.value; });
  window.addEventListener('beforeunload', event => {
    if (area.value !== kept) event.preventDefault();
  });
  draw();
}

/** Lay every line out once more, unseen, as wide as it is typed: its height is the height of its number. */
function measure(area, mirror, gutter) {
  const lines = area.value.split('\n');
  mirror.style.width = `${area.clientWidth}px`;
  while (mirror.children.length > lines.length) mirror.lastChild.remove();
  lines.forEach((line, n) => {
    const place = mirror.children[n] || mirror.appendChild(document.createElement('div'));
    const text = line || '\u200b';
    if (place.textContent !== text) place.textContent = text;
  });
  const heights = [...mirror.children].map(place => place.getBoundingClientRect().height);
  while (gutter.children.length > lines.length) gutter.lastChild.remove();
  heights.forEach((height, n) => {
    const number = gutter.children[n] || gutter.appendChild(document.createElement('span'));
    number.textContent = n + 1;
    number.style.height = `${height}px`;
  });
}

/** Colour the numbers of the lines of which something is told. */
function mark(looked, gutter) {
  [...gutter.children].forEach(number => { number.className = ''; });
  looked.querySelectorAll('[data-at]').forEach(told => {
    const number = gutter.children[Number(told.dataset.at) - 1];
    if (number && number.className !== 'bad') number.className = told.className || 'told';
  });
}

function goTo(root, area, mirror, line) {
  const before = area.value.split('\n').slice(0, line - 1);
  const start = before.reduce((sum, text) => sum + text.length + 1, 0);
  const end = area.value.indexOf('\n', start);
  const side = root.querySelector('[name=side][value=text]');
  side.checked = true;
  side.dispatchEvent(new Event('change', { bubbles: true }));
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
  const place = mirror.children[line - 1];
  if (place) area.scrollTop = place.offsetTop - area.clientHeight / 3;
}
