// Measures what the redactor catches of the shared samples, and writes it into docs/redaction.md: npm run docs:redaction
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { KNOWN_FLAGS, KNOWN_MISSES } from '../test/redaction/known-misses.ts';
import { measureRecall, type Recall } from '../test/redaction/recall.ts';

const PAGE = path.resolve(import.meta.dirname, '../docs/redaction.md');
const BLOCK = /(?<=<!-- measured -->\n)[\s\S]*?(?=<!-- \/measured -->)/;

const { kinds, secrets, unsupported } = await measureRecall();
const all = [...kinds, secrets];
const table = [
  '| kind | rows with it | caught | rows without | changed |',
  '|---|---:|---:|---:|---:|',
  ...all.map(({ name, positives, caught, negatives, changed }) => `| ${name} | ${positives} | ${caught} | ${negatives} | ${changed} |`),
  `| all | ${sum('positives')} | ${sum('caught')} | ${sum('negatives')} | ${sum('changed')} |`,
  '',
  'Missed, and why:',
  '',
  ...all.flatMap(({ name, missed }) => missed.map((id) => `- ${name}: ${KNOWN_MISSES[id] ?? 'no reason known'}`)),
  '',
  'Changed though nothing was there, and why:',
  '',
  ...all.flatMap(({ name, flagged }) => flagged.map((id) => `- ${name}: ${KNOWN_FLAGS[id] ?? 'no reason known'}`)),
  '',
  `Nothing looks for these types of the samples: ${unsupported.toSorted().map((type) => type.toLowerCase().replaceAll('_', ' ')).join(', ')}.`,
  '',
].join('\n');

const page = readFileSync(PAGE, 'utf8');
writeFileSync(PAGE, page.replace(BLOCK, () => table));
console.log(table);

function sum(field: 'positives' | 'caught' | 'negatives' | 'changed'): number {
  return all.reduce((total, recall: Recall) => total + recall[field], 0);
}
