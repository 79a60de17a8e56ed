// Holds element templates, given as a JSON array on standard input, to Camunda's schema. Says which fail and why.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const web = process.argv[2];
const validator = resolve(web, 'node_modules/@bpmn-io/element-templates-validator/dist/index.js');
const { validateAllZeebe } = await import(pathToFileURL(validator));
const { results } = validateAllZeebe(JSON.parse(readFileSync(0, 'utf8')));
const faults = results.filter(result => !result.valid).map(({ object, errors }) => [object.id, errors.map(e => e.message)]);
process.stdout.write(JSON.stringify(faults));
