import type { GatewayError } from '../errors.js';

export interface BackoffOptions {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

/** After an overload at least this long, in milliseconds: who asks again at once is part of it (failures 1.1). */
const OVERLOADED_MIN_MS = 1000;

/**
 * Milliseconds to wait before the next try: what the provider asked for, else full jitter, a random time below a bound
 * that doubles with each try. `tries` counts those made so far.
 */
export function delayBefore(error: GatewayError, tries: number, { minDelayMs, maxDelayMs }: BackoffOptions, random: () => number): number {
  if (error.retryAfterMs !== undefined) return error.retryAfterMs;
  const bound = Math.min(maxDelayMs, minDelayMs * 2 ** (tries - 1));
  const jitter = random() * bound;
  return Math.round(error.code === 'overloaded' ? OVERLOADED_MIN_MS + jitter : jitter);
}
