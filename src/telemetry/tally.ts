import { plainText } from '../observing/plain-text.js';
import type { ErrorCode } from '../types/codes.js';
import type { CacheHit, Decision, Target } from '../types/report.js';

/** What the decisions of one call add up to. */
export interface Tally {
  attempts: number;
  retries: number;
  fallbacks: number;
  warnings: number;
  redactions: number;
  waitMs: number;
  /** Some wait, so that what is left of the call's time is not only ours. */
  waited: boolean;
  cache: { readonly kind: 'exact' | 'semantic'; readonly result: string } | undefined;
  hit: CacheHit | undefined;
  readonly guardrails: string[];
  rejectedBy: { readonly by: string; readonly code: string } | undefined;
  /** USD of all attempts so far. Undefined: nobody prices, or a price is missing. */
  costUsd: number | undefined;
  unpriced: boolean;
  /** Who answered last. */
  served: Target | undefined;
  /** Whose attempt ended last, however it ended. */
  asked: Target | undefined;
  /** Milliseconds during which at least one attempt was under way. */
  busyMs(now: number): number;
  note(decision: Decision): void;
}

const MAX_GUARDRAILS = 20;

export function createTally(): Tally {
  let active = 0;
  let since = 0;
  let busy = 0;
  return {
    attempts: 0,
    retries: 0,
    fallbacks: 0,
    warnings: 0,
    redactions: 0,
    waitMs: 0,
    waited: false,
    cache: undefined,
    hit: undefined,
    guardrails: [],
    rejectedBy: undefined,
    costUsd: undefined,
    unpriced: false,
    served: undefined,
    asked: undefined,
    busyMs: (now) => busy + (active > 0 ? now - since : 0),
    note(decision) {
      switch (decision.what) {
        case 'attempt-start':
          this.attempts++;
          if (active++ === 0) since = performance.now();
          return;
        case 'attempt-end':
          if (--active === 0) busy += performance.now() - since;
          this.asked = decision.report.target;
          if (decision.report.outcome === 'ok') this.served = decision.report.target;
          return;
        case 'retry':
          this.retries++;
          this.waited = true;
          return;
        case 'next-target':
          this.fallbacks++;
          return;
        case 'waited':
          if (!isQueueWait(decision)) return;
          this.waited = true;
          this.waitMs += decision.waitMs;
          return;
        case 'cache-hit':
          this.hit = decision;
          this.cache = { kind: decision.kind, result: hitResult(decision) };
          return;
        case 'cache-miss':
          this.cache = { kind: decision.kind, result: 'miss' };
          return;
        case 'cache-bypass':
          this.cache ??= { kind: decision.kind, result: 'bypass' };
          return;
        case 'rejected':
          this.rejectedBy = { by: decision.by, code: decision.code };
          return;
        case 'redacted':
          for (const count of Object.values(decision.kinds)) this.redactions += count;
          return;
        case 'guardrail':
          if (decision.verdict !== 'pass' && this.guardrails.length < MAX_GUARDRAILS) this.guardrails.push(plainText(`${decision.rule}: ${decision.verdict}`));
          return;
        case 'cost':
          if (decision.usd === undefined) this.unpriced = true;
          else this.costUsd = (this.costUsd ?? 0) + decision.usd;
          return;
        case 'warning':
          this.warnings++;
          return;
        default:
      }
    },
  };
}

/** The timeouts tell of a wait too, but that is one for the provider: it is in the attempt's own time. */
export function isQueueWait({ code }: { readonly code: ErrorCode }): boolean {
  return !code.endsWith('_timeout');
}

export function hitResult({ stale, joined }: CacheHit): 'hit' | 'stale' | 'joined' {
  return joined === true ? 'joined' : stale === true ? 'stale' : 'hit';
}
