import pRetry from 'p-retry';
import { derive, type Call } from '../core/call.js';
import type { Interceptor } from '../core/interceptor.js';
import { localKey } from '../core/locals.js';
import type { Reply } from '../core/reply.js';
import { targetName } from '../core/trace.js';
import { toGatewayError } from '../core/wrap-error.js';
import { CancelledError, ConfigError, ProviderError, type GatewayError } from '../errors.js';
import { delayBefore } from '../routing/backoff.js';
import { attemptsSoFar, maxAttemptsKey, planKey } from '../routing/plan.js';
import { isLocal, POLICY, policyOf, type FailurePolicy } from '../routing/policy.js';
import { createRetryBudget } from '../routing/retry-budget.js';
import { sleep } from '../routing/sleep.js';
import type { ProviderCode } from '../types/codes.js';

export interface RetryOptions {
  /** Attempts of one call, over all targets and detours. More candidates than that, each key of a provider for itself, raise it to their number. @default 3 */
  readonly maxAttempts?: number;
  /** Bound of the first wait, in milliseconds; it doubles with each try. @default 500 */
  readonly minDelayMs?: number;
  /** Bound of every wait that the provider did not ask for, in milliseconds. @default 8000 */
  readonly maxDelayMs?: number;
  /** What a provider may ask for at most, in milliseconds. Beyond it, or beyond the deadline, the call moves on at once. @default 10000 */
  readonly maxWaitMs?: number;
  /** Per error code, in place of the policy in `docs/interceptors/retry.md`. @default none */
  readonly policy?: Partial<Readonly<Record<ProviderCode, FailurePolicy['retry']>>>;
  /** Limits retries where much fails. `false`: no limit but the attempts. @default 10 tokens, 0.1 back per success, 20 % of calls, at least 3 */
  readonly budget?: false | { readonly maxTokens?: number; readonly tokenRatio?: number; readonly share?: number; readonly floor?: number };
  /** For jitter, 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/** Retries of this call after a failure that may have been billed. One call pays twice at most once. */
const billedRetriesKey = localKey('retry.billed', () => 0);

/**
 * Tries the same target again when that can help, within one limit for the whole call: while another candidate is left, a
 * target gets two attempts at most, and each candidate after it keeps one. Nothing is retried once content has come.
 */
export function retry(options: RetryOptions = {}): Interceptor {
  const { maxAttempts, minDelayMs, maxDelayMs, maxWaitMs, policy, random } = checked(options);
  const budget = options.budget === false ? undefined : createRetryBudget({ maxTokens: 10, tokenRatio: 0.1, share: 0.2, floor: 3, ...options.budget });

  /** Why there is no retry, or how long to wait before it. */
  function decide(call: Call, error: GatewayError, tries: number): number | string {
    const rule = (policy as Partial<Record<string, FailurePolicy['retry']>>)[error.code] ?? policyOf(error).retry;
    if (rule === 'no' || isLocal(error)) return 'the failure is not one to retry';
    if (rule === 'once' && tries > 1) return 'this failure is retried once';
    if (mayBeBilled(error) && call.locals.get(billedRetriesKey) > 0) return 'it may have been billed, and one such retry was made';
    const { candidates, left } = call.locals.get(planKey);
    // A rate limit says when to come back; another key or provider need not wait for it.
    if (left > 0 && (tries >= 2 || error.code === 'provider_rate_limit')) return 'another target is left';
    if (attemptsSoFar(call.trace.decisions) >= Math.max(maxAttempts, candidates) - left) return left > 0 ? 'the attempts left are for other targets' : 'no attempt is left';
    const waitMs = delayBefore(error, tries, { minDelayMs, maxDelayMs }, random);
    if (waitMs > maxWaitMs) return 'the wait asked for is too long';
    if (call.deadline !== undefined && Date.now() + waitMs >= call.deadline) return 'the wait would pass the deadline';
    if (budget?.tryRetry(targetName(call.target)) === false) return 'too much fails to try again';
    return waitMs;
  }

  async function intercept(call: Call, next: (call: Call) => Promise<Reply>): Promise<Reply> {
    const target = targetName(call.target);
    let answer: Reply | undefined;
    let retrying = false;

    async function attempt(number: number): Promise<Reply> {
      try {
        answer = await next(number === 1 ? call : derive(call, { attempt: call.attempt + number - 1, kind: 'retry' }));
        budget?.succeeded(target);
        return answer;
      } finally {
        if (retrying) budget?.retryEnded();
        retrying = false;
      }
    }

    async function shouldRetry({ error: cause, attemptNumber }: { readonly error: unknown; readonly attemptNumber: number }): Promise<boolean> {
      const error = toGatewayError(cause);
      call.locals.set(maxAttemptsKey, maxAttempts);
      if (policyOf(error).retry !== 'no') budget?.failed(target);
      const waitMs = decide(call, error, attemptNumber);
      if (typeof waitMs === 'string') return false;
      retrying = budget !== undefined;
      if (mayBeBilled(error)) call.locals.set(billedRetriesKey, call.locals.get(billedRetriesKey) + 1);
      call.trace.record('retry', { what: 'retry', waitMs, code: error.code }, { target: call.target });
      try {
        await sleep(waitMs, call.signal);
      } catch (aborted) {
        budget?.retryEnded();
        retrying = false;
        throw aborted;
      }
      return true;
    }

    budget?.callStarted();
    try {
      // The loop is p-retry's; whether and how long to wait is ours. It must never give up by its own count.
      return await pRetry(attempt, { retries: MAX_RETRIES, minTimeout: 0, maxTimeout: 0, factor: 1, signal: call.signal, shouldRetry });
    } catch (error) {
      // An abort in the moment of success: p-retry throws the answer away, and its socket would stay open.
      await answer?.cancel(new CancelledError('cancelled', 'the call was aborted as its answer came'));
      throw error;
    } finally {
      budget?.callEnded();
    }
  }

  return { name: 'retry', stage: 'retry', intercept };
}

/** More than any list of candidates. */
const MAX_RETRIES = 1000;

function mayBeBilled(error: GatewayError): boolean {
  return error instanceof ProviderError && error.certainty === 'possibly_billed';
}

function checked({ maxAttempts = 3, minDelayMs = 500, maxDelayMs = 8000, maxWaitMs = 10_000, policy = {}, random = Math.random, budget }: RetryOptions) {
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1) throw wrong('maxAttempts', 'a whole number, 1 or more', maxAttempts);
  for (const [name, value] of Object.entries({ minDelayMs, maxDelayMs, maxWaitMs })) if (!(Number.isFinite(value) && value >= 0)) throw wrong(name, 'milliseconds, 0 or more', value);
  for (const [code, rule] of Object.entries(policy)) {
    if (!(code in POLICY)) throw wrong('policy', 'error codes', code);
    if (rule !== 'yes' && rule !== 'once' && rule !== 'no') throw wrong(`policy.${code}`, "'yes', 'once' or 'no'", rule);
  }
  if (budget !== undefined && budget !== false) {
    for (const [name, value] of Object.entries(budget)) if (!(Number.isFinite(value) && value >= 0)) throw wrong(`budget.${name}`, 'a number, 0 or more', value);
  }
  return { maxAttempts, minDelayMs, maxDelayMs, maxWaitMs, policy, random };
}

function wrong(option: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`retry: ${option}: wanted ${wanted}, got ${String(got)}`);
}
