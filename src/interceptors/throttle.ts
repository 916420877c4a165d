import type { Call } from '../core/call.js';
import { MAX_TIMEOUT_MS } from '../core/check-options.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { observe } from '../core/observe.js';
import type { Outcome, Reply } from '../core/reply.js';
import { targetName } from '../core/trace.js';
import { toGatewayError } from '../core/wrap-error.js';
import { ConfigError, ProviderError, RejectedError, type GatewayError } from '../errors.js';
import { planKey } from '../routing/plan.js';
import { createQuota, type Draft, type Quota, type QuotaLimits } from '../routing/quota.js';
import { readRateLimits } from '../routing/rate-limit-headers.js';
import { createRecentMap } from '../routing/recent-map.js';
import { requestTokens } from '../routing/request-tokens.js';
import { createSetAsideBook, type SetAside } from '../routing/set-aside.js';
import { sleep } from '../routing/sleep.js';
import type { AnswerFacts } from '../types/adapter.js';
import type { Fact, Target } from '../types/report.js';

export interface ThrottleOptions {
  /** What each key may ask, by `provider/model`, or by `provider` for each of its models. @default none: what providers say in their answers */
  readonly limits?: Readonly<Record<string, QuotaLimits>>;
  /** How long a call may wait for quota before it is refused, in milliseconds. @default 1000 */
  readonly maxWaitMs?: number;
  /** How long a key rests after a 429 that names no wait, in milliseconds. @default 1000, as long as a call may wait, so that a retry of the only target still goes through */
  readonly cooldownMs?: number;
  /** How long a key is set aside after it was not accepted or its credit was used up, in milliseconds. 0: not at all. @default 300000 */
  readonly setAsideMs?: number;
  /** Keys and targets remembered. Beyond it the one not used for longest is forgotten. @default 1000 */
  readonly maxKeys?: number;
}

/** What is known of one key at one target. */
interface Key {
  readonly quota: Quota;
  /** After a 429. On the clock of `performance.now()`. */
  restsUntil: number;
}

/**
 * Keeps each key within what its provider allows, so that most 429s never happen: by the limits that answers speak of and by
 * those that are configured. Waits a little for quota, else refuses with `rate_limited`, which sends the call to its next
 * target. A key that got a 429 rests; one that was not accepted, or has no credit left, is set aside for minutes.
 */
export function throttle(options: ThrottleOptions = {}): Interceptor {
  const { limits, maxWaitMs, cooldownMs, setAsideMs, maxKeys } = checked(options);
  const asides = createSetAsideBook(maxKeys);
  const keys = createRecentMap<Key>(maxKeys);

  function keyOf(target: Target): Key {
    const name = targetName(target);
    return keys.get(target.credential === undefined ? name : `${name} ${target.credential}`, () => ({
      quota: createQuota(limits.get(name) ?? limits.get(target.provider) ?? {}, performance.now()),
      restsUntil: -Infinity,
    }));
  }

  /** Waits until the call may be sent, if that is soon. */
  async function admit(call: Call, key: Key): Promise<Draft> {
    const tokens = key.quota.countsTokens ? requestTokens(call) : 1;
    const startedAt = performance.now();
    for (let now = startedAt; ; now = performance.now()) {
      const waitMs = Math.max(key.restsUntil - now, key.quota.waitMs(tokens, now));
      if (waitMs < 1) {
        waited(call, now - startedAt);
        return key.quota.take(tokens, now, now);
      }
      if (waitMs > maxWaitMs - (now - startedAt) || (call.deadline !== undefined && Date.now() + waitMs >= call.deadline)) {
        waited(call, now - startedAt);
        throw refusal(call, waitMs, key.restsUntil > now);
      }
      const draft = key.quota.take(tokens, now, now + waitMs);
      try {
        await sleep(Math.ceil(waitMs), call.signal);
      } catch (aborted) {
        key.quota.giveBack(draft, performance.now());
        throw aborted;
      }
      const wokenAt = performance.now();
      if (key.restsUntil < wokenAt + 1) {
        waited(call, wokenAt - startedAt);
        return draft;
      }
      key.quota.giveBack(draft, wokenAt); // a 429 came meanwhile
    }
  }

  function failed({ target, trace }: Call, key: Key, draft: Draft, error: GatewayError): void {
    const now = performance.now();
    if (error instanceof RejectedError || (error instanceof ProviderError && error.certainty === 'not_sent')) key.quota.giveBack(draft, now);
    if (!(error instanceof ProviderError)) return;
    learn(key, draft, error.facts);
    const { code } = error;
    if (code === 'provider_rate_limit') {
      // Whatever was said before: the longer of both waits holds.
      key.restsUntil = Math.max(key.restsUntil, now + Math.min(error.retryAfterMs ?? cooldownMs, MAX_REST_MS));
      trace.record(NAME, setAside(target, code, key.restsUntil - now), { target });
    } else if ((code === 'authentication' || code === 'quota_exhausted') && setAsideMs > 0) {
      asides.add(target, code, now + setAsideMs);
      trace.record(NAME, setAside(target, code, setAsideMs), { target });
    }
  }

  async function intercept(call: Call, next: Next): Promise<Reply> {
    const { target } = call;
    const aside = asides.of(target, performance.now());
    // Where nobody else is left to ask, a refusal costs nothing, and is how we find out that the key works again.
    if (aside !== undefined && call.locals.get(planKey).left > 0) throw exclusion(call, aside);
    const key = keyOf(target);
    const draft = await admit(call, key);
    try {
      const reply = key.quota.countsUsage ? await observe(call, next, (outcome) => settle(key, draft, outcome)) : await next(call);
      learn(key, draft, reply.facts);
      if (aside !== undefined) asides.clear(target);
      return reply;
    } catch (cause) {
      const error = toGatewayError(cause);
      failed(call, key, draft, error);
      throw error;
    }
  }

  return { name: NAME, stage: 'throttle', intercept };
}

