/** The numbers beside the lines. `mark` says which lines have a fault, `go` leads to one. */
export function lines(element, area) {
  const gutter = element.querySelector('[data-lines]');
  const height = () => parseFloat(getComputedStyle(area).lineHeight);
  let marked = new Map();
  let drawn = 0;

  const draw = () => {
    const count = area.value.split('\n').length;
    if (count === drawn) return;
    drawn = count;
    paint(gutter, count, marked);
  };

  area.addEventListener('scroll', () => { gutter.scrollTop = area.scrollTop; });
  draw();
  return {
    draw,
    mark(faults) {
      marked = faults;
      paint(gutter, drawn, marked);
      gutter.scrollTop = area.scrollTop;
    },
    go(line) {
      const [start, end] = stretch(area.value, line);
      area.focus();
      area.setSelectionRange(start, end);
      area.scrollTop = Math.max(0, (line - 4) * height());
    }
  };
}

function paint(gutter, count, marked) {
  const rows = [];
  for (let line = 1; line <= count; line += 1) {
    const row = document.createElement('span');
    row.textContent = String(line);
    const fault = marked.get(line);
    if (fault) Object.assign(row, { className: fault.kind, title: fault.sentence });
    rows.push(row);
  }
  gutter.replaceChildren(...rows);
}

/** Where a line begins and ends in the text. */
function stretch(text, line) {
  let start = 0;
  for (let before = 1; before < line; before += 1) {
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  return [start, end < 0 ? text.length : end];
}
