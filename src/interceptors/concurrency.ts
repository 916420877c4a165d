import { onAbort } from '../core/abort.js';
import type { Call } from '../core/call.js';
import { isTimeout, MAX_TIMEOUT_MS } from '../core/check-options.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { observe } from '../core/observe.js';
import type { Reply } from '../core/reply.js';
import { targetName } from '../core/trace.js';
import { ConfigError, RejectedError } from '../errors.js';
import { createRecentMap } from '../routing/recent-map.js';
import { createSlots, type Slots } from '../routing/slots.js';
import type { Target } from '../types/report.js';

export interface ConcurrencyOptions {
  /** Calls under way at one target, whichever key they use. A stream is under way until its end, an answer in one piece until it is there. @default 100 */
  readonly maxConcurrent?: number;
  /** The same for some, by `provider/model`, or by `provider` for each of its models. @default none */
  readonly limits?: Readonly<Record<string, number>>;
  /** Calls that may wait for one target. 0: none. @default 1000 */
  readonly maxQueued?: number;
  /** How long a call may wait, in milliseconds. @default 10000 */
  readonly queueTimeoutMs?: number;
  /** The tag whose values take turns within one priority, so that one of them cannot fill the queue for all. @default 'tenant' */
  readonly fairBy?: string;
  /** Targets remembered. Beyond it an idle one is forgotten. @default 1000 */
  readonly maxTargets?: number;
}

/** One call in the queue. */
interface Waiter {
  /** The slot is its own now. */
  readonly go: () => void;
  /** It lost its place to a call of higher priority. */
  readonly shed: () => void;
}

interface Gate {
  readonly slots: Slots<Waiter>;
  readonly max: number;
  /** How long a slot is taken, a moving average in milliseconds. Undefined until one came back. */
  heldMs: number | undefined;
}

/**
 * Lets only so many calls into one target at a time. The rest wait in a bounded queue: the highest priority first, then the
 * values of a tag in turns, then in the order they came. Refuses with `concurrency_exceeded`, which sends the call to its next
 * target. A slot is taken until the answer has ended, or is there as a whole, and comes back exactly once.
 */
export function concurrency(options: ConcurrencyOptions = {}): Interceptor {
  const { maxConcurrent, limits, maxQueued, queueTimeoutMs, fairBy, maxTargets } = checked(options);
  const gates = createRecentMap<Gate>(maxTargets, ({ slots }) => slots.taken === 0);

  function gateOf(target: Target): Gate {
    const name = targetName(target);
    return gates.get(name, () => {
      const max = limits.get(name) ?? limits.get(target.provider) ?? maxConcurrent;
      return { slots: createSlots({ max, maxQueued }), max, heldMs: undefined };
    });
  }

  /** Resolves when the call has its slot. */
  function queue(call: Call, gate: Gate): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = call;
      if (signal.aborted) return reject(signal.reason);
      const startedAt = performance.now();
      const place = gate.slots.wait({ go: () => end(resolve), shed: () => end(() => reject(refusal(call, gate, SHED))) }, call.priority, call.tags[fairBy] ?? '');
      if (place === undefined) return reject(refusal(call, gate, 'and its queue is full'));
      call.trace.record(NAME, { what: 'queued' }, { target: call.target });

      const timer = setTimeout(() => {
        gate.slots.giveUp(place.place);
        end(() => reject(refusal(call, gate, `and it waited ${queueTimeoutMs} ms for its turn`)));
      }, queueTimeoutMs);
      const undoAbort = onAbort(signal, () => {
        gate.slots.giveUp(place.place);
        end(() => reject(signal.reason));
      });
      place.shed?.shed();

      function end(settle: () => void): void {
        clearTimeout(timer);
        undoAbort();
        call.trace.record(NAME, { what: 'waited', waitMs: Math.round(performance.now() - startedAt), code: 'concurrency_exceeded', queued: true }, { target: call.target });
        settle();
      }
    });
  }

  async function intercept(call: Call, next: Next): Promise<Reply> {
    const gate = gateOf(call.target);
    if (!gate.slots.enter()) await queue(call, gate);
    const enteredAt = performance.now();
    let inside = true;

    function leave(): void {
      if (!inside) return;
      inside = false;
      const heldMs = performance.now() - enteredAt;
      gate.heldMs = gate.heldMs === undefined ? heldMs : gate.heldMs + NEWEST * (heldMs - gate.heldMs);
      gate.slots.leave()?.go();
    }

    const reply = await observe(call, next, leave);
    // The provider is done with it; a reader may take its time, or never come.
    if (reply.whole) leave();
    return reply;
  }

  return { name: NAME, stage: 'throttle', intercept };
}

const NAME = 'concurrency';
const SHED = 'and a call of higher priority took its place in the queue';
/** Weight of the newest in a moving average: it forgets the rest in about ten. */
const NEWEST = 0.3;

function refusal({ trace, target }: Call, { slots, max, heldMs }: Gate, why: string): RejectedError {
  trace.record(NAME, { what: 'rejected', code: 'concurrency_exceeded' }, { target });
  // When all who wait now have had their turn, if slots are taken for as long as they were.
  const retryAfterMs = heldMs === undefined ? undefined : Math.ceil((heldMs * (slots.queued + 1)) / max);
  return new RejectedError('concurrency_exceeded', `${targetName(target)} was not asked: ${max} calls are under way there, ${why}; try again later, give the call another target, or raise maxConcurrent or maxQueued`, { target, retryAfterMs });
}

function checked({ maxConcurrent = 100, limits = {}, maxQueued = 1000, queueTimeoutMs = 10_000, fairBy = 'tenant', maxTargets = 1000 }: ConcurrencyOptions) {
  for (const [option, value] of Object.entries({ maxConcurrent, maxTargets })) {
    if (!(Number.isInteger(value) && value >= 1)) throw wrong(option, 'a whole number, 1 or more', value);
  }
  if (!(Number.isInteger(maxQueued) && maxQueued >= 0)) throw wrong('maxQueued', 'a whole number, 0 or more', maxQueued);
  if (!isTimeout(queueTimeoutMs)) throw wrong('queueTimeoutMs', `milliseconds, 1 to ${MAX_TIMEOUT_MS}`, queueTimeoutMs);
  if (typeof fairBy !== 'string' || fairBy === '') throw wrong('fairBy', 'the name of a tag', fairBy);
  if (typeof limits !== 'object' || limits === null) throw wrong('limits', "an object such as { 'openai/gpt-5-mini': 20 }", limits);
  for (const [name, limit] of Object.entries(limits)) {
    if (!/^[^/]+(?:\/.+)?$/.test(name)) throw wrong('limits', "names such as 'openai' or 'openai/gpt-5-mini'", name);
    if (!(Number.isInteger(limit) && limit >= 1)) throw wrong(`limits.${name}`, 'a whole number, 1 or more', limit);
  }
  return { maxConcurrent, limits: new Map(Object.entries(limits)), maxQueued, queueTimeoutMs, fairBy, maxTargets };
}

function wrong(option: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`concurrency: ${option}: wanted ${wanted}, got ${String(got)}`);
}
