import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goDurationMs, readRateLimits } from '../../src/routing/rate-limit-headers.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const openai = (limit: string, remaining: string, reset?: string, of = 'requests') => ({
  [`x-ratelimit-limit-${of}`]: limit,
  [`x-ratelimit-remaining-${of}`]: remaining,
  ...(reset !== undefined && { [`x-ratelimit-reset-${of}`]: reset }),
});
const anthropic = (limit: string, remaining: string, reset: string, of = 'requests') => ({
  [`anthropic-ratelimit-${of}-limit`]: limit,
  [`anthropic-ratelimit-${of}-remaining`]: remaining,
  [`anthropic-ratelimit-${of}-reset`]: reset,
});
/** How long from empty to full takes, by what the answer says. */
function periodMs(headers: Readonly<Record<string, string>>): number | undefined {
  const [limit] = readRateLimits(headers, NOW);
  return limit === undefined ? undefined : (limit.fullInMs * limit.limit) / (limit.limit - limit.remaining);
}

describe('goDurationMs', () => {
  it.each([
    ['0s', 0],
    ['120ms', 120],
    ['6m0s', 360_000],
    ['1h2m3.5s', 3_723_500],
    ['7.66s', 7660],
    ['2m59.56s', 179_560],
    ['1.5µs', 0.0015],
    ['250us', 0.25],
    ['900ns', 0.0009],
    ['24h0m0s', DAY_MS],
  ])('reads %s', (text, ms) => {
    expect(goDurationMs(text)).toBeCloseTo(ms, 9);
  });

  it.each(['', 's', '1', '1x', '-1s', '1s ', '1 s', '1.s', '1e3s', `${'1s'.repeat(40)}`, `${'9'.repeat(400)}s`])('does not guess at %j', (text) => {
    expect(goDurationMs(text)).toBeUndefined();
  });

  it('reads what it is given back, of any duration that Go prints', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(59), fc.nat(59_999), (hours, minutes, milliseconds) => {
        expect(goDurationMs(`${hours}h${minutes}m${milliseconds / 1000}s`)).toBeCloseTo(hours * 3_600_000 + minutes * MINUTE_MS + milliseconds, 6);
      }),
    );
  });
});

