import type { ExactCacheOptions } from '../caching/exact-cache-options.js';
import type { Interceptor } from '../core/interceptor.js';
import { ConfigError } from '../errors.js';
import { circuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.js';
import { concurrency, type ConcurrencyOptions } from './concurrency.js';
import { costMeter, type CostMeterOptions } from './cost-meter.js';
import { exactCache } from './exact-cache.js';
import { fallback, type FallbackOptions } from './fallback.js';
import { guardrails, type GuardrailsOptions } from './guardrails.js';
import { ledger, type LedgerOptions } from './ledger.js';
import { log, type LogOptions } from './log.js';
import { retry, type RetryOptions } from './retry.js';
import { stats, type StatsOptions } from './stats.js';
import { throttle, type ThrottleOptions } from './throttle.js';
import { timeout, type TimeoutOptions } from './timeout.js';

/** Options of each interceptor, or `false` to leave it out. Those without a default need something that only you know. */
export interface RecommendedOptions {
  /** Made by `telemetry()` of `headgate/telemetry`, a part of its own. @default false: it needs OpenTelemetry's API */
  readonly telemetry?: Interceptor | false;
  /** @default false: it needs your logger */
  readonly log?: LogOptions | false;
  /** @default false: counts what you may count elsewhere */
  readonly stats?: StatsOptions | false;
  /** @default false: it needs a place to write to */
  readonly ledger?: LedgerOptions | false;
  /** Made by `redact()` of `headgate/redact`, a part of its own. @default false: what is sensitive is yours to know */
  readonly redact?: Interceptor | false;
  /** @default false: what is not allowed is yours to know */
  readonly guardrails?: GuardrailsOptions | false;
  /** @default false: who may share answers is yours to know */
  readonly exactCache?: ExactCacheOptions | false;
  /** @default {} */
  readonly fallback?: FallbackOptions | false;
  /** @default {} */
  readonly retry?: RetryOptions | false;
  /** @default false: how many calls a provider takes at once is yours to know */
  readonly concurrency?: ConcurrencyOptions | false;
  /** @default {} */
  readonly throttle?: ThrottleOptions | false;
  /** @default {} */
  readonly circuitBreaker?: CircuitBreakerOptions | false;
  /** @default {} */
  readonly timeout?: TimeoutOptions | false;
  /** @default {} */
  readonly costMeter?: CostMeterOptions | false;
}

/** The whole pipeline in its order, with good defaults. Grows with every interceptor to come. */
export function recommended(options: RecommendedOptions = {}): readonly Interceptor[] {
  return [
    ready('telemetry', options.telemetry),
    options.log && log(options.log),
    options.stats && stats(options.stats),
    options.ledger && ledger(options.ledger),
    ready('redact', options.redact),
    options.guardrails && guardrails(options.guardrails),
    options.exactCache && exactCache(options.exactCache),
    options.fallback !== false && fallback(options.fallback),
    options.retry !== false && retry(options.retry),
    // Outside throttle: a call in the queue holds no quota, and priority decides who gets it.
    options.concurrency && concurrency(options.concurrency),
    options.throttle !== false && throttle(options.throttle),
    options.circuitBreaker !== false && circuitBreaker(options.circuitBreaker),
    options.timeout !== false && timeout(options.timeout),
    options.costMeter !== false && costMeter(options.costMeter),
  ].filter((interceptor) => typeof interceptor === 'object');
}

/** Of the parts that are imported on their own: the interceptor itself, not its options. */
function ready(name: 'telemetry' | 'redact', interceptor: Interceptor | false | undefined): Interceptor | false {
  if (interceptor === undefined || interceptor === false) return false;
  if (typeof interceptor?.intercept !== 'function') throw new ConfigError(`recommended: ${name}: wanted an interceptor, made by ${name}() of headgate/${name}, got ${interceptor === null ? 'null' : typeof interceptor}`);
  return interceptor;
}
