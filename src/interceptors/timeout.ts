import { asksToReason, reasonsUnasked } from '../catalog/reasoning.js';
import { derive, type Call } from '../core/call.js';
import { isTimeout, MAX_TIMEOUT_MS } from '../core/check-options.js';
import type { Interceptor } from '../core/interceptor.js';
import { createLiveness, type Liveness } from '../core/liveness.js';
import { observe } from '../core/observe.js';
import { targetName } from '../core/trace.js';
import { ConfigError, ProviderError } from '../errors.js';
import type { ProviderCode } from '../types/codes.js';
import type { Target } from '../types/report.js';

/** All in milliseconds. `Infinity` switches a limit off. */
export interface TimeoutOptions {
  /** From the beginning of an attempt to the first content of its stream, the connection included. @default 60000, several times what models that do not reason take */
  readonly firstContentMs?: number;
  /** The same where reasoning is asked for, or the model is known to reason. @default 300000, as long as Node's `fetch` waits for an answer */
  readonly reasoningFirstContentMs?: number;
  /** Silence in a stream after its first content. Bytes of any kind end it, a ping or a comment too. @default 60000, twice the 30 s that OpenAI leaves between its keep-alives, the longest known */
  readonly idleMs?: number;
  /** A whole attempt whose answer comes in one piece. @default 600000, as the official clients of OpenAI and Anthropic have it */
  readonly attemptMs?: number;
  /** A whole attempt whose answer streams: the end of a stream that pings, or trickles, for ever. @default 3600000, more than the longest answers take (128,000 tokens at 40 a second) */
  readonly streamMs?: number;
  /** Whether a target reasons though nobody asked it to. `undefined` leaves it to the model's name. @default by the model's name */
  readonly reasons?: (target: Target) => boolean | undefined;
}

type Limits = { -readonly [Option in keyof Omit<TimeoutOptions, 'reasons'>]-?: number };

/** One limit, as it holds now. */
interface Limit {
  readonly code: ProviderCode;
  readonly option: keyof Limits;
  readonly ms: number;
  /** When it began to run, on the clock of `performance.now()`. */
  readonly from: number;
}

const DEFAULTS: Readonly<Limits> = { firstContentMs: 60_000, reasoningFirstContentMs: 300_000, idleMs: 60_000, attemptMs: 600_000, streamMs: 3_600_000 };

/**
 * A timer that fires this much too late says that this process was busy, in milliseconds. What has arrived meanwhile lies
 * unread in the sockets: it gets as long again to be read before anything is judged.
 */
const BUSY_MS = 50;

/**
 * Ends an attempt that takes too long: to its first content, between two signs of life, or altogether. The connection has a
 * limit of its own, `connectTimeoutMs` of the provider. One timer per attempt, which is looked at again only when it fires;
 * a reader that takes its time is never mistaken for a provider that stalls.
 */
export function timeout(options: TimeoutOptions = {}): Interceptor {
  const limits = checked(options);
  // No limit can have passed before the shortest of them, and a silence that begins later ends later.
  const wakeMs = Math.min(...Object.values(limits));
  // The longest silence that is right: an answer in one piece is nothing else, a stream is within one of its parts.
  const patienceMs = Math.max(limits.attemptMs, Math.min(limits.streamMs, Math.max(limits.firstContentMs, limits.reasoningFirstContentMs, limits.idleMs)));

  return {
    name: 'timeout',
    stage: 'timeout',
    optional: true,
    async intercept(call, next) {
      const liveness = createLiveness(patienceMs);
      if (wakeMs === Infinity) return next(derive(call, { liveness }));
      const clock = startClock(call, liveness, limits, options.reasons?.(call.target), wakeMs);
      const reply = await observe(clock.call, next, clock.stop);
      clock.release();
      return reply;
    },
  };
}

interface Clock {
  /** What goes down in place of the call. */
  readonly call: Call;
  /** The answer has begun: from now on the timer keeps no process alive that nothing else does. */
  release(): void;
  stop(): void;
}

