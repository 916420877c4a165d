import { isGatewayError, observe, type CallReport, type Decision, type Gateway, type GatewayError, type Interceptor, type Outcome, type StreamEvent } from 'headgate';
import { getEventListeners } from 'node:events';
import type { Clock } from './clock.ts';
import type { Chance } from './seed.ts';

/** One call as its caller lives it, with what only the gateway knows of it. */
export interface MadeCall {
  readonly number: number;
  readonly streaming: boolean;
  readonly model: string;
  readonly timeoutMs: number | undefined;
  /** On the clock that only goes forward, as all moments here. */
  readonly startedAt: number;
  /** When its caller gave it up, and how. */
  givenUp: { readonly at: number; readonly how: 'abort' | 'cancel' | 'leave' } | undefined;
  /** How the process stood still while it was under way, in milliseconds. */
  suspendedMs: number;
  /** What its caller got: `ok`, a code, or `left` and `forgotten` by a reader who did not wait for the end. */
  outcome: string | undefined;
  settledAt: number | undefined;
  error: GatewayError | undefined;
  report: CallReport | undefined;
  text: string;
  responseText: string | undefined;
  /** What is wrong with what its caller saw. */
  readonly strange: string[];
  callId: string | undefined;
  /** Milliseconds since the epoch. */
  deadline: number | undefined;
  readonly decisions: Decision[];
  /** What the outermost interceptor was told, and when. */
  readonly outcomes: { readonly status: Outcome['status']; readonly at: number }[];
  abort(): void;
  cancel(): void;
  listeners(): number;
}

const NUMBER = 'number';

/** Stands outermost and writes down what becomes of each call. */
export function witness(calls: readonly MadeCall[], clock: Clock): Interceptor {
  return {
    name: 'witness',
    intercept(call, next) {
      const made = calls[Number(call.tags[NUMBER])];
      if (made === undefined) return next(call);
      made.callId = call.id;
      made.deadline = call.deadline;
      return observe(call, next, ({ status }) => void made.outcomes.push({ status, at: clock.now }));
    },
  };
}

/** What a caller asks for, and how it reads the answer. */
export interface Manner {
  readonly streaming: boolean;
  readonly timeoutMs: number | undefined;
  readonly priority: number;
  readonly tenant: string;
  /** Between two events, in milliseconds. */
  readonly pauseMs: number;
  /** Events after which it leaves, or forgets to read on. */
  readonly stopsAfter: number;
  readonly forgets: boolean;
}

export const PATIENT: Manner = { streaming: true, timeoutMs: 60_000, priority: 0, tenant: 'one', pauseMs: 0, stopsAfter: Infinity, forgets: false };

export function mannerOf(chance: Chance): Manner {
  return {
    streaming: chance.maybe(0.6),
    timeoutMs: chance.maybe(0.6) ? undefined : chance.scale(90_000),
    priority: chance.whole(-1, 2),
    tenant: chance.pick(['one', 'two', 'three']),
    pauseMs: chance.maybe(0.8) ? 0 : chance.scale(10_000),
    stopsAfter: chance.maybe(0.85) ? Infinity : chance.whole(0, 4),
    forgets: chance.maybe(0.3),
  };
}

export interface CallPlan {
  /** Where the call is put before it begins. */
  readonly calls: MadeCall[];
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly model: string;
  readonly defaultTimeoutMs: number | undefined;
}

/** Makes a call. It may be given up at any time, by `abort` and `cancel`. */
export function makeCall({ calls, gateway, clock, model, defaultTimeoutMs }: CallPlan, manner: Manner): MadeCall {
  const { streaming, timeoutMs, priority, tenant, pauseMs, stopsAfter, forgets } = manner;
  const number = calls.length;
  const controller = new AbortController();
  const options = { signal: controller.signal, priority, tags: { [NUMBER]: `${number}`, tenant }, ...(timeoutMs !== undefined && { timeoutMs }) };
  const request = { model, messages: [{ role: 'user', content: 'hi' }] } as const;
  const stream = streaming ? gateway.stream(request, options) : undefined;
  const made: MadeCall = {
    number,
    streaming,
    model,
    timeoutMs: timeoutMs ?? defaultTimeoutMs,
    startedAt: clock.now,
    givenUp: undefined,
    suspendedMs: 0,
    outcome: undefined,
    settledAt: undefined,
    error: undefined,
    report: undefined,
    text: '',
    responseText: undefined,
    strange: [],
    callId: undefined,
    deadline: undefined,
    decisions: [],
    outcomes: [],
    abort() {
      made.givenUp ??= { at: clock.now, how: 'abort' };
      controller.abort();
    },
    cancel() {
      if (stream === undefined) return made.abort();
      made.givenUp ??= { at: clock.now, how: 'cancel' };
      void stream.cancel();
    },
    listeners: () => getEventListeners(controller.signal, 'abort').length,
  };

  calls.push(made);

  function settled(outcome: string): void {
    if (made.outcome !== undefined) made.strange.push(`it ended twice: ${made.outcome}, then ${outcome}`);
    made.outcome = outcome;
    made.settledAt = clock.now;
  }

  function failed(error: unknown): void {
    if (!isGatewayError(error)) {
      made.strange.push(`it failed with ${String(error)}`);
      return settled('foreign');
    }
    made.error = error;
    made.report = error.report;
    settled(error.code);
  }

  async function whole(): Promise<void> {
    try {
      const response = await gateway.chat(request, options);
      made.report = response.gateway;
      made.text = made.responseText = response.text;
      settled('ok');
    } catch (error) {
      failed(error);
    }
  }

  async function read(iterator: AsyncIterator<StreamEvent>): Promise<void> {
    for (let events = 0; ; events++) {
      if (events >= stopsAfter) {
        if (forgets) return settled('forgotten');
        made.givenUp ??= { at: clock.now, how: 'leave' };
        await iterator.return?.();
        return settled('left');
      }
      if (events > 0 && pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      try {
        const { done, value } = await iterator.next();
        if (done === true) return made.report === undefined ? settled('silence') : settled('ok');
        if (made.report !== undefined) made.strange.push(`${value.type} came after the end`);
        if (value.type === 'text-delta') made.text += value.text;
        if (value.type !== 'end') continue;
        made.report = value.response.gateway;
        made.responseText = value.response.text;
      } catch (error) {
        if (made.report !== undefined) made.strange.push('it failed after its end');
        const again = await iterator.next().then(() => undefined, (second: unknown) => second);
        if (again !== error) made.strange.push('a second read after the failure did not fail in the same way');
        return failed(error);
      }
    }
  }

  void (stream === undefined ? whole() : read(stream[Symbol.asyncIterator]()));
  return made;
}
