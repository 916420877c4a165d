/** Refused here, before a provider was asked. */
export type RejectedCode =
  | 'rate_limited'
  | 'budget_exceeded'
  | 'concurrency_exceeded'
  | 'circuit_open'
  | 'guardrail_blocked'
  | 'policy_denied'
  | 'no_eligible_target'
  | 'redaction_failed'
  | 'store_unavailable'
  /** No price is known for this target, and the call was not to be made without one. */
  | 'unknown_price'
  | 'closed'
  /** Found wrong here, before anything was sent: unknown model or alias, bad field. */
  | 'invalid_request'
  /** An interceptor threw something that is not a GatewayError. */
  | 'interceptor_failed';

/** What a provider did, or failed to do. */
export type ProviderCode =
  | 'authentication'
  | 'permission'
  | 'not_found'
  | 'invalid_request'
  | 'context_length'
  | 'content_filter'
  | 'provider_rate_limit'
  | 'quota_exhausted'
  | 'overloaded'
  | 'server_error'
  | 'network'
  | 'connect_timeout'
  | 'first_content_timeout'
  | 'idle_timeout'
  | 'attempt_timeout'
  | 'stream_interrupted'
  | 'invalid_response'
  | 'unsupported';

export type CancelledCode = 'cancelled' | 'deadline_exceeded';

export type ErrorCode = 'config' | RejectedCode | ProviderCode | CancelledCode | 'exhausted';
