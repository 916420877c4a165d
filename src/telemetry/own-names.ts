import type { AttributeEntry, MetricEntry } from './names.js';

// What the conventions have no name for, in a namespace of ours. Like theirs, one table: an interceptor that decides something
// new adds its names here.

const MICROSECONDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000] as const;
const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] as const;

export const OWN_ATTRIBUTES = {
  callId: { name: 'headgate.call.id', type: 'string', on: ['call', 'attempt', 'exception event', 'details event'], what: 'The id in reports, errors and logs' },
  requested: { name: 'headgate.requested', type: 'string', on: ['call'], what: '`model` as the caller wrote it: an alias, or `provider/model`' },
  served: { name: 'headgate.served', type: 'string', on: ['call'], what: 'The target that answered' },
  attempts: { name: 'headgate.attempts', type: 'int', on: ['call'], what: 'How many there were' },
  retries: { name: 'headgate.retries', type: 'int', on: ['call'], what: 'Waits before the same target was asked again, if there were any' },
  fallbacks: { name: 'headgate.fallbacks', type: 'int', on: ['call'], what: 'Moves to another target, if there were any' },
  cacheResult: { name: 'headgate.cache.result', type: 'string', on: ['call', 'own metrics'], what: '`hit`, `stale`, `joined`, `miss` or `bypass`; absent without a cache' },
  cacheKind: { name: 'headgate.cache.kind', type: 'string', on: ['call', 'own metrics'], what: '`exact` or `semantic`' },
  costTotal: { name: 'headgate.cost.total', type: 'double', on: ['call'], what: 'USD, of all attempts. Absent: no price known, or nobody prices' },
  costSaved: { name: 'headgate.cost.saved', type: 'double', on: ['call'], what: 'USD that a cache hit avoided' },
  waited: { name: 'headgate.wait', type: 'double', on: ['call', 'attempt'], what: 'Seconds in queues and for quota; on an attempt, before it' },
  rejectedBy: { name: 'headgate.rejected_by', type: 'string', on: ['call'], what: 'The interceptor that refused the call, when that is how it ended' },
  guardrails: { name: 'headgate.guardrails', type: 'string[]', on: ['call'], what: '`rule: verdict` of every guardrail that did not pass, 20 at most' },
  redactions: { name: 'headgate.redactions', type: 'int', on: ['call'], what: 'Pieces of personal data that were taken out' },
  warnings: { name: 'headgate.warnings', type: 'int', on: ['call'], what: 'What a provider could not take as asked' },
  overhead: { name: 'headgate.overhead', type: 'double', on: ['call'], what: 'Microseconds that the gateway itself took. Absent for calls that waited: waits are told in whole milliseconds' },
  index: { name: 'headgate.attempt.index', type: 'int', on: ['attempt'], what: 'Counted over the whole call, from 1. With the call id it names the attempt in the ledger' },
  number: { name: 'headgate.attempt.number', type: 'int', on: ['attempt'], what: 'Counted for this target, from 1' },
  kind: { name: 'headgate.attempt.kind', type: 'string', on: ['attempt', 'own metrics'], what: '`first`, `retry`, `fallback`, `hedge` or `continue`' },
  certainty: { name: 'headgate.attempt.certainty', type: 'string', on: ['attempt'], what: 'What may have happened at the provider: `not_sent`, `refused`, `possibly_billed`, `started`' },
  cost: { name: 'headgate.attempt.cost', type: 'double', on: ['attempt'], what: 'USD. Absent: no price known, or nobody prices' },
  requestId: { name: 'headgate.attempt.request_id', type: 'string', on: ['attempt'], what: 'The provider’s own id of the request' },
  timeToFirstContent: { name: 'headgate.attempt.time_to_first_content', type: 'double', on: ['attempt'], what: 'Seconds, of a stream' },
  attemptInputTokens: { name: 'headgate.attempt.input_tokens', type: 'int', on: ['attempt'], what: 'Reported or estimated' },
  attemptOutputTokens: { name: 'headgate.attempt.output_tokens', type: 'int', on: ['attempt'], what: 'Reported or estimated' },
  estimated: { name: 'headgate.attempt.estimated', type: 'boolean', on: ['attempt'], what: '`true` when the provider did not say how many tokens' },
  credential: { name: 'headgate.credential', type: 'string', on: ['attempt'], what: 'The name of the key, never the key' },
  target: { name: 'headgate.target', type: 'string', on: ['attempt', 'own metrics'], what: '`provider/model`' },
  circuit: { name: 'headgate.circuit', type: 'string', on: ['attempt'], what: 'The state that the circuit of the target changed to with this attempt: `open`, `half-open`, `closed`' },
  to: { name: 'headgate.to', type: 'string', on: ['own metrics'], what: 'The target that was asked next' },
  by: { name: 'headgate.by', type: 'string', on: ['own metrics'], what: 'The interceptor' },
  rule: { name: 'headgate.rule', type: 'string', on: ['own metrics'], what: 'The guardrail' },
  verdict: { name: 'headgate.verdict', type: 'string', on: ['own metrics'], what: 'What it said' },
  redactionKind: { name: 'headgate.redaction.kind', type: 'string', on: ['own metrics'], what: 'What kind of data' },
} as const satisfies Readonly<Record<string, AttributeEntry>>;

