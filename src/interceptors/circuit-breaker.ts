import type { Call } from '../core/call.js';
import { isTimeout, MAX_TIMEOUT_MS } from '../core/check-options.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { observe } from '../core/observe.js';
import type { Reply } from '../core/reply.js';
import { targetName } from '../core/trace.js';
import { ConfigError, RejectedError } from '../errors.js';
import { createCircuit, type Circuit } from '../routing/circuit.js';
import { verdictOf, type SlowCall } from '../routing/verdict.js';

export interface CircuitBreakerOptions {
  /** Share of the outcomes that must have failed for a circuit to open, above 0 and up to 1. @default 0.5, as Hystrix and resilience4j have it */
  readonly failureRate?: number;
  /** How far back outcomes count, in milliseconds. @default 30000, Polly's sampling duration */
  readonly windowMs?: number;
  /** With fewer outcomes in the window nothing opens. @default 20, Hystrix's request volume */
  readonly minOutcomes?: number;
  /** How long a circuit is open the first time, in milliseconds. Each opening after a failed probe lasts twice as long as the one before. @default 15000, half of what Envoy's outlier detection begins with */
  readonly openMs?: number;
  /** The longest opening, in milliseconds. @default 300000, Envoy's longest ejection */
  readonly maxOpenMs?: number;
  /** Successes that close a half-open circuit; no more attempts than that are let through until then. @default 3, so that one lucky answer closes nothing */
  readonly probes?: number;
  /** How long a probe without an end keeps others from being sent, in milliseconds. @default 60000, as long as a first content may take */
  readonly probeTimeoutMs?: number;
  /** What makes a good answer count as a failure. @default none: only failures are failures */
  readonly slow?: SlowCall;
  /** Circuits kept. Beyond it the one not used for longest is forgotten. @default 1000 */
  readonly maxTargets?: number;
}

/**
 * Stops sending to a target that fails, and finds out with few attempts when it answers again. One circuit per provider and
 * model, whichever key is used. Refuses with `circuit_open` while open, which costs nothing and sends the call to its next target.
 */
export function circuitBreaker(options: CircuitBreakerOptions = {}): Interceptor {
  const { maxTargets, slow, ...settings } = checked(options);
  const circuits = new Map<string, Circuit>();

  function circuitOf(name: string): Circuit {
    const circuit = circuits.get(name) ?? createCircuit(settings);
    // The newest stands last, so that the first is the one to forget.
    circuits.delete(name);
    circuits.set(name, circuit);
    if (circuits.size > maxTargets) forgetOldest();
    return circuit;
  }

  function forgetOldest(): void {
    for (const [name, circuit] of circuits) {
      circuits.delete(name);
      return circuit.shutdown();
    }
  }

  async function intercept(call: Call, next: Next): Promise<Reply> {
    const { target, trace } = call;
    const circuit = circuitOf(targetName(target));
    const pass = circuit.enter();
    if (pass === undefined) {
      trace.record(NAME, { what: 'rejected', code: 'circuit_open' }, { target });
      throw refusal(call, circuit);
    }
    if (pass.opensProbing) trace.record(NAME, { what: 'circuit', state: 'half-open' }, { target });
    return observe(call, next, (outcome) => {
      const state = circuit.leave(pass, verdictOf(outcome, slow));
      if (state !== undefined) trace.record(NAME, { what: 'circuit', state, ...(state === 'open' && { forMs: circuit.retryAfterMs() }) }, { target });
    });
  }

  return {
    name: NAME,
    stage: 'break',
    intercept,
    close() {
      for (const circuit of circuits.values()) circuit.shutdown();
      circuits.clear();
    },
  };
}

const NAME = 'circuit-breaker';

function refusal({ target }: Call, circuit: Circuit): RejectedError {
  const why = circuit.state === 'open' ? 'its circuit is open after repeated failures' : 'its circuit is half-open and enough probes are under way';
  const retryAfterMs = circuit.retryAfterMs();
  return new RejectedError('circuit_open', `${targetName(target)} was not asked: ${why}; try again in ${Math.ceil(retryAfterMs / 1000)} s, or give the call another target`, { target, retryAfterMs });
}

function checked({
  failureRate = 0.5,
  windowMs = 30_000,
  minOutcomes = 20,
  openMs = 15_000,
  maxOpenMs = 300_000,
  probes = 3,
  probeTimeoutMs = 60_000,
  slow = {},
  maxTargets = 1000,
}: CircuitBreakerOptions) {
  if (!(failureRate > 0 && failureRate <= 1)) throw wrong('failureRate', 'a number above 0 and up to 1', failureRate);
  for (const [option, value] of Object.entries({ windowMs, openMs, maxOpenMs, probeTimeoutMs })) {
    if (!isTimeout(value)) throw wrong(option, `milliseconds, 1 to ${MAX_TIMEOUT_MS}`, value);
  }
  if (maxOpenMs < openMs) throw wrong('maxOpenMs', `at least openMs (${openMs})`, maxOpenMs);
  for (const [option, value] of Object.entries({ minOutcomes, probes, maxTargets })) {
    if (!(Number.isInteger(value) && value >= 1)) throw wrong(option, 'a whole number, 1 or more', value);
  }
  if (typeof slow !== 'object' || slow === null) throw wrong('slow', 'an object such as { timeToFirstContentMs: 5000 }', slow);
  for (const option of ['timeToFirstContentMs', 'tokensPerSecond'] as const) {
    const value = slow[option];
    if (value !== undefined && !(typeof value === 'number' && value > 0)) throw wrong(`slow.${option}`, 'a number above 0', value);
  }
  return { failureRate, windowMs, minOutcomes, openMs, maxOpenMs, probes, probeTimeoutMs, slow, maxTargets };
}

function wrong(option: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`circuitBreaker: ${option}: wanted ${wanted}, got ${String(got)}`);
}
