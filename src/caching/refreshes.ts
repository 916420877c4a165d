import { createOwnSignal, type OwnSignal } from '../core/abort.js';
import { abortAt, type Call } from '../core/call.js';
import { settle, type Reply, type ReplyOf } from '../core/reply.js';
import type { OperationName } from '../core/operation.js';
import { CancelledError } from '../errors.js';

/** Calls in the background that nobody waits for. */
export interface Refreshes {
  /** Sends a copy of `call` that neither its caller nor its deadline ends. */
  begin(call: Call, send: (copy: Call) => Promise<Reply>): void;
  /** Ends those under way. */
  cancel(): void;
}

/** What a refresh may take, in milliseconds: longer than any answer. One that hangs must not keep the next from being sent. */
const MAX_MS = 600_000;

export function createRefreshes(): Refreshes {
  const underWay = new Set<OwnSignal>();

  async function run(call: Call, send: (copy: Call) => Promise<Reply>): Promise<void> {
    const own = createOwnSignal();
    const undo = abortAt(own, Date.now() + MAX_MS);
    underWay.add(own);
    try {
      const reply = await send({ ...call, signal: own.signal, deadline: undefined });
      await settle(reply as ReplyOf<OperationName>); // the union is one of its members
    } finally {
      undo();
      underWay.delete(own);
    }
  }

  return {
    begin: (call, send) => call.background(run(call, send)),
    cancel() {
      for (const own of underWay) own.abort(new CancelledError('cancelled', 'the gateway was closed while an answer was made anew'));
    },
  };
}
