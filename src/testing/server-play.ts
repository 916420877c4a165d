import type { ServerResponse } from 'node:http';
import { pause } from './pause.js';
import type { Plan } from './server-plan.js';

/** Long enough for the other side to read what was written before the socket is reset under it. */
const FLUSH_MS = 10;

/** Writes a plan to the wire. Rejects with the signal's reason when the client leaves first. */
export async function play(plan: Plan, response: ServerResponse, signal: AbortSignal | undefined, wrote: (bytes: number) => void): Promise<void> {
  const { socket } = response;
  if (plan.delayMs > 0) await pause(plan.delayMs, signal);
  signal?.throwIfAborted();
  if (plan.head === undefined) {
    socket?.resetAndDestroy();
    return;
  }
  response.writeHead(plan.head.status, plan.head.headers);
  if (plan.writes.length === 0) response.flushHeaders();
  for (let index = 0; index < plan.writes.length; index++) {
    if (index > 0) await (plan.chunkDelayMs > 0 ? pause(plan.chunkDelayMs, signal) : nextTurn());
    signal?.throwIfAborted();
    const bytes = plan.writes[index];
    if (bytes === undefined) continue;
    // The last write and the end go out as one packet: a good answer must not cost a packet more here than from a real server.
    const last = index === plan.writes.length - 1 && plan.ending === 'end';
    const flowing = last ? (response.end(bytes), true) : response.write(bytes);
    wrote(bytes.length);
    if (!flowing && !response.destroyed) await drained(response, signal);
  }
  switch (plan.ending) {
    case 'end':
      response.end();
      // `socket` is taken before the end, because the response lets go of it then.
      if (plan.dropSocket) response.once('finish', () => socket?.destroySoon());
      return;
    case 'hang':
      await pause(Infinity, signal);
      return;
    case 'close':
      await nextTurn(); // what was just written may still lie with the response, and from Node 26 on would be lost with it
      socket?.destroySoon();
      return;
    case 'reset':
      await pause(FLUSH_MS);
      socket?.resetAndDestroy();
      return;
    default:
      plan.ending satisfies never;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function drained(response: ServerResponse, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      response.off('drain', settle);
      response.off('close', settle);
      signal?.removeEventListener('abort', stop);
      resolve();
    };
    const stop = (): void => {
      settle();
      reject(signal?.reason);
    };
    response.on('drain', settle);
    response.on('close', settle);
    signal?.addEventListener('abort', stop);
  });
}
