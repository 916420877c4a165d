import { ProviderError, RejectedError, type GatewayError } from '../errors.js';
import type { ErrorCode } from '../types/codes.js';

/** What a failure means for the next step. One row per code, so that retry, fallback and breaker agree. */
export interface FailurePolicy {
  /** Whether the same target may be tried again: as often as the attempts last, once, or not at all. */
  readonly retry: 'yes' | 'once' | 'no';
  /** Where else the call may go: to any other candidate, only to another key of the same provider, or nowhere. */
  readonly next: 'any' | 'credential' | 'no';
  /** What the circuit breaker of the target is told. `neutral`: nothing, it says nothing about the target's health. */
  readonly breaker: 'failure' | 'neutral';
}

const policy = (retry: FailurePolicy['retry'], next: FailurePolicy['next'], breaker: FailurePolicy['breaker']): FailurePolicy => ({ retry, next, breaker });

/** The policy of each code. What depends on more than the code (certainty, the rest of the time) is decided where it is known. */
export const POLICY: Readonly<Record<ErrorCode, FailurePolicy>> = {
  // The provider failed: it may do better in a moment, and another may do better now.
  server_error: policy('yes', 'any', 'failure'),
  network: policy('yes', 'any', 'failure'),
  connect_timeout: policy('yes', 'any', 'failure'),
  stream_interrupted: policy('yes', 'any', 'failure'),
  overloaded: policy('once', 'any', 'failure'),
  invalid_response: policy('once', 'any', 'failure'),
  // Sent and not answered: a second try at the same place would be billed twice for the same wait.
  first_content_timeout: policy('no', 'any', 'failure'),
  idle_timeout: policy('no', 'any', 'failure'),
  attempt_timeout: policy('no', 'any', 'failure'),
  // Our account there, not its health.
  provider_rate_limit: policy('yes', 'any', 'neutral'),
  quota_exhausted: policy('no', 'any', 'neutral'),
  authentication: policy('no', 'credential', 'neutral'),
  permission: policy('no', 'credential', 'neutral'),
  // About what was asked of this target.
  not_found: policy('no', 'any', 'neutral'),
  unsupported: policy('no', 'any', 'neutral'),
  // About the request: it fails the same way everywhere, or has a path of its own.
  invalid_request: policy('no', 'no', 'neutral'),
  context_length: policy('no', 'no', 'neutral'),
  content_filter: policy('no', 'no', 'neutral'),
  // Refused here, for this target.
  circuit_open: policy('no', 'any', 'neutral'),
  concurrency_exceeded: policy('no', 'any', 'neutral'),
  rate_limited: policy('no', 'any', 'neutral'),
  unknown_price: policy('no', 'any', 'neutral'),
  // Refused here, for the call.
  budget_exceeded: policy('no', 'no', 'neutral'),
  guardrail_blocked: policy('no', 'no', 'neutral'),
  policy_denied: policy('no', 'no', 'neutral'),
  no_eligible_target: policy('no', 'no', 'neutral'),
  redaction_failed: policy('no', 'no', 'neutral'),
  store_unavailable: policy('no', 'no', 'neutral'),
  closed: policy('no', 'no', 'neutral'),
  interceptor_failed: policy('no', 'no', 'neutral'),
  config: policy('no', 'no', 'neutral'),
  cancelled: policy('no', 'no', 'neutral'),
  deadline_exceeded: policy('no', 'no', 'neutral'),
  exhausted: policy('no', 'no', 'neutral'),
};

/** The policy of an error. `invalid_request` and the like have one meaning from a provider and from the gateway. */
export function policyOf(error: GatewayError): FailurePolicy {
  const row = POLICY[error.code];
  if (!(error instanceof ProviderError)) return row;
  // The provider, or the error itself (an untrusted certificate), knows better than the table.
  if (!error.retryable && row.retry !== 'no') return { ...row, retry: 'no' };
  // A moment may help if it is what its code says, and never if it is the other.
  if (error.mayMean !== undefined && row.retry === 'yes') return { ...row, retry: 'once' };
  return row.retry === 'no' && error.facts?.headers['x-should-retry'] === 'true' ? { ...row, retry: 'once' } : row;
}

/** Refused by the gateway before the target was asked: not an attempt, and no word about the target's health. */
export function isLocal(error: GatewayError): boolean {
  return error instanceof RejectedError;
}
