import { formatTotals, type LedgerTotal } from 'headgate';
import { describe, expect, it } from 'vitest';

const total = (group: Record<string, string>, more: Partial<LedgerTotal> = {}): LedgerTotal => ({
  group, calls: 12, attempts: 13, errors: 1, hits: 2, inputTokens: 1000, outputTokens: 200, costUsd: 0.0125, savedUsd: 0.002, estimated: 0, estimatedUsd: 0, unpriced: 0, ...more,
});

describe('formatTotals', () => {
  it('makes a table with a column for each name and figure', () => {
    expect(formatTotals([total({ team: 'red', model: 'gpt-5' }), total({ team: '', model: 'claude-opus-4-5' }, { calls: 3, costUsd: 1.5 })])).toBe(
      [
        'team  model            calls  attempts  errors  hits  input  output      cost     saved  unpriced',
        'red   gpt-5               12        13       1     2   1000     200  0.012500  0.002000         0',
        '      claude-opus-4-5      3        13       1     2   1000     200  1.500000  0.002000         0',
      ].join('\n'),
    );
  });

  it('begins with the start of the bucket where there are buckets', () => {
    expect(formatTotals([total({}, { bucket: 1_700_000_000_000 })]).split('\n')[1]).toMatch(/^2023-11-14T22:13 +12/);
  });

  it('is a heading for no totals, and keeps a hostile tag on its line', () => {
    expect(formatTotals([])).toBe('calls  attempts  errors  hits  input  output  cost  saved  unpriced');
    expect(formatTotals([total({ team: 'a\n\u001b[2Jb' })]).split('\n')).toHaveLength(2);
  });
});
