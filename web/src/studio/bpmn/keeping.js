// A file that was not changed is kept byte for byte. One that was is written anew by bpmn-moddle, but keeps what moddle
// knows nothing of: byte order mark, declaration, what stands before and after the root, line ends.
const MARK = '\uFEFF';
const PROLOG = /^\s*(?:<\?xml[\s\S]*?\?>)?(?:\s|<!--[\s\S]*?-->|<\?[\s\S]*?\?>)*/;
const COMMENT = /<!--[\s\S]*?-->/g;

/** The text `written` by moddle, clothed as `original` was. */
export function clothed(original, written) {
  const { mark, prolog, epilog } = parts(original);
  const { root } = parts(returns(written));
  return mark + lines(original, prolog.replace(/encoding=(["'])(?!utf-8\1)[^"']*\1/i, 'encoding=$1UTF-8$1')) +
    lines(original, root) + lines(original, epilog);
}

/** How many comments stand inside the root, which moddle does not keep. */
export function comments(text) {
  return (parts(text).root.match(COMMENT) || []).length;
}

function parts(text) {
  const mark = text.startsWith(MARK) ? MARK : '';
  const body = text.slice(mark.length);
  const prolog = body.match(PROLOG)[0];
  const rest = body.slice(prolog.length);
  const root = rest.slice(0, rest.lastIndexOf('>') + 1);
  return { mark, prolog, ...closing(root, rest) };
}

/** Comments after the root end with `>` too: the root ends with its own end tag. */
function closing(text, rest) {
  const name = (text.match(/^<([^\s/>]+)/) || [])[1];
  const end = name ? rest.lastIndexOf(`</${name}`) : -1;
  const at = end < 0 ? text.length : rest.indexOf('>', end) + 1;
  return { root: rest.slice(0, at), epilog: rest.slice(at) };
}

/** A carriage return within a value: moddle writes it as it is, and the next reader would take it for a space. */
function returns(text) {
  return text.split(/(<!\[CDATA\[[\s\S]*?\]\]>)/).map((part, index) => (index % 2 ? part : part.replace(/\r/g, '&#13;'))).join('');
}

function lines(original, text) {
  const plain = text.replace(/\r\n/g, '\n');
  return original.includes('\r\n') ? plain.replace(/\n/g, '\r\n') : plain;
}
