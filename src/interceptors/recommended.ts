import type { Interceptor } from '../core/interceptor.js';
import { circuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.js';
import { concurrency, type ConcurrencyOptions } from './concurrency.js';
import { fallback, type FallbackOptions } from './fallback.js';
import { retry, type RetryOptions } from './retry.js';
import { throttle, type ThrottleOptions } from './throttle.js';
import { timeout, type TimeoutOptions } from './timeout.js';

/** Options of each interceptor, or `false` to leave it out. */
export interface RecommendedOptions {
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
}

/** The whole pipeline in its order, with good defaults. Grows with every interceptor to come. */
export function recommended(options: RecommendedOptions = {}): readonly Interceptor[] {
  return [
    options.fallback !== false && fallback(options.fallback),
    options.retry !== false && retry(options.retry),
    // Outside throttle: a call in the queue holds no quota, and priority decides who gets it.
    options.concurrency && concurrency(options.concurrency),
    options.throttle !== false && throttle(options.throttle),
    options.circuitBreaker !== false && circuitBreaker(options.circuitBreaker),
    options.timeout !== false && timeout(options.timeout),
  ].filter((interceptor) => typeof interceptor === 'object');
}
