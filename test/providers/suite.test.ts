import { describe, expect, it } from 'vitest';
import { providerSuite } from '../../src/testing/suites/provider-suite.js';
import { WAYS } from './ways.js';

describe.each(WAYS)('$name', ({ make, without = [], except = [] }) => {
  const suite = providerSuite({ connect: make, without });
  for (const { name, run } of suite.filter((one) => !except.includes(one.name))) it(name, run);

  it('is excused only from cases that exist', () => {
    expect(suite.map(({ name }) => name)).toEqual(expect.arrayContaining([...except]));
  });
});
