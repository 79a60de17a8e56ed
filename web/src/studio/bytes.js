// Text of a file and back, so that what nobody changed is the very same bytes.
const XML = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z][\w.:-]*)["']/;

/** The encoding that bytes say they are in: by their mark, by the XML declaration, else UTF-8. */
export function encodingOf(bytes) {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  const head = String.fromCharCode(...bytes.subarray(0, 256)).replace(/^\u00ef\u00bb\u00bf/, '');
  const named = XML.exec(head);
  return named ? named[1].toLowerCase() : 'utf-8';
}

/** Bytes as text. Throws a TypeError or RangeError for what is no text in the encoding that it names. */
export function decode(bytes) {
  return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
}

/** Whether bytes begin with the mark of UTF-8, which is no part of their text. */
export const isMarked = bytes => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** Text as UTF-8, with its mark where that was there before, and an XML declaration that says so. */
export function encode(text, marked = false) {
  const named = XML.exec(text);
  const declared = named && named[1].toLowerCase() !== 'utf-8';
  const written = declared ? text.replace(named[0], named[0].replace(named[1], 'UTF-8')) : text;
  return new TextEncoder().encode(marked ? `\uFEFF${written}` : written);
}
