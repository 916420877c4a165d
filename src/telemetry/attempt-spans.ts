import { SpanKind, SpanStatusCode, type Attributes, type Context, type Span, type SpanContext, type Tracer } from '@opentelemetry/api';
import { plainText } from '../observing/plain-text.js';
import type { AttemptReport, Decision } from '../types/report.js';
import { known } from './attributes.js';
import { isQueueWait } from './tally.js';
import type { Vocabulary } from './vocabulary.js';

/** A child span for each attempt of a call, from the decisions that tell of it. */
export interface AttemptSpans {
  note(decision: Decision): void;
  /** Of the attempt that began last. */
  current(): SpanContext | undefined;
  /** The call is over: what has ended is closed, and what ends later is closed as it ends. */
  close(): void;
}

interface AttemptSpan {
  readonly span: Span;
  readonly target: string | undefined;
  /** On the clock of `performance.now()`. */
  endedAt: number | undefined;
}

/**
 * What an attempt cost and what it did to its circuit is told after its end. So a span that has ended is held, with the time of
 * its end, until the next attempt begins or the call is over.
 */
export function createAttemptSpans(tracer: Tracer, parent: Context, common: Attributes, { attributes: names, own }: Vocabulary): AttemptSpans {
  const held = new Map<number, AttemptSpan>();
  const waits = new Map<string, number>();
  let current: SpanContext | undefined;
  let closed = false;

  function start(decision: Decision & { readonly what: 'attempt-start' }): void {
    release();
    const { target, index = 0 } = decision;
    const waitMs = target === undefined ? undefined : waits.get(target);
    const attributes = {
      ...common,
      [own.index]: index,
      [own.number]: decision.attempt,
      [own.kind]: decision.kind,
      ...known({ [own.target]: target === undefined ? undefined : plainText(target), [own.waited]: waitMs === undefined ? undefined : waitMs / 1000 }),
    };
    waits.clear();
    const span = tracer.startSpan(target === undefined ? 'attempt' : `attempt ${plainText(target)}`, { kind: SpanKind.INTERNAL, attributes }, parent);
    held.set(index, { span, target, endedAt: undefined });
    current = span.spanContext();
  }

  function end(attempt: AttemptSpan, report: AttemptReport): void {
    attempt.endedAt = performance.now();
    const { outcome } = report;
    attempt.span.setAttributes({
      [own.certainty]: report.certainty,
      ...known({
        [own.credential]: report.target.credential,
        [own.requestId]: report.requestId === undefined ? undefined : plainText(report.requestId),
        [own.timeToFirstContent]: report.timeToFirstContentMs === undefined ? undefined : report.timeToFirstContentMs / 1000,
        [own.attemptInputTokens]: report.usage?.inputTokens,
        [own.attemptOutputTokens]: report.usage?.outputTokens,
        [own.estimated]: report.usage?.estimated === true ? true : undefined,
        [names.errorType]: outcome === 'ok' ? undefined : outcome,
      }),
    });
    if (outcome !== 'ok') attempt.span.setStatus({ code: SpanStatusCode.ERROR });
    if (closed) queueMicrotask(release); // its cost is told in a moment
  }

  /** Closes the spans of attempts that are over. */
  function release(): void {
    for (const [index, { span, endedAt }] of held) {
      if (endedAt === undefined) continue;
      span.end(endedAt);
      held.delete(index);
    }
  }

  return {
    note(decision) {
      switch (decision.what) {
        case 'attempt-start':
          start(decision);
          return;
        case 'attempt-end': {
          const attempt = held.get(decision.report.index);
          if (attempt !== undefined) end(attempt, decision.report);
          return;
        }
        case 'cost':
          if (decision.index !== undefined && decision.usd !== undefined) held.get(decision.index)?.span.setAttribute(own.cost, decision.usd);
          return;
        case 'circuit':
          for (const { span, target } of held.values()) if (target === decision.target) span.setAttribute(own.circuit, decision.state);
          return;
        case 'waited':
          if (decision.target !== undefined && isQueueWait(decision)) waits.set(decision.target, (waits.get(decision.target) ?? 0) + decision.waitMs);
          return;
        default:
      }
    },
    current: () => current,
    close() {
      closed = true;
      release();
    },
  };
}
