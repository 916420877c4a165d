import { CancelledError } from '../errors.js';
import type { ChatDelta } from '../types/stream.js';
import type { Call } from './call.js';
import type { Next } from './interceptor.js';
import { layerOfAny, type Ending, type Outcome, type Reply } from './reply.js';
import { toGatewayError } from './wrap-error.js';

/**
 * Both phases, one callback, exactly once: failed to open, ended, threw, reader left, aborted with nobody reading. Inner
 * observers are told first. The end or the error goes on when the returned promise has settled, and a rejection replaces
 * it: return one only for work the caller must wait for (a durable ledger), give the rest to `call.background`. After a
 * cancellation nobody waits: the promise goes into the background. Costs nothing per chunk, unless `delta` is given: that
 * sees every delta of a stream as the reader gets it, and must not throw.
 */
export async function observe(call: Call, next: Next, settled: (outcome: Outcome) => void | Promise<void>, delta?: (delta: ChatDelta) => void): Promise<Reply> {
  const startedAt = performance.now();
  let reply: Reply;
  try {
    reply = await next(call);
  } catch (cause) {
    const error = toGatewayError(cause);
    const durationMs = performance.now() - startedAt;
    if (error instanceof CancelledError) {
      const waiting = settled({ status: 'cancelled', error, durationMs });
      if (waiting !== undefined) call.background(waiting);
    } else {
      await settled({ status: 'error', error, durationMs });
    }
    throw error;
  }
  // The reply opens with its first content, so this moment is the time to it.
  const timeToFirstContentMs = performance.now() - startedAt;
  const layer = layerOfAny(reply);
  if (delta !== undefined) layer.tap((event) => void (event.type !== 'end' && delta(event)));
  layer.watch((ending) => settled(outcomeOf(ending, call, reply, startedAt, timeToFirstContentMs)));
  return reply;
}

function outcomeOf(ending: Ending, call: Call, reply: Reply, startedAt: number, timeToFirstContentMs: number): Outcome {
  const clock = {
    durationMs: performance.now() - startedAt,
    ...(call.streaming && { timeToFirstContentMs }),
    ...(reply.facts !== undefined && { facts: reply.facts }),
  };
  if (ending.status === 'ok') return { ...clock, status: 'ok', response: ending.response };
  const partial = ending.partial === undefined ? undefined : { partial: ending.partial };
  if (ending.error instanceof CancelledError) return { ...clock, status: 'cancelled', error: ending.error, ...partial };
  return { ...clock, status: 'error', error: ending.error, ...partial };
}
