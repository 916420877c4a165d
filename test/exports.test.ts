import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { publicExports } from './support/public-exports.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly exports: Record<string, string | { readonly import: { readonly default: string } }> };

describe('the public names', () => {
  it('are listed for every subpath of the package', () => {
    expect(Object.keys(publicExports)).toEqual(Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json'));
  });

  it.each(Object.entries(publicExports))('of %s are the listed ones', async (subpath, names) => {
    const entry = manifest.exports[subpath];
    if (entry === undefined || typeof entry === 'string') throw new Error(`package.json has no entry ${subpath}`);
    const file = entry.import.default.replace(/^\.\/dist\/(.+)\.js$/, '../src/$1.ts');
    const module_ = (await import(file)) as object;
    expect(Object.keys(module_).toSorted()).toEqual([...names].toSorted());
  });
});
