import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CONVENTIONS } from '../src/telemetry/conventions.ts';
import type { AttributeEntry, MetricEntry, Place } from '../src/telemetry/names.ts';
import { OWN_ATTRIBUTES, OWN_METRICS } from '../src/telemetry/own-names.ts';

const file = path.resolve(import.meta.dirname, '../docs/telemetry.md');

/** What docs/telemetry.md says of every name, from the tables that the code writes by. */
const TABLES: Readonly<Record<string, () => string>> = {
  'call attributes': () => attributeTable('call', Object.values(CONVENTIONS['1.43'].attributes)),
  'own call attributes': () => attributeTable('call', Object.values(OWN_ATTRIBUTES)),
  'attempt attributes': () => attributeTable('attempt', [...Object.values(CONVENTIONS['1.43'].attributes), ...Object.values(OWN_ATTRIBUTES)]),
  'exception attributes': () => attributeTable('exception event', [...Object.values(CONVENTIONS['1.43'].attributes), ...Object.values(OWN_ATTRIBUTES)]),
  metrics: () => metricTable(Object.values(CONVENTIONS['1.43'].metrics)),
  'own metrics': () => metricTable(Object.values(OWN_METRICS)),
};

const MARKED = /<!-- table: (?<name>[\w ]+) -->\n[\s\S]*?<!-- end of table -->/g;

/** The page with every table between its marks as the code has it now. */
export function fillTables(markdown: string): string {
  return markdown.replace(MARKED, (_match, name: string) => {
    const table = TABLES[name];
    if (table === undefined) throw new Error(`docs/telemetry.md: there is no table '${name}'; there are ${Object.keys(TABLES).join(', ')}`);
    return `<!-- table: ${name} -->\n\n${table()}\n\n<!-- end of table -->`;
  });
}

function attributeTable(place: Place, entries: readonly AttributeEntry[]): string {
  const rows = entries.filter(({ on }) => on.includes(place)).map(({ name, type, what }) => `| \`${name}\` | ${type} | ${what} |`);
  return ['| attribute | type | |', '|---|---|---|', ...rows].join('\n');
}

function metricTable(entries: readonly MetricEntry[]): string {
  const rows = entries.map(({ name, kind, unit, what, attributes }) => `| \`${name}\` | ${kind}, \`${unit}\` | ${what} | ${attributes.map((attribute) => `\`${attribute}\``).join(', ')} |`);
  return ['| metric | kind, unit | | attributes |', '|---|---|---|---|', ...rows].join('\n');
}

if (import.meta.main) writeFileSync(file, fillTables(readFileSync(file, 'utf8')));
