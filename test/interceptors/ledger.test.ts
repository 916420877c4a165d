import { createGateway, ledger, memoryLedger, type Interceptor, type Ledger, type LedgerEntry, type LedgerOptions } from 'headgate';
import { interceptorSuite, mockProvider } from 'headgate/testing';
import { describe, expect, it } from 'vitest';
import { ask } from '../support/adapters.js';

async function rowsOf(store: Ledger): Promise<LedgerEntry[]> {
  const rows: LedgerEntry[] = [];
  for await (const row of store.entries({})) rows.push(row);
  return rows;
}

/** What a cost meter says, as it says it: while the end of the attempt is told. */
const meter = (usd: number | undefined): Interceptor => ({
  name: 'meter',
  stage: 'meter',
  intercept(call, next) {
    call.trace.subscribe((decision) => {
      if (decision.what !== 'attempt-end') return;
      const { index, target, usage = { inputTokens: 0, outputTokens: 0 } } = decision.report;
      call.trace.record('meter', { what: 'cost', usd, usage, price: usd === undefined ? 'unknown' : 'exact' }, { target, index });
    });
    return next(call);
  },
});

function setUp(options: Partial<LedgerOptions> = {}, inner: readonly Interceptor[] = []) {
  const store = options.store ?? memoryLedger();
  const mock = mockProvider();
  const other = mockProvider({ name: 'other' });
  const book = ledger({ store, ...options });
  const gateway = createGateway({ providers: [mock, other], interceptors: [book, ...inner], models: { smart: ['mock/m', 'other/m'] } });
  return { store, mock, other, book, gateway, rows: async () => (await book.flush(), rowsOf(store)) };
}

describe('ledger', () => {
  it('has one row for an answer, with what it used, what it cost and who asked', async () => {
    const { mock, gateway, rows } = setUp({}, [meter(0.000_123)]);
    mock.reply({ text: 'Hi', usage: { inputTokens: 12, outputTokens: 3 } });
    const before = Date.now();
    const { gateway: report } = await gateway.chat({ ...ask, model: 'mock/m' }, { tags: { tenant: 'acme' } });
    const [row, ...more] = await rows();
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      id: `${report?.callId}:1`, callId: report?.callId, target: { provider: 'mock', model: 'm' }, attempt: 1, kind: 'first', outcome: 'ok', certainty: 'started',
      usage: { inputTokens: 12, outputTokens: 3 }, costUsd: 0.000_123, price: 'exact', cache: 'none', tags: { tenant: 'acme' },
    });
    expect(row?.at).toBeGreaterThanOrEqual(before);
  });
});

describe('conformance', () => {
  for (const { name, run } of interceptorSuite({ create: () => ledger({ store: memoryLedger() }) })) it(name, run);
});
describe('conformance, durable', () => {
  for (const { name, run } of interceptorSuite({ create: () => ledger({ store: memoryLedger(), durable: true, onStoreError: 'reject' }) })) it(name, run);
});
