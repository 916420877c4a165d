import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpenCall } from '../../src/core/open-call.js';
import { createUnderWay } from '../../src/core/under-way.js';

it('is drained when the last of its calls has ended, in whatever order they end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(9), { minLength: 1 }), async (order) => {
      const underWay = createUnderWay();
      const calls = new Map(order.toSorted((a, b) => a - b).map((number) => [number, callNamed()]));
      for (const call of calls.values()) underWay.add(call);
      let drained = false;
      const draining = underWay.drain(60_000).then(() => (drained = true));
      for (const number of order) {
        await Promise.resolve();
        expect(drained).toBe(false);
        underWay.delete(calls.get(number)!);
        underWay.delete(calls.get(number)!); // a call may be told to end twice
      }
      await draining;
    }),
  );
});

it('cancels the calls that are still there after the grace, and only those', async () => {
  const underWay = createUnderWay();
  const aborted: string[] = [];
  const [ended, slow] = ['ended', 'slow'].map((name) => callNamed(() => aborted.push(name)));
  underWay.add(ended!);
  underWay.add(slow!);
  underWay.delete(ended!);
  const draining = underWay.drain(5);
  await expect.poll(() => aborted).toEqual(['slow']);
  underWay.delete(slow!);
  await draining;
});

function callNamed(abort: () => void = () => {}): OpenCall {
  // Of a call only its identity and its `abort` are used here.
  return { abort, end() {} } as Partial<OpenCall> as OpenCall;
}
