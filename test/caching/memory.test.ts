import { ConfigError, memoryCache } from 'headgate';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

describe('memoryCache', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('gives back what was set, and nothing that was not or was deleted', async () => {
    const memory = memoryCache();
    for (const value of ['plain', '', 'é👋\u0000\ud800']) {
      expect(await memory.set('a', value)).toBe(true);
      expect(await memory.get('a')).toBe(value);
    }
    expect([await memory.get('b'), await memory.get('__proto__')]).toEqual([undefined, undefined]);
    await memory.delete('a');
    await memory.delete('a');
    expect([await memory.get('a'), memory.bytes, memory.size]).toEqual([undefined, 0, 0]);
  });

  it('forgets a value after its lifetime, which is that of the last set, and keeps one without', async () => {
    const memory = memoryCache();
    await memory.set('a', '1', { ttlMs: 100 });
    await memory.set('b', '1', { ttlMs: 100 });
    await memory.set('b', '2');
    await vi.advanceTimersByTimeAsync(99);
    expect(await memory.get('a')).toBe('1');
    expect(await memory.set('a', '2', { onlyIfAbsent: true })).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([await memory.get('a'), await memory.get('b')]).toEqual([undefined, '2']);
    expect(await memory.set('a', '3', { onlyIfAbsent: true })).toBe(true);
    expect(await memory.get('a')).toBe('3');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never takes more than its bytes, whatever is set, and forgets what was not read for longest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(40), fc.nat(9000), fc.boolean()), { maxLength: 60 }), async (sets) => {
        const memory = memoryCache({ maxBytes: 65_536 });
        for (const [key, length, wide] of sets) {
          await memory.set(`k${key}`, (wide ? '日' : 'x').repeat(length));
          expect(memory.bytes).toBeLessThanOrEqual(65_536);
        }
      }),
      { numRuns: 100 },
    );
    const memory = memoryCache({ maxBytes: 65_536 });
    for (let key = 0; key < 10; key++) await memory.set(`k${key}`, 'x'.repeat(6000));
    await memory.get('k0');
    await memory.set('more', 'x'.repeat(6000));
    expect([await memory.get('k0') === undefined, await memory.get('k1') === undefined]).toEqual([false, true]);
  });

  it('counts two bytes a character where one is not enough', async () => {
    const memory = memoryCache();
    const sizes: number[] = [];
    for (const text of ['x'.repeat(1000), 'é'.repeat(1000), '日'.repeat(1000), `${'x'.repeat(999)}日`]) {
      await memory.set('a', text);
      sizes.push(memory.bytes);
    }
    expect(sizes.map((size) => size - (sizes[0] ?? 0))).toEqual([0, 0, 1000, 1000]);
  });

  it('keeps no value that takes more than an eighth, and gives up the one that it would have replaced', async () => {
    const memory = memoryCache({ maxBytes: 80_000 });
    await memory.set('a', 'old');
    expect(await memory.set('a', 'x'.repeat(9_900))).toBe(false);
    expect(await memory.get('a')).toBeUndefined();
    expect(await memory.set('a', 'x'.repeat(9_000))).toBe(true);
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity, 65_535, '1'])('refuses maxBytes of %s by name', (maxBytes) => {
    expect(() => memoryCache({ maxBytes: maxBytes as number })).toThrow(new ConfigError(`memoryCache: maxBytes: wanted a whole number of bytes, 65536 or more, got ${maxBytes}`));
  });
});