describe('readRateLimits', () => {
  it('reads what OpenAI says of requests and tokens', () => {
    expect(readRateLimits({ ...openai('500', '250', '30.001s'), ...openai('30000', '29000', '2.001s', 'tokens') }, NOW)).toEqual([
      { name: 'requests', unit: 'requests', limit: 500, remaining: 250, fullInMs: 30_000 },
      { name: 'tokens', unit: 'tokens', limit: 30_000, remaining: 29_000, fullInMs: 2000 },
    ]);
  });

  it('takes a limit for one per minute where the reset is all rounding', () => {
    expect(periodMs(openai('50000000', '49999992', '0s', 'tokens'))).toBeCloseTo(MINUTE_MS, 3);
    expect(periodMs(openai('50000000', '49999992', '1ms', 'tokens'))).toBeCloseTo(MINUTE_MS, 3);
    expect(periodMs(openai('10000', '9999', '6ms'))).toBeCloseTo(MINUTE_MS, 3);
  });

  it('sees a limit per day by its reset', () => {
    expect(periodMs(openai('200', '199', '7m12s'))).toBeCloseTo(DAY_MS, -4);
    expect(periodMs(openai('14400', '14398', '12.001s'))).toBeCloseTo(DAY_MS, -4);
  });

  it('reads bare numbers as milliseconds where Azure names the period, else as seconds', () => {
    const azure = { ...openai('120', '0', '60000'), 'x-ratelimit-renewalperiod-requests': '60' };
    expect(readRateLimits(azure, NOW)).toMatchObject([{ limit: 120, remaining: 0, fullInMs: MINUTE_MS }]);
    expect(readRateLimits(openai('60000', '0', '11.5', 'tokens-minute'), NOW)).toMatchObject([{ unit: 'tokens', fullInMs: MINUTE_MS }]);
    expect(readRateLimits(openai('1000', '0', '33011.5', 'requests-day'), NOW)).toMatchObject([{ unit: 'requests', fullInMs: 33_011_499 }]);
  });

  it('knows the period of a limit that is named for it without a reset', () => {
    expect(readRateLimits(openai('1000', '500', undefined, 'requests-day'), NOW)).toMatchObject([{ fullInMs: DAY_MS / 2 }]);
  });

  it('reads the four limits of Anthropic', () => {
    const reset = '2026-03-01T12:00:31Z';
    const headers = { ...anthropic('50', '25', reset), ...anthropic('40000', '20000', reset, 'tokens'), ...anthropic('30000', '15000', reset, 'input-tokens'), ...anthropic('8000', '4000', reset, 'output-tokens') };
    expect(readRateLimits(headers, NOW)).toEqual([
      { name: 'anthropic requests', unit: 'requests', limit: 50, remaining: 25, fullInMs: 30_000 },
      { name: 'anthropic tokens', unit: 'tokens', limit: 40_000, remaining: 20_000, fullInMs: 30_000 },
      { name: 'anthropic input-tokens', unit: 'tokens', limit: 30_000, remaining: 15_000, fullInMs: 30_000 },
      { name: 'anthropic output-tokens', unit: 'output-tokens', limit: 8000, remaining: 4000, fullInMs: 30_000 },
    ]);
  });

  it.each([
    ['slow by an hour', '2026-03-01T13:00:00Z'],
    ['slow by a year', '2027-03-01T12:00:00Z'],
    ['fast by an hour', '2026-03-01T11:00:00Z'],
    ['fast by a year', '2025-03-01T12:00:00Z'],
  ])('never waits longer than a minute for a limit of Anthropic, nor less than its rate allows, though our clock is %s', (_skew, reset) => {
    const [limit] = readRateLimits(anthropic('50', '0', reset), NOW);
    expect(limit?.fullInMs).toBe(MINUTE_MS);
  });

  it('reads a moment in any zone, with fractions', () => {
    expect(readRateLimits(anthropic('50', '49', '2026-03-01T14:00:21.500+02:00'), NOW)).toMatchObject([{ fullInMs: 19_500 }]);
  });

  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['a remainder without a limit', { 'x-ratelimit-remaining-requests': '119', 'x-ratelimit-reset-requests': '1s' }],
    ['a limit per nobody knows what', openai('120', '119')],
    ['-1 for no limit', openai('-1', '-1', '0')],
    ['0 for no limit', openai('0', '0', '0s')],
    ['words', openai('many', 'some', 'soon')],
    ['a reset that is nonsense', openai('10', '0', 'soon')],
    ['a reset in more than a day', openai('10', '0', '25h0m0s')],
    ['an endless reset', openai('10', '0', 'Infinity')],
    ['a negative reset', openai('10', '0', '-5')],
    ['an empty reset', openai('10', '0', '')],
    ['numbers beyond counting', openai('9'.repeat(40), '9'.repeat(40), '1s')],
    ['fractions', openai('10.5', '0.5', '1s')],
  ])('learns nothing from %s', (_what, headers) => {
    expect(readRateLimits(headers, NOW)).toEqual([]);
  });

  it('counts a remainder above the limit as the limit', () => {
    expect(readRateLimits(openai('30', '59', '1s'), NOW)).toMatchObject([{ limit: 30, remaining: 30 }]);
  });

  it('gives sound numbers or nothing, whatever the headers say', () => {
    const said = fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String), fc.constantFrom('0', '-1', '1', '500', '6m0s', '120ms', '0s', '2026-03-01T12:00:30Z', '9999-12-31T23:59:59Z', 'NaN', '1e308'));
    const names = ['requests', 'tokens', 'requests-day', 'tokens-minute'].flatMap((of) => ['limit', 'remaining', 'reset', 'renewalperiod'].map((what) => `x-ratelimit-${what}-${of}`));
    const ours = ['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((of) => ['limit', 'remaining', 'reset'].map((what) => `anthropic-ratelimit-${of}-${what}`));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names, ...ours), said, { maxKeys: 24 }), (headers) => {
        for (const { limit, remaining, fullInMs } of readRateLimits(headers, NOW)) {
          expect(limit).toBeGreaterThan(0);
          expect(remaining).toBeGreaterThanOrEqual(0);
          expect(remaining).toBeLessThanOrEqual(limit);
          expect(fullInMs).toBeGreaterThanOrEqual(0);
          expect(fullInMs).toBeLessThan(Infinity);
          if (remaining < limit) expect(fullInMs).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
