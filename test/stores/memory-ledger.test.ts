import { ConfigError, memoryLedger, type LedgerEntry } from 'headgate';
import { ledgerSuite } from 'headgate/testing';
import { describe, expect, it } from 'vitest';

const entry = (id: number): LedgerEntry => ({
  id: `call-${id}:1`, callId: `call-${id}`, at: 1000 - id, target: { provider: 'p', model: 'm' }, attempt: 1, kind: 'first', outcome: 'ok', certainty: 'started', usage: { inputTokens: 1, outputTokens: 1 }, costUsd: 1, cache: 'none', durationMs: 1, tags: {},
});

describe('memoryLedger', () => {
  it('forgets what was appended first when it is full', async () => {
    const ledger = memoryLedger({ maxEntries: 3 });
    await ledger.append([1, 2].map(entry));
    await ledger.append([3, 4, 5].map(entry));
    const ids: string[] = [];
    for await (const { id } of ledger.entries({})) ids.push(id);
    expect(ids).toEqual(['call-5:1', 'call-4:1', 'call-3:1']);
    expect(await ledger.totals({})).toMatchObject([{ calls: 3, costUsd: 3 }]);
  });

  it.each([0, -1, 1.5, Number.NaN, '7'])('refuses to keep %s entries', (maxEntries) => {
    expect(() => memoryLedger({ maxEntries: maxEntries as number })).toThrow(ConfigError);
  });

  it('refuses to prune before a moment that is none', async () => {
    await expect(memoryLedger().prune(Number.NaN)).rejects.toThrow('prune: wanted milliseconds');
  });
});

describe('conformance', () => {
  for (const { name, run } of ledgerSuite({ create: () => memoryLedger() })) it(name, run);
});
