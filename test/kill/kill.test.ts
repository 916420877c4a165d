import { beforeAll, describe, expect, it } from 'vitest';
import { assertBuilt } from '../support/consumer.js';
import { killRounds } from './rounds.js';

describe('a SQLite ledger whose writers are killed', () => {
  // The writers are processes of their own, which run what was built.
  beforeAll(assertBuilt);

  it('has everything that was acknowledged, once, and no part of a batch (npm run test:kill does it 100 times)', { timeout: 60_000 }, async () => {
    const { kills, acknowledged, answered, ...broken } = await killRounds(2);
    expect(kills).toBe(6);
    expect(acknowledged + answered).toBeGreaterThan(0);
    expect(broken).toEqual({ lost: 0, duplicates: 0, torn: 0, wrong: 0, nanoUsdOff: 0 });
  });
});
