import type { Call } from '../core/call.js';
import type { Outcome } from '../core/reply.js';
import { reportOf } from '../core/report.js';
import { targetName } from '../core/trace.js';
import type { Json, JsonObject } from '../types/json.js';
import type { Decision } from '../types/report.js';
import { plainJson } from './plain-json.js';
import { plainText } from './plain-text.js';

/** What a log says of something: a few words, and the fields. No content. */
export interface Line {
  readonly message: string;
  readonly fields: JsonObject;
}

/** A call that has ended. `tags`: those that may be logged. */
export function callLine(call: Call, outcome: Outcome, tags: readonly string[]): Line {
  const report = reportOf(call.trace, Date.now());
  const response = outcome.status === 'ok' ? outcome.response : outcome.partial;
  const how = outcome.status === 'ok' ? 'ok' : outcome.error.code;
  const who = plainText(report.served === undefined ? call.trace.requested : targetName(report.served));
  const chosen = tags.flatMap((tag) => (Object.hasOwn(call.tags, tag) ? [[tag, call.tags[tag]] as const] : []));
  return {
    message: `${call.operation} ${who} ${how} in ${Math.round(outcome.durationMs)} ms`,
    fields: withoutUndefined({
      callId: call.id,
      operation: call.operation,
      streaming: call.streaming,
      requested: plainText(call.trace.requested),
      served: report.served === undefined ? undefined : who,
      outcome: how,
      error: outcome.status === 'ok' ? undefined : plainText(outcome.error.message, 500),
      durationMs: rounded(outcome.durationMs),
      timeToFirstContentMs: outcome.timeToFirstContentMs === undefined ? undefined : rounded(outcome.timeToFirstContentMs),
      attempts: report.attempts.length,
      cache: report.cache === 'none' ? undefined : report.cache,
      finishReason: outcome.status === 'ok' && response !== undefined && 'finishReason' in response ? response.finishReason : undefined,
      inputTokens: response?.usage.inputTokens,
      outputTokens: response?.usage.outputTokens,
      estimated: response?.usage.estimated === true ? true : undefined,
      costUsd: report.cost.totalUsd,
      savedUsd: report.cost.savedUsd === 0 ? undefined : report.cost.savedUsd,
      tags: chosen.length === 0 ? undefined : plainJson(Object.fromEntries(chosen)),
    }),
  };
}

/** A decision of a call under way. What an interceptor of somebody's put into a fact of its own is left out: nobody knows what it is. */
export function decisionLine(callId: string, decision: Decision): Line {
  const { at: _at, what, by, ...rest } = decision;
  const { data: _data, ...told } = { data: undefined, ...rest };
  const about = decision.target === undefined ? '' : ` ${plainText(decision.target)}`;
  return { message: `${plainText(by)}: ${what}${about}`, fields: { callId, decision: what, by: plainText(by), ...(plainJson(told) as JsonObject) } }; // it was given an object
}

function withoutUndefined(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
