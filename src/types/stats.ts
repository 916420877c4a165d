/** Milliseconds. Estimated from a histogram: each is within 5 % of a duration that was measured. `max` is exact. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** What attempts at one target came to. */
export interface Figures {
  /** How many have ended. */
  readonly total: number;
  readonly ok: number;
  /** Ended with an error, deadlines included. */
  readonly failed: number;
  /** Ended by the caller. */
  readonly cancelled: number;
  /** How often each error code, cancellations included. */
  readonly errors: Readonly<Record<string, number>>;
  /** Tokens, estimates included; what a cache hit used at the time is not counted again. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** USD, as far as prices are known. 0 without a cost meter. */
  readonly costUsd: number;
  /** Of those that ended well. Undefined when none did. */
  readonly durationMs: Percentiles | undefined;
  /** Of streams that brought content. */
  readonly timeToFirstContentMs: Percentiles | undefined;
}

/** What calls came to. */
export interface CallFigures extends Figures {
  readonly attempts: number;
  readonly retries: number;
  readonly fallbacks: number;
  /** Answered from a cache, and what that avoided in USD. */
  readonly hits: number;
  readonly savedUsd: number;
}

/** The last while, in this process. */
export interface GatewayStats {
  /** How far back it looks, in milliseconds. */
  readonly windowMs: number;
  /** Calls under way. */
  readonly active: number;
  readonly calls: CallFigures;
  /** By `provider/model`. */
  readonly targets: Readonly<Record<string, Figures>>;
  /** By name of the tag, then by its value. */
  readonly tags: Readonly<Record<string, Readonly<Record<string, CallFigures>>>>;
}
