// form-js-viewer 2.0.0 passes its words to a `translate` service, but for three that stand in the code. They are led
// to the service here, and the build fails as soon as that code moves, so a new version cannot lose them silently.
const EDITS = [
  ["children: \"Browse\"", "children: translate('Browse')"],
  ["placeholder: 'Search',", "placeholder: translateSearch('Search'),"],
  [
    "  const searchbarRef = useRef();\n  const eventBus = useService('eventBus');",
    "  const searchbarRef = useRef();\n  const translateSearch = useService('translate');\n  const eventBus = useService('eventBus');"
  ],
  ["children: valueLabel || 'Select'", "children: valueLabel || translateSelect('Select')"],
  [
    '  const [isDropdownExpanded, setIsDropdownExpanded] = useState(false);\n  const selectRef = useRef();',
    "  const [isDropdownExpanded, setIsDropdownExpanded] = useState(false);\n  const translateSelect = useService('translate');\n  const selectRef = useRef();"
  ]
];

export default function formjs() {
  return {
    name: 'formjs-words',
    enforce: 'pre',
    transform(code, id) {
      if (!/@bpmn-io\/form-js-viewer\/dist\/index\.es\.js$/.test(id)) return null;
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
