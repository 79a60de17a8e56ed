import { jsx, jsxs } from 'preact/jsx-runtime';
import { useTranslate } from './frame.js';

/** form-js' own file picker, which forgets files that came with the form: these are listed and kept until replaced. */
export function keepStored(Picker) {
  return function Files(props) {
    const { value, onChange, readonly, disabled } = props;
    const translate = useTranslate();
    if (!Array.isArray(value)) return jsx(Picker, props);
    const drop = hash => {
      const left = value.filter(file => file.hash !== hash);
      onChange({ value: left.length ? left : null });
    };
    return jsxs('div', {
      children: [
        jsx(Picker, { ...props, value: '' }),
        jsx('ul', {
          class: 'stored-files',
          children: value.map(file =>
            jsxs('li', {
              children: [
                jsx('a', { href: `/files/${file.hash}`, target: '_blank', rel: 'noopener', children: file.name }),
                !readonly &&
                  !disabled &&
                  jsx('button', {
                    type: 'button',
                    onClick: () => drop(file.hash),
                    'aria-label': `${translate('Remove tag')} ${file.name}`,
                    children: '×'
                  })
              ]
            })
          )
        })
      ]
    });
  };
}
