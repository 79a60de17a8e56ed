import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A `.bpmnlintrc` as a module `{config, resolver}`: the rules are found now, not in the browser. */
export default function bpmnlint() {
  return {
    name: 'bpmnlint',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith('.bpmnlintrc')) return null;
      const compile = require('bpmnlint/lib/support/compile-config');
      const code = await compile(JSON.parse(fs.readFileSync(id, 'utf8')));
      return { code, moduleType: 'js', map: null };
    }
  };
}
