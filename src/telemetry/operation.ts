import api, { SpanKind, SpanStatusCode, type Attributes, type Context, type SpanContext } from '@opentelemetry/api';
import type { Call } from '../core/call.js';
import type { Next } from '../core/interceptor.js';
import type { Outcome } from '../core/reply.js';
import { targetName } from '../core/trace.js';
import { plainText, shortened } from '../observing/plain-text.js';
import type { ChatDelta } from '../types/stream.js';
import { createAttemptSpans } from './attempt-spans.js';
import { known, mayAsk, operationOf, requestAttributes, responseAttributes, serviceTier, tagAttributes, targetAttributes } from './attributes.js';
import { createChunkClock } from './chunk-clock.js';
import { measureOperation } from './client-metrics.js';
import { contentOf, type Content } from './content.js';
import { emitDetails, emitException } from './events.js';
import { measureFact } from './fact-metrics.js';
import type { Settings } from './settings.js';
import type { Signals } from './signals.js';
import { createTally, type Tally } from './tally.js';
import type { MetricKey, Vocabulary } from './vocabulary.js';

/** One call as telemetry sees it, from its start to its one end. */
export interface Operation {
  /** `next`, with the call's span as the active one. */
  below(next: Next): Next;
  /** Of the attempt that began last, or of the call. */
  spanContext(): SpanContext | undefined;
  /** Sees every delta of a stream, if somebody measures. */
  readonly delta: ((delta: ChatDelta) => void) | undefined;
  settled(outcome: Outcome): void;
}

export function openOperation(call: Call, { tracer, instruments, logger }: Signals<MetricKey>, settings: Settings): Operation {
  const { vocabulary } = settings;
  const { attributes: names, own } = vocabulary;
  const operation = operationOf(call);
  const outside = api.context.active();
  const tally = createTally();
  const metricTags = tagAttributes(call, settings, true);
  // Sampling decides by what is there from the start.
  const asked: Attributes = {
    [names.operationName]: operation,
    ...targetAttributes(call, call.target, settings),
    ...requestAttributes(call, settings),
    [own.callId]: call.id,
    [own.requested]: plainText(call.trace.requested),
    ...tagAttributes(call, settings, false),
  };
  const span = tracer?.startSpan(`${operation} ${plainText(call.target.model)}`, { kind: SpanKind.CLIENT, attributes: asked }, outside);
  const inside: Context = span === undefined ? outside : api.trace.setSpan(outside, span);
  const attempts = tracer !== undefined && span?.isRecording() === true ? createAttemptSpans(tracer, inside, { [own.callId]: call.id }, vocabulary) : undefined;
  const clock = instruments !== undefined && call.streaming ? createChunkClock() : undefined;

  // For as long as there is a trace: an attempt that was abandoned ends, and costs, after its call.
  call.trace.subscribe((decision) => {
    tally.note(decision);
    attempts?.note(decision);
    if (instruments !== undefined) measureFact(decision, instruments, metricTags, settings);
  });
  instruments?.active(1, { [names.operationName]: operation });

  function settled(outcome: Outcome): void {
    const error = outcome.status === 'ok' ? undefined : outcome.error;
    const response = outcome.status === 'ok' ? outcome.response : outcome.partial;
    const kept = tally.hit?.from;
    const target = kept !== undefined && mayAsk(call, kept) ? kept : ((tally.hit === undefined ? (tally.served ?? tally.asked) : undefined) ?? call.target);
    const asking = targetAttributes(call, target, settings);
    const answered: Attributes = {
      ...asking,
      ...serviceTier(response, asking, settings),
      ...(response !== undefined && responseAttributes(call, response, { counted: tally.hit === undefined, whole: error === undefined }, settings)),
      ...known({
        [names.timeToFirstChunk]: tally.hit !== undefined || outcome.timeToFirstContentMs === undefined ? undefined : outcome.timeToFirstContentMs / 1000,
        [names.errorType]: error?.code,
      }),
    };
    const content = span?.isRecording() === true || settings.details ? contentOf(call, response, settings) : {};
    attempts?.close();
    if (span !== undefined) {
      if (target.model !== call.target.model) span.updateName(`${operation} ${plainText(target.model)}`);
      span.setAttributes({ ...answered, ...ownAttributes(tally, outcome, own), ...asText(content, names) });
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: shortened(error.message, 1000) });
      span.end();
    }
    if (instruments !== undefined) {
      instruments.active(-1, { [names.operationName]: operation });
      measureOperation({ call, outcome, target, tally, clock }, instruments, metricTags, settings);
    }
    if (logger === undefined) return;
    if (error !== undefined && error.code !== 'cancelled') emitException(logger, error, call.id, inside, vocabulary);
    if (settings.details && call.operation === 'chat') emitDetails(logger, { ...asked, ...answered }, content, inside, vocabulary);
  }

  return {
    below: (next) => (span === undefined ? next : (below) => api.context.with(inside, next, undefined, below)),
    spanContext: () => attempts?.current() ?? span?.spanContext(),
    delta: clock?.see,
    settled,
  };
}

function ownAttributes(tally: Tally, outcome: Outcome, own: Vocabulary['own']): Attributes {
  const { served, cache, hit, rejectedBy, costUsd } = tally;
  const refused = outcome.status === 'error' && outcome.error.code === rejectedBy?.code;
  const overheadMs = outcome.durationMs - tally.busyMs(performance.now());
  return {
    [own.attempts]: tally.attempts,
    ...known({
      [own.served]: served === undefined || hit !== undefined ? undefined : plainText(targetName(served)),
      [own.retries]: tally.retries || undefined,
      [own.fallbacks]: tally.fallbacks || undefined,
      [own.cacheResult]: cache?.result,
      [own.cacheKind]: cache?.kind,
      [own.costTotal]: costUsd === undefined || tally.unpriced ? undefined : Math.round(costUsd * 1e9) / 1e9,
      [own.costSaved]: hit?.savedUsd,
      [own.waited]: tally.waitMs === 0 ? undefined : tally.waitMs / 1000,
      [own.rejectedBy]: refused ? rejectedBy?.by : undefined,
      [own.guardrails]: tally.guardrails.length === 0 ? undefined : tally.guardrails,
      [own.redactions]: tally.redactions || undefined,
      [own.warnings]: tally.warnings || undefined,
      [own.overhead]: tally.waited ? undefined : Math.max(0, overheadMs * 1000),
    }),
  };
}

/** Spans take no structures in every SDK; the conventions ask for JSON then. */
function asText({ inputMessages, outputMessages, toolDefinitions, stopSequences }: Content, names: Vocabulary['attributes']): Attributes {
  return known({
    [names.inputMessages]: inputMessages === undefined ? undefined : JSON.stringify(inputMessages),
    [names.outputMessages]: outputMessages === undefined ? undefined : JSON.stringify(outputMessages),
    [names.toolDefinitions]: toolDefinitions === undefined ? undefined : JSON.stringify(toolDefinitions),
    [names.stopSequences]: stopSequences,
  });
}
