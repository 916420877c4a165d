import type { Target } from './report.js';

/** How a target has been doing, from real outcomes. `credential` is left out: a provider's health does not depend on our keys. */
export interface TargetHealth {
  readonly target: Target;
  readonly circuit: 'open' | 'half-open' | 'closed';
  /** 0 to 1, a moving average over recent outcomes. */
  readonly errorRate: number;
  /** Moving average of successful answers. Undefined until there was one. */
  readonly latencyMs: number | undefined;
  readonly timeToFirstContentMs: number | undefined;
  /** Attempts under way. */
  readonly inFlight: number;
  /** Milliseconds since the epoch, while it is set aside (a cooldown, a credential that failed). */
  readonly setAsideUntil: number | undefined;
}
