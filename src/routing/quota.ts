import type { RateLimit } from './rate-limit-headers.js';
import { createTokenBucket, type TokenBucket } from './token-bucket.js';

/** Limits that are known beforehand. */
export interface QuotaLimits {
  readonly requestsPerMinute?: number;
  /** Input and output together. */
  readonly tokensPerMinute?: number;
}

/** What one call took. Given back to the quota with what came of it. */
export interface Draft {
  /** When it was or will be sent. */
  readonly sendAt: number;
  readonly tokens: number;
  /** All that was ever taken, this one included: what is more by the time of its answer came after it. */
  readonly requestsSoFar: number;
  readonly tokensSoFar: number;
}

/**
 * What one key may still ask of one target: the limits that were configured, and those that its answers speak of. All moments
 * are milliseconds on one clock that does not go back.
 */
export interface Quota {
  /** Whether it matters how many tokens a call sends. */
  readonly countsTokens: boolean;
  /** Whether it matters how many tokens a call used in the end. */
  readonly countsUsage: boolean;
  /** Milliseconds until a call with this many input tokens may be sent: after all that were taken before it. */
  waitMs(tokens: number, now: number): number;
  /** Takes what such a call needs. It is going to be sent at `sendAt`. */
  take(tokens: number, now: number, sendAt: number): Draft;
  /** Nothing was sent. */
  giveBack(draft: Draft, now: number): void;
  /** It used this many tokens, input and output. */
  settle(draft: Draft, usedTokens: number, now: number): void;
  /** Its answer said this. */
  learn(limits: readonly RateLimit[], draft: Draft, now: number): void;
}

interface Measure {
  readonly unit: RateLimit['unit'];
  readonly bucket: TokenBucket;
}

const MINUTE_MS = 60_000;

export function createQuota({ requestsPerMinute, tokensPerMinute }: QuotaLimits, now: number): Quota {
  const minutely = (capacity: number): TokenBucket => createTokenBucket({ capacity, refillMs: MINUTE_MS }, now);
  const tokenBucket = tokensPerMinute === undefined ? undefined : minutely(tokensPerMinute);
  const measures: Measure[] = [];
  if (requestsPerMinute !== undefined) measures.push({ unit: 'requests', bucket: minutely(requestsPerMinute) });
  if (tokenBucket !== undefined) measures.push({ unit: 'tokens', bucket: tokenBucket });
  /** By name. There are no more names than `readRateLimits` knows. */
  const learned = new Map<string, TokenBucket>();
  let countsTokens = tokensPerMinute !== undefined;
  let requests = 0;
  let tokens = 0;
  let learnedAt = -Infinity;

  function bucketOf({ name, unit, limit, fullInMs }: RateLimit, at: number): TokenBucket {
    const known = learned.get(name);
    if (known !== undefined) return known;
    const bucket = createTokenBucket({ capacity: limit, refillMs: Math.max(1, fullInMs) }, at);
    learned.set(name, bucket);
    measures.push({ unit, bucket });
    if (unit === 'tokens') countsTokens = true;
    return bucket;
  }

  return {
    get countsTokens() {
      return countsTokens;
    },
    countsUsage: tokenBucket !== undefined,
    waitMs(input, at) {
      let longest = 0;
      for (const { unit, bucket } of measures) longest = Math.max(longest, bucket.waitMs(amountOf(unit, input), at));
      return longest;
    },
    take(input, at, sendAt) {
      for (const { unit, bucket } of measures) bucket.take(amountOf(unit, input), at);
      return { sendAt, tokens: input, requestsSoFar: ++requests, tokensSoFar: (tokens += input) };
    },
    giveBack(draft, at) {
      for (const { unit, bucket } of measures) bucket.take(-amountOf(unit, draft.tokens), at);
    },
    settle(draft, usedTokens, at) {
      tokenBucket?.take(usedTokens - draft.tokens, at);
    },
    learn(limits, draft, at) {
      // Providers count a request when it comes in (in recordings its own use has not refilled by a millisecond), so what an
      // answer says held when its request was sent, and one sent later knows better.
      if (limits.length === 0 || draft.sendAt < learnedAt) return;
      learnedAt = draft.sendAt;
      for (const limit of limits) {
        const missing = limit.limit - limit.remaining;
        // How long empty to full takes, at the rate at which what is missing comes back.
        const refillMs = missing === 0 ? MINUTE_MS : Math.max(1, (limit.fullInMs * limit.limit) / missing);
        const refilled = Math.min(missing, ((at - draft.sendAt) * limit.limit) / refillMs);
        const takenSince = limit.unit === 'tokens' ? tokens - draft.tokensSoFar : requests - draft.requestsSoFar;
        bucketOf(limit, at).set(limit.remaining + refilled - takenSince, { capacity: limit.limit, refillMs }, at);
      }
    },
  };
}

/** How much output there will be is the provider's to count: its limit is only asked to have some left. */
function amountOf(unit: RateLimit['unit'], input: number): number {
  return unit === 'tokens' ? input : 1;
}
