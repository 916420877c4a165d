import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { assertBuilt } from './support/consumer.js';

const execute = promisify(execFile);
const examples = globSync('examples/*.ts').toSorted();
const bareEnvironment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/KEY|TOKEN|SECRET|VITEST|NODE_/.test(name)));

describe('the examples', () => {
  // They import the package by its name, which means what was built.
  beforeAll(assertBuilt);

  it('exist', () => {
    expect(examples).toContain('examples/demo.ts');
  });

  it.each(examples)('%s runs to its end without a key and prints something', { timeout: 60_000 }, async (file) => {
    const { stdout, stderr } = await execute(process.execPath, [file], { env: { ...bareEnvironment, NO_COLOR: '1' }, timeout: 30_000 });
    expect(stderr).toBe('');
    expect(stdout.trim()).not.toBe('');
  });

  it.each(examples)('%s imports nothing a user could not import', (file) => {
    const specifiers = [...readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport) '(?<specifier>[^']+)'/g)].map((match) => match.groups?.['specifier'] ?? '');
    expect(specifiers.filter((specifier) => specifier.startsWith('../'))).toEqual([]);
  });
});