const NAME = 'throttle';
/** The longest that a 429 is believed, in milliseconds. Asking once an hour hammers nobody, and a mistaken header must not take a key away for days. */
const MAX_REST_MS = 3_600_000;

function learn({ quota }: Key, draft: Draft, facts: AnswerFacts | undefined): void {
  if (facts !== undefined) quota.learn(readRateLimits(facts.headers, Date.now()), draft, performance.now());
}

function settle({ quota }: Key, draft: Draft, outcome: Outcome): void {
  const usage = outcome.status === 'ok' ? outcome.response.usage : outcome.partial?.usage;
  if (usage !== undefined) quota.settle(draft, usage.inputTokens + usage.outputTokens, performance.now());
}

function waited({ trace, target }: Call, waitMs: number): void {
  if (waitMs >= 1) trace.record(NAME, { what: 'waited', waitMs: Math.round(waitMs), code: 'rate_limited' }, { target });
}

function refusal({ trace, target }: Call, waitMs: number, resting: boolean): RejectedError {
  trace.record(NAME, { what: 'rejected', code: 'rate_limited' }, { target });
  const retryAfterMs = Math.ceil(waitMs);
  const why = resting ? 'its rate limit was reached a moment ago' : 'its quota is used up for now';
  return new RejectedError('rate_limited', `${nameOf(target)} was not asked: ${why}; try again in ${retryAfterMs} ms, or give the call another target or key`, { target, retryAfterMs });
}

/** The failure that the call would meet, without asking: so it goes where that failure leads. */
function exclusion({ trace, target }: Call, { code, until }: SetAside): ProviderError {
  const retryAfterMs = Math.ceil(until - performance.now());
  const why = code === 'authentication' ? 'this key was not accepted a short while ago' : 'the quota or credit of this key was used up a short while ago';
  trace.record(NAME, { what: 'excluded', why }, { target });
  return new ProviderError(code, `${nameOf(target)} was not asked: ${why}; check it, it is asked again in ${Math.ceil(retryAfterMs / 1000)} s`, { target, retryAfterMs, retryable: false, certainty: 'not_sent' });
}

function setAside({ credential }: Target, code: ProviderError['code'], forMs: number): Extract<Fact, { readonly what: 'set-aside' }> {
  return { what: 'set-aside', forMs: Math.round(forMs), code, ...(credential !== undefined && { credential }) };
}

function nameOf(target: Target): string {
  return target.credential === undefined ? targetName(target) : `${targetName(target)} (key '${target.credential}')`;
}

function checked({ limits = {}, maxWaitMs = 1000, cooldownMs = 1000, setAsideMs = 300_000, maxKeys = 1000 }: ThrottleOptions) {
  for (const [option, value] of Object.entries({ maxWaitMs, cooldownMs, setAsideMs })) {
    if (!(Number.isFinite(value) && value >= 0 && value <= MAX_TIMEOUT_MS)) throw wrong(option, `milliseconds, 0 to ${MAX_TIMEOUT_MS}`, value);
  }
  if (!(Number.isInteger(maxKeys) && maxKeys >= 1)) throw wrong('maxKeys', 'a whole number, 1 or more', maxKeys);
  if (typeof limits !== 'object' || limits === null) throw wrong('limits', "an object such as { 'openai/gpt-5-mini': { requestsPerMinute: 500 } }", limits);
  for (const [name, limit] of Object.entries(limits)) {
    if (!/^[^/]+(?:\/.+)?$/.test(name)) throw wrong('limits', "names such as 'openai' or 'openai/gpt-5-mini'", name);
    if (typeof limit !== 'object' || limit === null) throw wrong(`limits.${name}`, 'an object with requestsPerMinute or tokensPerMinute', limit);
    const { requestsPerMinute, tokensPerMinute } = limit;
    if (requestsPerMinute === undefined && tokensPerMinute === undefined) throw wrong(`limits.${name}`, 'requestsPerMinute or tokensPerMinute', 'neither');
    for (const [option, value] of Object.entries({ requestsPerMinute, tokensPerMinute })) {
      if (value !== undefined && !(Number.isFinite(value) && value >= 1)) throw wrong(`limits.${name}.${option}`, 'a number, 1 or more', value);
    }
  }
  return { limits: new Map(Object.entries(limits)), maxWaitMs, cooldownMs, setAsideMs, maxKeys };
}

function wrong(option: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`throttle: ${option}: wanted ${wanted}, got ${String(got)}`);
}
