import { describe, expect, it } from 'vitest';
import { simulate } from './run.ts';
import { storyOf } from './story.ts';

const SEEDS = 2000;

/** Ids are drawn by the platform and mean nothing. */
function plain(story: string): string {
  return story.replaceAll(/\(call [\w-]+\)/g, '');
}

describe('the simulation', () => {
  it(`breaks no promise in ${SEEDS} worlds`, { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const simulation = await simulate(seed);
      if (simulation.broken.length > 0) expect.fail(storyOf(simulation));
    }
  });

  it('lives through the same seed in the same way each time', async () => {
    for (let seed = 1; seed <= 20; seed++) expect(plain(storyOf(await simulate(seed)))).toBe(plain(storyOf(await simulate(seed))));
  });

  it('gets into every kind of trouble there is', async () => {
    const outcomes = new Set<string>();
    const decided = new Set<string>();
    for (let seed = 1; seed <= 150; seed++) {
      const { calls, decisions } = await simulate(seed);
      for (const { outcome } of calls) if (outcome !== undefined) outcomes.add(outcome);
      for (const decision of decisions) decided.add(decision.what === 'attempt-start' ? `${decision.what} ${decision.kind}` : decision.what === 'circuit' ? `circuit ${decision.state}` : `${decision.by} ${decision.what}`);
    }
    expect([...outcomes]).toEqual(
      expect.arrayContaining(['ok', 'left', 'forgotten', 'cancelled', 'deadline_exceeded', 'exhausted', 'stream_interrupted', 'first_content_timeout', 'idle_timeout', 'attempt_timeout', 'concurrency_exceeded', 'circuit_open', 'rate_limited']),
    );
    expect([...decided]).toEqual(
      expect.arrayContaining([
        'attempt-start first', 'attempt-start retry', 'attempt-start fallback', 'attempt-start continue', 'circuit open', 'circuit half-open', 'circuit closed',
        'retry retry', 'fallback next-target', 'fallback excluded', 'throttle waited', 'throttle set-aside', 'throttle rejected', 'concurrency waited', 'concurrency rejected', 'circuit-breaker rejected',
      ]),
    );
  });

  it('leaves the clocks as they were', async () => {
    const before = { setTimeout, clearTimeout, dateNow: Date.now, now: performance.now };
    await simulate(1);
    expect({ setTimeout, clearTimeout, dateNow: Date.now, now: performance.now }).toEqual(before);
  });
});