/** A tag of the call as an attribute, on spans and on every metric. */
export const TAG_PREFIX = 'headgate.tag.';

export const OWN_METRICS = {
  attemptDuration: { name: 'headgate.attempt.duration', kind: 'histogram', unit: 's', buckets: SECONDS, what: 'Every attempt, to the last of its answer', attributes: ['headgate.target', 'headgate.attempt.kind', 'error.type'] },
  cost: { name: 'headgate.cost.spent', kind: 'counter', unit: '{USD}', what: 'What attempts cost, failed and abandoned ones included', attributes: ['headgate.target'] },
  unpriced: { name: 'headgate.cost.unpriced', kind: 'counter', unit: '{attempt}', what: 'Attempts without a known price: the cost lacks them', attributes: ['headgate.target'] },
  saved: { name: 'headgate.cost.avoided', kind: 'counter', unit: '{USD}', what: 'What cache hits avoided', attributes: ['headgate.cache.kind'] },
  cache: { name: 'headgate.cache.requests', kind: 'counter', unit: '{request}', what: 'Questions to a cache', attributes: ['headgate.cache.kind', 'headgate.cache.result'] },
  retries: { name: 'headgate.retry.count', kind: 'counter', unit: '{retry}', what: 'Retries of a target, by what had failed', attributes: ['headgate.target', 'error.type'] },
  fallbacks: { name: 'headgate.fallback.count', kind: 'counter', unit: '{fallback}', what: 'Moves to another target, by what had failed', attributes: ['headgate.target', 'headgate.to', 'error.type'] },
  rejections: { name: 'headgate.rejection.count', kind: 'counter', unit: '{rejection}', what: 'Refusals by the gateway itself', attributes: ['headgate.by', 'error.type'] },
  circuit: { name: 'headgate.circuit.state', kind: 'gauge', unit: '{state}', what: '0 closed, 1 half-open, 2 open. A circuit that never opened is not there', attributes: ['headgate.target'] },
  wait: { name: 'headgate.wait.duration', kind: 'histogram', unit: 's', buckets: SECONDS, what: 'Waits in a queue or for quota. The rate of its sum is the average number of those that wait', attributes: ['headgate.target', 'headgate.by'] },
  queue: { name: 'headgate.queue.length', kind: 'up-down-counter', unit: '{call}', what: 'Calls that wait for their turn', attributes: ['headgate.target', 'headgate.by'] },
  active: { name: 'headgate.call.active', kind: 'up-down-counter', unit: '{call}', what: 'Calls under way', attributes: ['gen_ai.operation.name'] },
  redactions: { name: 'headgate.redaction.count', kind: 'counter', unit: '{redaction}', what: 'Pieces of personal data that were taken out', attributes: ['headgate.redaction.kind'] },
  guardrails: { name: 'headgate.guardrail.verdicts', kind: 'counter', unit: '{verdict}', what: 'What guardrails said', attributes: ['headgate.rule', 'headgate.verdict'] },
  overhead: { name: 'headgate.overhead.duration', kind: 'histogram', unit: 'us', buckets: MICROSECONDS, what: 'What the gateway itself took of a call: its duration less its attempts. Not of calls that waited', attributes: ['gen_ai.operation.name'] },
} as const satisfies Readonly<Record<string, MetricEntry>>;
