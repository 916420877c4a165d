import { beforeAll, describe, expect, it } from 'vitest';
import { compare, type Comparison } from './compare.ts';
import { run, type Run } from './run.ts';

describe('our bill beside those of the servers', () => {
  let made: Run;
  let compared: Comparison;

  beforeAll(async () => {
    // Nobody waits in vain here, so that nothing depends on how fast this machine is.
    made = await run({ calls: 800, callers: 50, seed: 7, patienceMs: 30_000, hangs: false });
    compared = compare(made);
  }, 60_000);

  it('has one row for each request that a server saw, and each count that was said is billed to the nano-USD', () => {
    expect(compared.problems).toEqual([]);
  });

  it('was compared over calls that ended in every way', () => {
    const outcomes = new Set([...made.rows.values()].map(({ report }) => report.outcome));
    expect([...outcomes]).toEqual(expect.arrayContaining(['ok', 'cancelled', 'stream_interrupted', 'network', 'server_error', 'provider_rate_limit', 'invalid_response', 'deadline_exceeded']));
    const kinds = new Set([...made.rows.values()].map(({ report }) => report.kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['first', 'retry', 'fallback', 'continue']));
    expect([...compared.exact.keys()].toSorted()).toEqual(['anthropic', 'compatible', 'google', 'openai']);
    expect([...compared.exact.values()].every(({ requests, ours }) => requests > 50 && ours > 0n)).toBe(true);
    expect(compared.estimated.size).toBe(5);
  });
});
