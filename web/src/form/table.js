import { useExpressionEvaluation } from '@bpmn-io/form-js-viewer';
import { jsx, jsxs } from 'preact/jsx-runtime';
import { FileChip } from './files.js';
import { isAddress, useTranslate } from './frame.js';

const isFile = part => part && typeof part === 'object' && part.hash && part.name;
const filesIn = value => (Array.isArray(value) ? value.filter(isFile) : []);
const isEmpty = value => value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length);

/** A table of things to read before one signs: a card a row, in full, with its attachments. The first column is its head. */
export default function Cards({ field }) {
  const translate = useTranslate();
  const rows = useExpressionEvaluation(field.dataSource || '');
  const found = Array.isArray(rows) ? rows.filter(row => row && typeof row === 'object') : [];
  const [head, ...columns] = field.columns || [];
  return jsxs('div', {
    class: 'fjs-form-field fjs-form-field-table',
    children: [
      field.label && jsxs('h3', { class: 'cards-head', children: [field.label, jsx('span', { children: found.length })] }),
      found.length && head
        ? jsx('ol', { class: 'cards', children: found.map((row, index) => jsx(Card, { row, index, head, columns })) })
        : jsx('p', { class: 'picker-none', children: translate('Nothing to show.') })
    ]
  });
}

function Card({ row, index, head, columns }) {
  const named = columns.filter(({ key }) => !isEmpty(row[key]) && !filesIn(row[key]).length);
  // Attachments belong to what is signed, whether or not the form has a column for them.
  const files = Object.values(row).flatMap(filesIn);
  return jsxs('li', {
    class: 'read-card',
    children: [
      jsxs('h4', { children: [jsx('span', { class: 'read-number', children: index + 1 }), shown(row[head.key])] }),
      named.length > 0 &&
        jsx('dl', {
          children: named.flatMap(({ key, label }) => [
            jsx('dt', { children: label }),
            jsx('dd', { children: jsx(Words, { text: shown(row[key]) }) })
          ])
        }),
      files.length > 0 &&
        jsx('ul', { class: 'file-chips', children: files.map(({ hash, name }) => jsx(FileChip, { key: hash, hash, name })) })
    ]
  });
}

const shown = value => (Array.isArray(value) ? value.map(shown).join('、') : isEmpty(value) ? '—' : String(value));

/** A text as it was written; an address that stands alone can be followed. */
function Words({ text }) {
  if (!isAddress(text)) return text;
  return jsx('a', { href: text, target: '_blank', rel: 'noopener noreferrer', children: text });
}
