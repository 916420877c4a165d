import type { LedgerEntry } from 'headgate';

/** The entries of a batch, the same whenever it is made: one to seven, by its name. */
export function batchOf(name: string): readonly LedgerEntry[] {
  const number = [...name].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1_000_003, 7);
  return Array.from({ length: 1 + (number % 7) }, (_, at) => ({
    id: `${name}:${at + 1}`,
    callId: name,
    at: 1_700_000_000_000 + (number % 100_000),
    target: { provider: 'openai', model: 'gpt-5' },
    attempt: at + 1,
    kind: at === 0 ? 'first' : 'retry',
    outcome: 'ok',
    certainty: 'started',
    usage: { inputTokens: number, outputTokens: at },
    costUsd: (number + at) / 1e9,
    cache: 'none',
    durationMs: 1,
    tags: { tenant: `tenant-${number % 50}`, feature: 'kill' },
  }));
}
