// form-js-viewer 2.0.0 passes its words to a `translate` service, but for three that stand in the code, and names no
// row of a list that nobody may add to. Both are mended here, and the build fails as soon as that code moves, so a new
// version cannot lose them silently.
const EDITS = [
  ["placeholder: 'Search',", "placeholder: translateSearch('Search'),"],
  [
    "  const searchbarRef = useRef();\n  const eventBus = useService('eventBus');",
    "  const searchbarRef = useRef();\n  const translateSearch = useService('translate');\n  const eventBus = useService('eventBus');"
  ],
  ["children: valueLabel || 'Select'", "children: valueLabel || translateSelect('Select')"],
  [
    '  const [isDropdownExpanded, setIsDropdownExpanded] = useState(false);\n  const selectRef = useRef();',
    "  const [isDropdownExpanded, setIsDropdownExpanded] = useState(false);\n  const translateSelect = useService('translate');\n  const selectRef = useRef();"
  ],
  ['"aria-label": `Remove list item ${itemIndex + 1}`', "\"aria-label\": translateRemove('Remove list item {value}', { value: itemIndex + 1 })"],
  [
    '  const elementProps = useMemo(() => ({\n    ...restProps,\n    indexes: {\n      ...(indexes || {}),\n      [repeaterField.id]: itemIndex',
    "  const translateRemove = useService('translate');\n  const elementProps = useMemo(() => ({\n    ...restProps,\n    indexes: {\n      ...(indexes || {}),\n      [repeaterField.id]: itemIndex"
  ],
  // A row that has to be there has no cross: the list's property `keep` names the member that says so.
  [
    '  return !showRemove ? jsx(LocalExpressionContext.Provider, {',
    '  const keep = (repeaterField.properties || {}).keep;\n  return !showRemove || (keep && itemValue && itemValue[keep] === true) ? jsx(LocalExpressionContext.Provider, {'
  ],
  ["        class: classNames({\n          'fjs-repeat-row-collapsed'", "        class: classNames('repeat-row', {\n          'fjs-repeat-row-collapsed'"]
];

export default function formjs() {
  return {
    name: 'formjs-words',
    enforce: 'pre',
    transform(code, id) {
      // The form editor brings an older viewer of its own, which formjs-editor.js minds.
      if (!/(?<!form-js-editor\/node_modules\/)@bpmn-io\/form-js-viewer\/dist\/index\.es\.js$/.test(id)) return null;
      let edited = code;
      for (const [found, wanted] of EDITS) {
        const times = edited.split(found).length - 1;
        if (times !== 1) this.error(`form-js-viewer has ${JSON.stringify(found)} ${times} times, expected once`);
        edited = edited.replace(found, () => wanted);
      }
      return { code: edited, map: null };
    }
  };
}
