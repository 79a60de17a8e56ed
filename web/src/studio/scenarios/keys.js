const INDENT = '  ';

/** Tab indents, Shift+Tab takes back, Enter goes on at the same depth. After Escape, Tab leaves the text as everywhere. */
export function keys(area) {
  let leaving = false;
  area.addEventListener('keydown', event => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (event.key === 'Tab' && plain && !leaving) {
      event.preventDefault();
      indent(area, event.shiftKey);
    } else if (event.key === 'Enter' && plain && !event.shiftKey) {
      event.preventDefault();
      insert(area, `\n${depth(area)}`);
    }
    leaving = event.key === 'Escape' || (leaving && event.key === 'Shift');
  });
  area.addEventListener('blur', () => { leaving = false; });
}

/** What the new line begins with: the depth of this one, one deeper after a colon. */
function depth({ value, selectionStart }) {
  const line = value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart);
  const [before] = line.match(/^ *(- )*/);
  const own = ' '.repeat(before.length);
  return /:\s*$/.test(line) ? own + INDENT : own;
}

function indent(area, back) {
  const { value, selectionStart, selectionEnd } = area;
  const many = value.slice(selectionStart, selectionEnd).includes('\n');
  if (!back && !many) return insert(area, INDENT);
  const start = value.lastIndexOf('\n', selectionStart - 1) + 1;
  const end = selectionEnd > selectionStart && value[selectionEnd - 1] === '\n' ? selectionEnd - 1 : selectionEnd;
  const rows = value.slice(start, end).split('\n');
  const moved = rows.map(row => (back ? row.replace(/^ {1,2}/, '') : row && INDENT + row)).join('\n');
  if (moved === rows.join('\n')) return undefined;
  area.setSelectionRange(start, end);
  insert(area, moved);
  if (many) area.setSelectionRange(start, start + moved.length);
  else area.setSelectionRange(...cursor(start, selectionStart, selectionEnd, moved.length - (end - start)));
  return undefined;
}

const cursor = (start, from, to, by) => [Math.max(start, from + by), Math.max(start, to + by)];

/** Put text in place of what is chosen, in a way that the browser can undo. */
function insert(area, text) {
  const { selectionStart, selectionEnd } = area;
  const done = text ? document.execCommand('insertText', false, text) : document.execCommand('delete');
  if (done) return;
  area.setRangeText(text, selectionStart, selectionEnd, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
}
