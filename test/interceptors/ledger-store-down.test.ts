import { CancelledError, RejectedError, type LedgerEntry, type ProviderError } from 'headgate';
import { describe, expect, it, vi } from 'vitest';
import { ask, failure } from '../support/adapters.js';
import { ledgerSetting, unsteadyLedger } from '../support/ledgers.js';

const asked = { ...ask, model: 'mock/m' };
const unavailable = { code: 'store_unavailable' };

describe('a durable ledger', () => {
  it('holds an answer back until its rows are in the store', async () => {
    const store = unsteadyLedger();
    const { mock, gateway } = ledgerSetting({ store, durable: true, onStoreError: 'reject' });
    mock.always('x');
    for (let call = 1; call <= 3; call++) {
      await gateway.chat(asked);
      expect(await store.totals({})).toMatchObject([{ calls: call }]);
    }
    await gateway.stream(asked).response();
    expect(await store.totals({})).toMatchObject([{ calls: 4 }]);
  });

  it('holds back only the end of a stream, and an error too', async () => {
    const store = unsteadyLedger();
    const { mock, gateway } = ledgerSetting({ store, durable: true, onStoreError: 'allow', writeTimeoutMs: 100 });
    mock.reply({ text: ['one ', 'two '] }, { error: 'overloaded' });
    store.state = 'hanging';
    const began = performance.now();
    const seen: [string, number][] = [];
    for await (const { type } of gateway.stream(asked)) seen.push([type, performance.now() - began]);
    expect(seen.filter(([type]) => type === 'text-delta')).toHaveLength(2);
    expect(seen.find(([type]) => type === 'text-delta')?.[1]).toBeLessThan(90);
    expect(seen.find(([type]) => type === 'end')?.[1]).toBeGreaterThan(90);
    store.state = 'up';
    await vi.waitFor(async () => expect(await store.totals({})).toMatchObject([{ calls: 1 }]), { timeout: 5000 });
    await failure(gateway.chat(asked));
    expect(await store.totals({})).toMatchObject([{ calls: 2, errors: 1 }]);
  });

  it('writes many calls that end together at once', async () => {
    const store = unsteadyLedger();
    const { mock, gateway } = ledgerSetting({ store, durable: true, onStoreError: 'reject' });
    mock.always({ text: 'x', delayMs: 5 });
    store.state = 'slow';
    await Promise.all(Array.from({ length: 50 }, () => gateway.chat(asked)));
    expect(await store.totals({})).toMatchObject([{ calls: 50 }]);
    expect(store.appends).toBeLessThan(25);
  });

  it('makes nobody wait after a cancellation, and writes the row all the same', async () => {
    const store = unsteadyLedger();
    const { mock, gateway } = ledgerSetting({ store, durable: true, onStoreError: 'reject', writeTimeoutMs: 1000 });
    mock.reply({ text: 'x', delayMs: Infinity });
    store.state = 'hanging';
    const began = performance.now();
    expect(await failure(gateway.chat(asked, { signal: AbortSignal.timeout(10) }))).toBeInstanceOf(CancelledError);
    expect(performance.now() - began).toBeLessThan(500);
    store.state = 'up';
    await vi.waitFor(async () => expect(await store.totals({})).toMatchObject([{ calls: 1, errors: 1 }]), { timeout: 10_000 });
  });

  it('lets a deadline end the wait for a store that hangs', async () => {
    const store = unsteadyLedger();
    const { mock, gateway } = ledgerSetting({ store, durable: true, onStoreError: 'reject' });
    mock.reply('x');
    store.state = 'hanging';
    expect(await failure(gateway.chat(asked, { timeoutMs: 50 }))).toMatchObject({ code: 'deadline_exceeded' });
  });

  it("with 'reject' replaces an answer that could not be recorded, and keeps the answer", async () => {
    const store = unsteadyLedger();
    const { mock, gateway } = ledgerSetting({ store, durable: true, onStoreError: 'reject' });
    mock.always('Paid for');
    for (const work of [() => gateway.chat(asked), () => gateway.stream(asked).response()]) {
      store.state = 'down';
      const error = (await failure(work())) as RejectedError;
      expect(error).toBeInstanceOf(RejectedError);
      expect(error).toMatchObject({ ...unavailable, retryable: false, partial: { text: 'Paid for' } });
      expect(error.report?.attempts).toHaveLength(1);
      expect(JSON.stringify(error)).not.toContain('Paid for');
      store.state = 'up';
      await vi.waitFor(async () => expect((await gateway.spend())[0]?.unpriced).toBeGreaterThan(0)); // written by now
    }
    expect(await store.totals({})).toMatchObject([{ calls: 2 }]);
  });

  it("with 'reject' leaves a failure what it is", async () => {
    const store = unsteadyLedger();
    const { mock, gateway } = ledgerSetting({ store, durable: true, onStoreError: 'reject' });
    mock.reply({ error: 'content_filter' });
    store.state = 'down';
    const error = (await failure(gateway.chat(asked))) as ProviderError;
    expect(error).toMatchObject({ code: 'content_filter' });
    expect(error.report?.decisions).toContainEqual(expect.objectContaining({ by: 'ledger', name: 'rows-not-stored' }));
  });

  it("with 'reject' buys nothing more until the store is back", async () => {
    const store = unsteadyLedger();
    const { mock, gateway } = ledgerSetting({ store, durable: true, onStoreError: 'reject' });
    mock.always('x');
    store.state = 'down';
    await failure(gateway.chat(asked));
    for (let call = 0; call < 5; call++) expect(await failure(gateway.chat(asked))).toMatchObject({ ...unavailable, retryable: true });
    expect(mock.calls).toHaveLength(1);
    store.state = 'up';
    await failure(gateway.chat(asked)); // finds out that it is back
    await vi.waitFor(() => gateway.chat(asked));
    expect(await store.totals({})).toMatchObject([{ calls: mock.calls.length }]);
  });

  it("with 'allow' goes on, says so in the report, and writes the rows later", async () => {
    const store = unsteadyLedger();
    const { mock, gateway, book } = ledgerSetting({ store, durable: true, onStoreError: 'allow' });
    mock.always('x');
    store.state = 'down';
    const { gateway: report } = await gateway.chat(asked);
    expect(report?.decisions).toContainEqual(expect.objectContaining({ by: 'ledger', name: 'rows-not-stored' }));
    await gateway.chat(asked);
    store.state = 'up';
    await book.flush();
    expect(await store.totals({})).toMatchObject([{ calls: 2 }]);
  });

  it('waits for nothing when a call left nothing to write', async () => {
    const store = unsteadyLedger();
    const { mock, gateway } = ledgerSetting({ store, durable: true, onStoreError: 'reject' });
    mock.reply({ error: 'connect_timeout' });
    store.state = 'hanging';
    expect(await failure(gateway.chat(asked))).toMatchObject({ code: 'connect_timeout' });
    expect(store.appends).toBe(0);
  });
});

