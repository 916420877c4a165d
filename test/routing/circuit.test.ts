import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCircuit, type Pass, type Verdict } from '../../src/routing/circuit.js';

const OPTIONS = { failureRate: 0.5, windowMs: 30_000, minOutcomes: 4, openMs: 1000, maxOpenMs: 8000, probes: 3, probeTimeoutMs: 5000 };

type Step = { readonly do: 'enter' } | { readonly do: 'leave'; readonly which: number; readonly verdict: Verdict } | { readonly do: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'enter' }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(50), verdict: fc.constantFrom<Verdict>('success', 'success', 'failure', 'failure', 'neutral') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 1000, 5000, 20_000) }) },
);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a circuit, whatever happens', () => {
  it('lets no more probes through than it has slots, closes only on as many successes, and lets someone through in the end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const circuit = createCircuit(OPTIONS);
        let out: { readonly pass: Pass; readonly at: number; readonly probe: boolean }[] = [];
        let successes = 0;
        let before = circuit.state;
        /** A new phase begins: probes of the last one neither hold slots nor count. */
        const look = (): void => {
          if (circuit.state === before) return;
          if (before === 'half-open' && circuit.state === 'closed') expect(successes).toBe(OPTIONS.probes);
          out = out.map((one) => ({ ...one, probe: false }));
          successes = 0;
          before = circuit.state;
        };
        const slotsTaken = (): number => successes + out.filter(({ probe, at }) => probe && performance.now() - at < OPTIONS.probeTimeoutMs).length;
        for (const one of steps) {
          if (one.do === 'wait') {
            vi.advanceTimersByTime(one.ms);
          } else if (one.do === 'enter') {
            const taken = slotsTaken();
            const pass = circuit.enter();
            expect(pass !== undefined).toBe(before === 'closed' || (before === 'half-open' && taken < OPTIONS.probes));
            if (pass === undefined && before === 'open') expect(circuit.retryAfterMs()).toBeGreaterThan(0);
            if (pass !== undefined) out.push({ pass, at: performance.now(), probe: before === 'half-open' });
          } else if (out.length > 0) {
            const [left] = out.splice(one.which % out.length, 1);
            if (left === undefined) throw new Error('it is in range');
            if (left.probe && one.verdict === 'success') successes++;
            const changed = circuit.leave(left.pass, one.verdict);
            expect(changed).toBe(circuit.state === before ? undefined : circuit.state);
          }
          look();
        }
        vi.advanceTimersByTime(OPTIONS.maxOpenMs + OPTIONS.probeTimeoutMs);
        expect(circuit.enter()).toBeDefined();
        circuit.shutdown();
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
