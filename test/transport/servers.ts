import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Transport, WireAnswer, WireRequest } from '../../src/transport/transport.js';

export interface RawServer {
  readonly origin: string;
  /** Every connection so far, in order. */
  readonly sockets: readonly Socket[];
  /** Resolves with the milliseconds it took until no connection was open. */
  allClosed(): Promise<number>;
  /** The same, for connections that carried anything: the fetch of Node 22 opens a fresh one after an abort. */
  usedClosed(): Promise<number>;
}

/** A loopback server that speaks bytes. Closed, with its connections, when the test ends. */
export function rawServer(onSocket: (socket: Socket, index: number) => void): Promise<RawServer> {
  return listen(net.createServer(), (socket, index) => {
    socket.on('error', () => {}); // the client may reset it: that is what many tests are about
    onSocket(socket, index);
  });
}

/** Answers each request that arrives whole with the next of these byte strings, the last one for all that follow. */
export function scriptedServer(...answers: readonly string[]): Promise<RawServer> {
  let next = 0;
  return rawServer((socket) => onRequests(socket, () => socket.write(answers[Math.min(next++, answers.length - 1)] ?? '', 'latin1')));
}

/** Calls back for every request on a socket, once its body is there; gives the request as text. */
export function onRequests(socket: Socket, act: (request: string) => void): void {
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1'); // a character for each byte, so that the length is right
    for (;;) {
      const head = text.indexOf('\r\n\r\n');
      const end = head + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (head === -1 || text.length < end) return;
      const request = text.slice(0, end);
      text = text.slice(end);
      act(Buffer.from(request, 'latin1').toString());
    }
  });
}

export function httpServer(handler: http.RequestListener, options: http.ServerOptions = {}): Promise<RawServer> {
  return listen(http.createServer({ keepAliveTimeout: 60_000, ...options }, handler), () => {});
}

export async function listen(server: net.Server, onSocket: (socket: Socket, index: number) => void, scheme = 'http'): Promise<RawServer> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    onSocket(socket, sockets.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    allClosed: () => closed(sockets, () => true),
    usedClosed: () => closed(sockets, (socket) => socket.bytesRead > 0),
  };
}

async function closed(sockets: readonly Socket[], counts: (socket: Socket) => boolean): Promise<number> {
  const start = performance.now();
  while (sockets.some((socket) => !socket.destroyed && counts(socket)) && performance.now() - start < 2000) await sleep(2);
  return performance.now() - start;
}

/** A request to send, with a signal that nothing fires. */
export function wireRequest(url: string, over: Partial<WireRequest> = {}): WireRequest {
  return { provider: 'acme', method: 'POST', url, headers: { 'content-type': 'application/json' }, body: '{"model":"m"}', signal: new AbortController().signal, sent() {}, ...over };
}

/** The whole body as text, with the error as it reaches a sink. */
export function bodyOf(answer: WireAnswer): Promise<string> {
  return new Promise((resolve, reject) => {
    const decoder = new TextDecoder();
    let text = '';
    answer.read({ chunk: (bytes) => void (text += decoder.decode(bytes, { stream: true })), end: () => resolve(text), fail: reject });
  });
}

/** Sends, reads the body, and gives what either of them rejected with. */
export async function failureOf(transport: Transport, request: WireRequest): Promise<unknown> {
  try {
    const answer = await transport.send(request);
    const text = await bodyOf(answer);
    return `answered ${answer.status}: ${text}`;
  } catch (error) {
    return error;
  }
}

/** Waits for something that another thread or process is about to do. */
export async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < 5_000; waited += 5) await sleep(5);
}
