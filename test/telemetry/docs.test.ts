import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fillTables } from '../../scripts/telemetry-tables.js';

describe('docs/telemetry.md', () => {
  const page = readFileSync('docs/telemetry.md', 'utf8');

  it('says of every name what the code writes by (if not: npm run docs)', () => {
    expect(page).toBe(fillTables(page));
  });

  it('has every table', () => {
    expect([...page.matchAll(/<!-- table: ([\w ]+) -->/g)].map(([, name]) => name)).toEqual(['call attributes', 'own call attributes', 'attempt attributes', 'metrics', 'own metrics', 'exception attributes']);
  });
});
