/** What an answer said of one limit. */
export interface RateLimit {
  /** Which limit of this provider it is. */
  readonly name: string;
  readonly unit: 'requests' | 'tokens' | 'output-tokens';
  readonly limit: number;
  /** 0 to `limit`. */
  readonly remaining: number;
  /** Until nothing of it is used any more, in milliseconds. */
  readonly fullInMs: number;
}

interface Known {
  readonly name: string;
  readonly unit: RateLimit['unit'];
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
  /** Azure says how long a period is, in seconds. */
  readonly period: string;
  /** What the limit is per, in milliseconds. */
  readonly perMs: number;
  /** The name of the header says what it is per; else a reset must. */
  readonly certain: boolean;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

// OpenAI, Groq and Azure: `requests` and `tokens`, per minute, or per day where a reset shows it. Cerebras: its names say it.
const OPENAI = [limitOf('requests', 'requests'), limitOf('tokens', 'tokens'), limitOf('requests-day', 'requests', DAY_MS), limitOf('tokens-minute', 'tokens', MINUTE_MS)];
const ANTHROPIC = [anthropicLimitOf('requests', 'requests'), anthropicLimitOf('tokens', 'tokens'), anthropicLimitOf('input-tokens', 'tokens'), anthropicLimitOf('output-tokens', 'output-tokens')];

/**
 * The limits that the headers of an answer speak of. `headers` has lower-case names; `now` is in milliseconds since the epoch.
 * Only what can be understood comes out: without a limit, a remainder and a period it is nothing to go by, and the provider's 429 will tell.
 */
export function readRateLimits(headers: Readonly<Record<string, string>>, now: number): readonly RateLimit[] {
  const limits: RateLimit[] = [];
  for (const known of OPENAI) read(known, headers, limits, (reset) => relativeReset(reset, headers[known.period]));
  for (const known of ANTHROPIC) read(known, headers, limits, (reset) => absoluteReset(reset, now));
  return limits;
}

function read(known: Known, headers: Readonly<Record<string, string>>, limits: RateLimit[], resetMs: (reset: string) => number | undefined): void {
  const left = count(headers[known.remaining]);
  if (left === undefined) return;
  const limit = count(headers[known.limit]);
  const reset: unknown = headers[known.reset]; // an adapter of one's own may not keep to the type
  const resetInMs = typeof reset === 'string' ? resetMs(reset) : undefined;
  // Azure's -1 and 0 stand for "no such limit".
  if (limit === undefined || limit === 0 || (resetInMs === undefined && !known.certain)) return;
  const remaining = Math.min(left, limit);
  const used = (limit - remaining) / limit;
  const perMs = (count(headers[known.period]) ?? 0) * 1000 || known.perMs;
  // Providers refill evenly, so a reset tells the rate. But it is rounded, which is all there is to a reset of '0s' where
  // little is used, or it is a moment on another clock. No limit refills faster than one per minute would.
  limits.push({ name: known.name, unit: known.unit, limit, remaining, fullInMs: resetInMs === undefined ? used * perMs : Math.max(used * Math.min(perMs, MINUTE_MS), resetInMs) });
}

/** OpenAI's and Groq's Go-style durations ('6m0s', '120ms'), Azure's milliseconds, Cerebras's seconds. */
function relativeReset(reset: string, period: string | undefined): number | undefined {
  const bare = Number(reset);
  // Recorded at Azure: one of 120 requests per 60 seconds used, back in '500'. Those are milliseconds, and only Azure names the period.
  const ms = Number.isNaN(bare) || reset.trim() === '' ? goDurationMs(reset) : period === undefined ? bare * 1000 : bare;
  return ms === undefined || ms < 0 || ms > DAY_MS ? undefined : Math.max(0, ms - 1);
}

/**
 * Anthropic's RFC 3339 moments. Two clocks are compared here, so it is worth little: its limits are per minute, and a moment
 * further away than that means that our clock is slow. One in the past means that nothing is used, or that our clock is fast.
 */
function absoluteReset(reset: string, now: number): number | undefined {
  const moment = RFC3339.test(reset) ? Date.parse(reset) : Number.NaN;
  return Number.isNaN(moment) ? undefined : Math.min(MINUTE_MS, Math.max(0, moment - now - CLOCK_TOLERANCE_MS));
}

/** A second of rounding, and a second that two clocks in order may differ by. */
const CLOCK_TOLERANCE_MS = 2000;

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const GO_DURATION = /^(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s|us|µs|ns)){1,6}$/;
const GO_PART = /([\d.]+)(h|ms|m|s|us|µs|ns)/g;
const GO_UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 };

/** Milliseconds of a duration as Go prints it: '1h2m3.5s', '120ms', '0s'. Undefined for anything else. */
export function goDurationMs(text: string): number | undefined {
  if (!GO_DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, value, unit] of text.matchAll(GO_PART)) sum += Number(value) * (GO_UNIT_MS[unit ?? ''] ?? 0);
  return sum;
}

/** A whole number, 0 or more. */
function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function limitOf(name: string, unit: RateLimit['unit'], perMs?: number): Known {
  const header = (what: string): string => `x-ratelimit-${what}-${name}`;
  return { name, unit, limit: header('limit'), remaining: header('remaining'), reset: header('reset'), period: header('renewalperiod'), perMs: perMs ?? MINUTE_MS, certain: perMs !== undefined };
}

function anthropicLimitOf(name: string, unit: RateLimit['unit']): Known {
  const header = (what: string): string => `anthropic-ratelimit-${name}-${what}`;
  return { name: `anthropic ${name}`, unit, limit: header('limit'), remaining: header('remaining'), reset: header('reset'), period: '', perMs: MINUTE_MS, certain: true };
}