function startClock(call: Call, liveness: Liveness, limits: Limits, reasons: boolean | undefined, wakeMs: number): Clock {
  const controller = new AbortController();
  const startedAt = performance.now();
  let released = false;
  let readFirst = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let expectedAt: number;
  arm(wakeMs, startedAt);

  function arm(ms: number, now: number): void {
    expectedAt = now + ms;
    timer = setTimeout(look, ms);
    if (released) timer.unref?.(); // not there outside Node
  }

  /** The timer has fired: perhaps long after the last sign of life, perhaps just after one. */
  function look(): void {
    timer = undefined;
    if (liveness.phase === 'over') return;
    const now = performance.now();
    const limit = nearest(now);
    const left = limit.from + limit.ms - now;
    readFirst = left <= 0 && !readFirst && now - expectedAt > BUSY_MS;
    if (readFirst) arm(BUSY_MS, now);
    else if (left <= 0) end(limit);
    else arm(Math.ceil(liveness.streamed || liveness.phase === 'before' ? Math.min(left, wakeMs) : left), now);
  }

  /** The limit that would be passed first if nothing more came. */
  function nearest(now: number): Limit {
    const { phase, streamed, waiting, signAt } = liveness;
    const total = limitOf('attempt_timeout', streamed && call.streaming ? 'streamMs' : 'attemptMs', startedAt);
    if (!streamed) return total;
    const part = phase === 'content' ? limitOf('idle_timeout', 'idleMs', waiting ? signAt : now) : limitOf('first_content_timeout', firstContent(), startedAt);
    return part.from + part.ms < total.from + total.ms ? part : total;
  }

  function limitOf(code: ProviderCode, option: keyof Limits, from: number): Limit {
    return { code, option, ms: limits[option], from };
  }

  function firstContent(): 'firstContentMs' | 'reasoningFirstContentMs' {
    const long = (call.operation === 'chat' && asksToReason(call.request)) || (reasons ?? reasonsUnasked(call.target.model));
    return long ? 'reasoningFirstContentMs' : 'firstContentMs';
  }

  function end(limit: Limit): void {
    call.trace.record('timeout', { what: 'waited', waitMs: limit.ms, code: limit.code }, { target: call.target });
    controller.abort(errorOf(limit, call.target, liveness.phase === 'before'));
  }

  return {
    call: derive(call, { signal: controller.signal, liveness }),
    release() {
      released = true;
      timer?.unref?.();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** The core fills in how far the attempt had come, where there was one. */
function errorOf({ code, option, ms }: Limit, target: Target, before: boolean): ProviderError {
  const what = code === 'first_content_timeout' ? 'no content came' : code === 'idle_timeout' ? 'its answer stalled, nothing came' : 'its answer was not complete';
  return new ProviderError(code, `${targetName(target)}: ${what} within ${ms} ms; if healthy answers take longer, raise ${option} of timeout()`, {
    target,
    certainty: before ? 'not_sent' : 'possibly_billed',
  });
}

function checked(options: TimeoutOptions): Limits {
  const limits = { ...DEFAULTS };
  for (const [option, value] of Object.entries(options)) {
    if (option === 'reasons') {
      if (value !== undefined && typeof value !== 'function') throw new ConfigError(`timeout: reasons: wanted a function of the target, got ${typeof value}`);
    } else if (!isLimit(option)) {
      throw new ConfigError(`timeout: ${option}: there is no such option; wanted one of ${Object.keys(DEFAULTS).join(', ')}, reasons`);
    } else if (value !== undefined) {
      if (typeof value !== 'number' || (value !== Infinity && !isTimeout(value))) {
        throw new ConfigError(`timeout: ${option}: wanted milliseconds from 1 to ${MAX_TIMEOUT_MS}, or Infinity for no limit, got ${typeof value === 'number' ? value : typeof value}`);
      }
      limits[option] = value;
    }
  }
  return limits;
}

function isLimit(option: string): option is keyof Limits {
  return Object.hasOwn(DEFAULTS, option);
}
