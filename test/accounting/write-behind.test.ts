import { ConfigError, RejectedError } from 'headgate';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWriteBehind, type WriteBehindOptions } from '../../src/accounting/write-behind.js';
import { failure } from '../support/adapters.js';

/** A buffer in front of a list, and what became of it. */
function setUp(options: Partial<WriteBehindOptions<number>> = {}) {
  const written: number[][] = [];
  const lost: number[] = [];
  const errors: unknown[] = [];
  const buffer = createWriteBehind<number>({
    write: async (batch) => void written.push([...batch]),
    maxBuffered: 100, batchSize: 3, flushMs: 250, writeTimeoutMs: 10_000,
    onLoss: (items) => void lost.push(...items),
    onError: (error) => void errors.push(error),
    ...options,
  });
  return { buffer, written, lost, errors };
}

const down = async (): Promise<never> => {
  throw new Error('down');
};

describe('a write-behind buffer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('writes what has waited long enough', async () => {
    const { buffer, written } = setUp();
    buffer.add(1);
    buffer.add(2);
    await vi.advanceTimersByTimeAsync(249);
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(written).toEqual([[1, 2]]);
  });

  it('writes a full batch at once, and the rest when it has waited', async () => {
    const { buffer, written } = setUp();
    for (let item = 1; item <= 3; item++) buffer.add(item);
    await vi.advanceTimersByTimeAsync(1);
    expect(written).toEqual([[1, 2, 3]]);
    buffer.add(4);
    await vi.advanceTimersByTimeAsync(250);
    expect(written).toEqual([[1, 2, 3], [4]]);
  });

  it('keeps what could not be written, waits longer and longer, and writes it when it can', async () => {
    let broken = true;
    const at: number[] = [];
    const { buffer, errors } = setUp({
      write: async () => {
        at.push(performance.now());
        if (broken) throw new Error('down');
      },
    });
    buffer.add(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(at.map((time) => Math.round(time - (at[0] ?? 0)))).toEqual([0, 250, 750, 1750, 3750, 7750]);
    expect([buffer.failing, buffer.buffered, errors.length]).toEqual([true, 1, 6]);
    broken = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect([buffer.failing, buffer.buffered, buffer.lost]).toEqual([false, 0, 0]);
  });

  it('never waits longer than half a minute between tries', async () => {
    const write = vi.fn<() => Promise<void>>(down);
    const { buffer } = setUp({ write });
    buffer.add(1);
    await vi.advanceTimersByTimeAsync(600_000);
    const before = write.mock.calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(write.mock.calls.length - before).toBe(2);
  });

  it('never grows past its bound, counts what found no room, and hands it over', async () => {
    const { buffer, lost } = setUp({ maxBuffered: 5, write: down });
    const took = Array.from({ length: 8 }, (_, item) => buffer.add(item));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(took).toEqual([true, true, true, true, true, false, false, false]);
    expect([buffer.buffered, buffer.lost, lost]).toEqual([5, 3, [5, 6, 7]]);
  });

  it('takes a write that never ends for a failed one', async () => {
    const { buffer, errors } = setUp({ write: () => new Promise(() => {}), writeTimeoutMs: 1000 });
    buffer.add(1);
    const flushed = failure(buffer.flush());
    await vi.advanceTimersByTimeAsync(1000);
    expect(await flushed).toMatchObject({ message: 'the write took more than 1000 ms' });
    expect([buffer.failing, buffer.buffered, errors.length]).toEqual([true, 1, 1]);
  });

  it('lets one that can never be written hold up no other, and counts it once', async () => {
    const written: number[] = [];
    let broken = false;
    const { buffer, lost } = setUp({
      batchSize: 4,
      write: async (batch) => {
        if (batch.includes(2)) throw new ConfigError('no such number');
        if (batch.includes(3) && !broken) {
          broken = true;
          throw new Error('down for a moment');
        }
        written.push(...batch);
      },
    });
    for (let item = 1; item <= 6; item++) buffer.add(item);
    await vi.advanceTimersByTimeAsync(5000);
    expect([written, lost, buffer.lost, buffer.buffered]).toEqual([[1, 3, 4, 5, 6], [2], 1, 0]);
  });

  it('does not try again what a closed store refuses', async () => {
    const write = vi.fn<() => Promise<void>>(() => Promise.reject(new RejectedError('closed', 'the store was closed')));
    const { buffer, lost } = setUp({ write });
    buffer.add(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([write.mock.calls.length, lost, buffer.buffered]).toEqual([1, [1], 0]);
  });

  it('writes at once when it is full, however large a batch may be', async () => {
    const { buffer, written } = setUp({ maxBuffered: 2, batchSize: 100 });
    buffer.add(1);
    buffer.add(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(written).toEqual([[1, 2]]);
  });

  it('has written all that was there when a flush resolves, and one batch at a time', async () => {
    let under = 0;
    let most = 0;
    const written: number[] = [];
    const { buffer } = setUp({
      write: async (batch) => {
        most = Math.max(most, ++under);
        await new Promise((resolve) => setTimeout(resolve, 10));
        under--;
        written.push(...batch);
      },
    });
    for (let item = 1; item <= 7; item++) buffer.add(item);
    const flushes = Promise.all([buffer.flush(), buffer.flush()]).then(() => written.slice());
    buffer.add(8);
    await vi.advanceTimersByTimeAsync(35);
    expect(await flushes).toEqual([1, 2, 3, 4, 5, 6, 7, 8]); // the eighth came along in the last batch
    expect(most).toBe(1);
  });

  it('rejects a flush that failed, and keeps the order for the next', async () => {
    let broken = true;
    const { buffer, written } = setUp({ write: async (batch) => (broken ? down() : void written.push([...batch])) });
    buffer.add(1);
    await expect(buffer.flush()).rejects.toThrow('down');
    buffer.add(2);
    broken = false;
    await buffer.flush();
    expect(written).toEqual([[1, 2]]);
  });

  it('tries three times to write the rest when it is closed, and then counts it as lost', async () => {
    const write = vi.fn<() => Promise<void>>(down);
    const { buffer, lost } = setUp({ write });
    buffer.add(1);
    const closed = buffer.close();
    await vi.advanceTimersByTimeAsync(2000);
    await closed;
    expect([write.mock.calls.length, lost, buffer.lost, buffer.buffered]).toEqual([3, [1], 1, 0]);
    expect(vi.getTimerCount()).toBe(0);
    await buffer.close();
  });

  it('goes on when a listener throws', async () => {
    const shout = (): never => {
      throw new Error('listener');
    };
    const { buffer } = setUp({ write: down, onLoss: shout, onError: shout, maxBuffered: 1 });
    buffer.add(1);
    expect(buffer.add(2)).toBe(false);
    await expect(buffer.flush()).rejects.toThrow('down');
  });

  it('writes each once and in order, or says that it is lost, whatever the store does', async () => {
    const answers = fc.array(fc.constantFrom('ok', 'ok', 'down', 'slow'), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 }), async (plan, maxBuffered, batchSize, pauses) => {
        const kept = new Map<number, true>();
        const { buffer, lost } = setUp({
          maxBuffered, batchSize, writeTimeoutMs: 100,
          // A slow write counts as failed, and happens all the same: the same items come again.
          write: async (batch) => {
            const answer = plan.shift() ?? 'ok';
            if (answer === 'down') throw new Error('down');
            if (answer === 'slow') await new Promise((resolve) => setTimeout(resolve, 150));
            for (const item of batch) kept.set(item, true);
          },
        });
        for (const [item, pause] of pauses.entries()) {
          buffer.add(item);
          expect(buffer.buffered).toBeLessThanOrEqual(maxBuffered);
          if (pause > 20) await vi.advanceTimersByTimeAsync(pause);
        }
        await vi.advanceTimersByTimeAsync(3_600_000);
        expect(buffer.buffered).toBe(0);
        expect([...kept.keys(), ...lost].toSorted((one, other) => one - other)).toEqual([...pauses.keys()]);
        expect(buffer.lost).toBe(lost.length);
      }),
      { numRuns: 60 },
    );
  });
});
