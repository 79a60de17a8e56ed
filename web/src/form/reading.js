import { useEffect, useRef } from 'preact/hooks';
import { jsx, jsxs } from 'preact/jsx-runtime';
import { describedBy, Frame, isAddress, useTranslate } from './frame.js';

/** A text that is only read, in full: a line of fixed width would cut it off. */
export default function Reading(props) {
  const { domId, value } = props;
  const translate = useTranslate();
  const box = useRef(null);
  useEffect(() => {
    const fit = () => {
      box.current.style.height = 'auto';
      box.current.style.height = `${box.current.scrollHeight}px`;
    };
    fit();
    window.addEventListener('resize', fit);
    return () => window.removeEventListener('resize', fit);
  }, [value]);
  return jsx(Frame, {
    props,
    kind: props.field.type,
    children: jsxs('div', {
      children: [
        jsx('textarea', {
          ref: box,
          id: domId,
          class: 'reading',
          rows: 1,
          readOnly: true,
          value: value || '—',
          'aria-describedby': describedBy(domId)
        }),
        isAddress(value) &&
          jsx('a', { class: 'reading-link', href: value, target: '_blank', rel: 'noopener noreferrer', children: translate('Open the address') })
      ]
    })
  });
}
