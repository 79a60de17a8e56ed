import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/esm/l10n/zh.js';
import { useEffect, useRef, useState } from 'preact/hooks';
import { jsx, jsxs } from 'preact/jsx-runtime';
import { dayOf } from './days.js';
import { describedBy, Frame, useTranslate } from './frame.js';

const chinese = document.documentElement.lang.startsWith('zh');
if (chinese) {
  const months = Array.from({ length: 12 }, (_, month) => `${month + 1}月`);
  flatpickr.localize({ ...Mandarin, months: { shorthand: months, longhand: months }, yearAriaLabel: '年', monthAriaLabel: '月' });
}

/** A day, typed or chosen. The value is `YYYY-MM-DD`; what cannot be read as a day stays as it was typed and is refused. */
export default function Day(props) {
  const { domId, value, errors = [], readonly, disabled, field, onChange, onBlur, onFocus } = props;
  const translate = useTranslate();
  const [text, setText] = useState(value || '');
  const [open, setOpen] = useState(false);
  const input = useRef(null);
  const fixed = readonly || disabled;
  useEffect(() => setText(value || ''), [value]);

  const tell = next => {
    setText(next);
    if (next !== (value || '')) onChange({ value: next || null });
  };
  const settle = () => tell(dayOf(text) || text.trim());
  const choose = day => {
    tell(day);
    setOpen(false);
    input.current.focus();
  };
  const press = event => {
    if (event.key === 'Escape' && open) setOpen(false);
    else if (event.key === 'ArrowDown' && !open && event.target === input.current) setOpen(true);
    else if (event.key === 'Enter' && event.target === input.current) {
      settle();
      setOpen(false);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const leave = event => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    setOpen(false);
    settle();
    onBlur();
  };

  return jsx(Frame, {
    props,
    kind: 'datetime',
    children: jsxs('div', {
      class: 'day',
      onKeyDown: press,
      onfocusout: leave,
      children: [
        jsx('input', {
          ref: input,
          id: domId,
          class: 'fjs-input',
          type: 'text',
          autocomplete: 'off',
          placeholder: translate('YYYY-MM-DD'),
          value: text,
          disabled,
          readOnly: readonly,
          'aria-describedby': describedBy(domId),
          'aria-invalid': errors.length > 0,
          onInput: event => setText(event.target.value),
          onFocus,
          onClick: () => !fixed && setOpen(true)
        }),
        !fixed &&
          jsx('button', {
            type: 'button',
            class: 'day-button',
            'aria-label': translate('Open the calendar'),
            'aria-expanded': open,
            onClick: () => setOpen(!open),
            children: jsx(Sheet, {})
          }),
        open && jsx(Calendar, { day: dayOf(text), choose, ahead: field.disallowPassedDates })
      ]
    })
  });
}

/** The sheet of a calendar, as an icon. */
function Sheet() {
  const d = 'M8 2v4M16 2v4M3 10h18M5 4h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2';
  return jsx('svg', { class: 'i', viewBox: '0 0 24 24', 'aria-hidden': true, children: jsx('path', { d }) });
}

function Calendar({ day, choose, ahead }) {
  const place = useRef(null);
  useEffect(() => {
    const anchor = document.createElement('span');
    place.current.append(anchor);
    const made = flatpickr(anchor, {
      inline: true,
      disableMobile: true,
      dateFormat: 'Y-m-d',
      ariaDateFormat: chinese ? 'Y年n月j日' : 'F j, Y',
      defaultDate: day,
      minDate: ahead ? 'today' : '1900-01-01',
      onChange: (_, text) => choose(text)
    });
    place.current.scrollIntoView({ block: 'nearest' });
    return () => made.destroy();
  }, []);
  // A press on a bare part of the calendar must not take the focus away, which would close it.
  const hold = event => event.target.closest('select, input') || event.preventDefault();
  return jsx('div', { class: 'day-calendar', ref: place, onMouseDown: hold });
}
