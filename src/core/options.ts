import type { PriceTable } from '../types/price.js';

/** What may be said of one call. */
export interface CallOptions {
  /** Tried after the request's own model, by the fallback interceptor. @default none */
  readonly fallbacks?: readonly string[];
  /** Names of interceptors to leave out; one that is not `optional` gives RejectedError('invalid_request'). @default none */
  readonly without?: readonly string[];
  /** Extra headers for the provider. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** The caller's abort. */
  readonly signal?: AbortSignal;
  /** Deadline over all retries and fallbacks, in milliseconds. @default `GatewayOptions.timeoutMs` */
  readonly timeoutMs?: number;
  /** Who is calling. @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Higher goes first where calls queue; negative may be shed. @default 0 */
  readonly priority?: number;
  /** @default 'use' */
  readonly cache?: 'use' | 'refresh' | 'skip';
  /** Prices of this call, before those of the cost meter. @default none */
  readonly prices?: PriceTable;
  /** Whatever a provider cannot take as asked is an `unsupported` error before anything is sent. @default false */
  readonly strict?: boolean;
}
