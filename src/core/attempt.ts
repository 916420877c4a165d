import { ProviderError, type GatewayError } from '../errors.js';
import type { AdapterContext, AnswerFacts, ProviderAdapter } from '../types/adapter.js';
import type { Warning } from '../types/chat.js';
import type { Certainty } from '../types/report.js';
import type { Usage } from '../types/usage.js';
import { createOwnSignal, follow } from './abort.js';
import { mayBeBilled } from './billing.js';
import type { Call } from './call.js';
import type { UsageCounter } from './estimate.js';
import type { LivenessRecord } from './liveness.js';
import { scopeOf } from './scope.js';

// Calling `sent` is optional. Of an adapter that does not promise it and was never seen to, we cannot know that nothing was sent.
const callsSent = new WeakSet<ProviderAdapter>();

/** One go at one target, from before the adapter is called to its last event: the context it works in, and its two entries in the trace. */
export interface Attempt {
  readonly context: AdapterContext;
  readonly facts: () => AnswerFacts | undefined;
  readonly warnings: readonly Warning[];
  readonly counter: UsageCounter;
  /** The first content has come. */
  content(): void;
  /** Whether somebody waits for its next event from now on. */
  waits(waiting: boolean): void;
  /** It is over. Only the first call counts; returns the attempt's certainty. */
  end(outcome: AttemptOutcome): Certainty;
  /** Aborts the adapter's signal, for a stream that ends before its call does. */
  abort(reason: unknown): void;
}

export interface AttemptOutcome {
  readonly error?: GatewayError | undefined;
  /** Reported or counted. Absent: nothing came that could be counted. */
  readonly usage?: Usage | undefined;
  /** As the provider names it. */
  readonly model?: string | undefined;
  readonly serviceTier?: string | undefined;
}

/** `streamed`: the adapter is asked for events. */
export function startAttempt(call: Call, adapter: ProviderAdapter, streamed: boolean, counter: UsageCounter): Attempt {
  const index = scopeOf(call).nextIndex();
  const about = { target: call.target, index };
  const startedAt = Date.now();
  const clock = performance.now();
  // A stream may end before its call does. What ends the wait for a whole answer is the adapter itself, or the call's signal.
  const own = streamed ? createOwnSignal() : undefined;
  const undoFollow = own === undefined ? undefined : follow(own, call.signal);
  const warnings: Warning[] = [];
  const liveness: LivenessRecord | undefined = call.liveness;
  let reached: Certainty = 'not_sent';
  let facts: AnswerFacts | undefined;
  let timeToFirstContentMs: number | undefined;
  let ended: Certainty | undefined;

  if (liveness !== undefined) Object.assign(liveness, { phase: 'opening', streamed, waiting: false, signAt: clock } satisfies LivenessRecord);
  call.trace.record('core', { what: 'attempt-start', kind: call.kind, attempt: call.attempt }, about);

  function warn(warning: Warning): void {
    if (call.strict && reached === 'not_sent') {
      throw new ProviderError('unsupported', `${call.target.provider} cannot take ${warning.setting} as asked: ${warning.detail}; change it, or leave out 'strict'`, {
        certainty: 'not_sent',
        target: call.target,
      });
    }
    warnings.push(warning);
    call.trace.record('core', { what: 'warning', warning }, about);
  }

  return {
    context: {
      model: call.target.model,
      credential: call.target.credential,
      signal: own?.signal ?? call.signal,
      callId: call.id,
      // A copy, taken now that the attempt has begun: a header may have to say which attempt it is.
      headers: { ...call.headers },
      patienceMs: liveness?.patienceMs,
      warn,
      sent() {
        callsSent.add(adapter);
        if (reached === 'not_sent') reached = 'possibly_billed';
      },
      answered(answer) {
        facts = answer;
        reached = 'started';
      },
      alive() {
        if (liveness !== undefined && ended === undefined) liveness.signAt = performance.now();
      },
    },
    facts: () => facts,
    warnings,
    counter,
    content() {
      timeToFirstContentMs ??= performance.now() - clock;
      reached = 'started';
      if (liveness !== undefined) liveness.phase = 'content';
    },
    waits(waiting) {
      if (liveness === undefined) return;
      liveness.waiting = waiting;
      if (waiting) liveness.signAt = performance.now();
    },
    end({ usage: counted, error, model, serviceTier }) {
      if (ended !== undefined) return ended;
      undoFollow?.();
      if (liveness !== undefined) liveness.phase = 'over';
      ended = certaintyOf(error);
      // What may have been billed is never without a count: the ledger needs one.
      const usage = counted ?? (mayBeBilled(ended) ? counter.count(call) : undefined);
      if (error === undefined && counted !== undefined) counter.learn(call, counted);
      const requestId = facts?.requestId ?? (error instanceof ProviderError ? error.requestId : undefined);
      call.trace.record(
        'core',
        {
          what: 'attempt-end',
          report: {
            index,
            target: call.target,
            attempt: call.attempt,
            kind: call.kind,
            outcome: error === undefined ? 'ok' : error.code,
            certainty: ended,
            startedAt,
            durationMs: performance.now() - clock,
            ...(timeToFirstContentMs !== undefined && { timeToFirstContentMs }),
            ...(requestId !== undefined && { requestId }),
            ...(model !== undefined && model !== call.target.model && { model }),
            ...(serviceTier !== undefined && { serviceTier }),
            ...(usage !== undefined && { usage }),
          },
        },
        about,
      );
      return ended;
    },
    abort: (reason) => own?.abort(reason),
  };

  function certaintyOf(error: GatewayError | undefined): Certainty {
    if (error === undefined) return 'started';
    // A ProviderError that ended it from above (a timeout) cannot know how far it had come.
    if (error instanceof ProviderError && timeToFirstContentMs === undefined && error !== call.signal.reason) return error.certainty;
    return reached === 'not_sent' && adapter.tellsSent !== true && !callsSent.has(adapter) ? 'possibly_billed' : reached;
  }
}