describe('a ledger that writes later', () => {
  it('lets calls go on while the store is down, and writes their rows when it is back', async () => {
    const store = unsteadyLedger();
    const errors: unknown[] = [];
    const { mock, gateway, book } = ledgerSetting({ store, flushMs: 1, onError: (error) => void errors.push(error) });
    mock.always('x');
    store.state = 'down';
    for (let call = 0; call < 5; call++) await gateway.chat(asked);
    await expect(book.flush()).rejects.toMatchObject({ ...unavailable, cause: { name: 'Error' } });
    expect(errors.length).toBeGreaterThan(0);
    store.state = 'up';
    await book.flush();
    expect(await store.totals({})).toMatchObject([{ calls: 5 }]);
    expect(book.lost).toBe(0);
  });

  it('counts what found the buffer full, hands it over, and says so in the report', async () => {
    const store = unsteadyLedger();
    const lost: LedgerEntry[] = [];
    const { mock, gateway, book } = ledgerSetting({ store, maxBuffered: 2, onLoss: (entries) => void lost.push(...entries) });
    mock.always('x');
    store.state = 'down';
    await gateway.chat(asked);
    await gateway.chat(asked);
    const { gateway: report } = await gateway.chat(asked);
    expect([book.lost, lost.map(({ callId }) => callId)]).toEqual([1, [report?.callId]]);
    expect(report?.decisions).toContainEqual(expect.objectContaining({ by: 'ledger', name: 'row-lost', data: { id: `${report?.callId}:1` } }));
  });

  it("with 'reject' buys nothing more while the buffer is full", async () => {
    const store = unsteadyLedger();
    const { mock, gateway, book } = ledgerSetting({ store, maxBuffered: 2, onStoreError: 'reject' });
    mock.always('x');
    store.state = 'down';
    await gateway.chat(asked);
    await gateway.chat(asked);
    const error = await failure(gateway.chat(asked));
    expect(error).toMatchObject(unavailable);
    expect((error as RejectedError).report?.decisions).toContainEqual(expect.objectContaining({ by: 'ledger', what: 'rejected', code: 'store_unavailable' }));
    expect([mock.calls.length, book.lost]).toEqual([2, 0]);
    store.state = 'up';
    await vi.waitFor(() => book.flush());
    await gateway.chat(asked);
  });

  it('gives no totals that lack what is still to be written', async () => {
    const store = unsteadyLedger();
    const { mock, gateway } = ledgerSetting({ store });
    mock.always('x');
    await gateway.chat(asked);
    store.state = 'down';
    await expect(gateway.spend()).rejects.toMatchObject(unavailable);
    store.state = 'up';
    expect(await gateway.spend()).toMatchObject([{ calls: 1 }]);
    store.state = 'down';
    await expect(gateway.spend()).rejects.toMatchObject(unavailable); // nothing to write, and still not to be read
  });

  it('hands over what is left when the gateway closes and the store is down', async () => {
    const store = unsteadyLedger();
    const lost: LedgerEntry[] = [];
    const { mock, gateway, book } = ledgerSetting({ store, onLoss: (entries) => void lost.push(...entries) });
    mock.always('x');
    await gateway.chat(asked);
    store.state = 'down';
    await gateway.close();
    expect([book.lost, lost.length]).toEqual([1, 1]);
  });
});
