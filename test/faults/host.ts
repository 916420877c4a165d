import { fakeServer, type ServerReply } from 'headgate/testing';
import net, { type AddressInfo, type Socket } from 'node:net';
import tls from 'node:tls';
import { selfSigned } from '../transport/self-signed.js';
import { onRequests } from '../transport/servers.js';

/** What a server does, or where there is none. */
export type Fault =
  /** In the protocol it is asked in, as far as the fake server can say it. */
  | { readonly reply: ServerReply }
  /** With bytes of its own, once a whole request is there. */
  | { readonly onRequest: (socket: Socket) => void; readonly scheme?: 'http' | 'https'; readonly tls?: boolean }
  /** To a connection, before any request. */
  | { readonly onConnection: (socket: Socket) => void; readonly scheme?: 'http' | 'https'; readonly tls?: boolean }
  | { readonly origin: string };

/** One server of one cell. */
export interface Host {
  readonly origin: string;
  /** Requests that arrived whole. */
  asked(): number;
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}

export async function hostOf(fault: Fault): Promise<Host> {
  if ('origin' in fault) return { origin: fault.origin, asked: () => 0, open: () => 0, close: async () => {} };
  if (!('reply' in fault)) return rawHost(fault);
  const server = await fakeServer();
  server.always(fault.reply);
  return { origin: server.url, asked: () => server.calls.length, open: () => server.openSockets, close: () => server.close() };
}

async function rawHost(fault: Exclude<Fault, { readonly reply: ServerReply } | { readonly origin: string }>): Promise<Host> {
  const { scheme = 'http' } = fault;
  const sockets = new Set<Socket>();
  let asked = 0;

  function serve(socket: Socket): void {
    socket.on('error', () => {}); // the client may reset it: that is what many cells are about
    if ('onConnection' in fault) {
      // What does not read cannot count requests: each of these connections brings one, but for handshakes that fail.
      if (scheme === 'http') asked++;
      fault.onConnection(socket);
    } else onRequests(socket, () => {
      asked++;
      fault.onRequest(socket);
    });
  }

  const server = fault.tls === true ? tls.createServer(selfSigned(), serve) : net.createServer(serve);
  server.on('tlsClientError', () => {});
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A server that was there a moment ago. */
export async function closedOrigin(scheme = 'http'): Promise<string> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `${scheme}://127.0.0.1:${port}`;
}

/** Server-sent events as the whole body. */
export function sse(body: string, more: Partial<Extract<ServerReply, { readonly body: unknown }>> = {}): Fault {
  return { reply: { ...more, body, headers: { 'content-type': 'text/event-stream', ...more.headers } } };
}

/** A body in one piece. */
export function json(body: string, more: Partial<Extract<ServerReply, { readonly body: unknown }>> = {}): Fault {
  return { reply: { ...more, body, headers: { 'content-type': 'application/json', ...more.headers } } };
}

/** How a connection ends after its last byte. */
export type Ending = 'keep' | 'close' | 'reset';

/** Long enough for the other side to read what was written before the socket is reset under it. */
const FLUSH_MS = 20;

/** These bytes for every request. */
export function bytes(answer: string | Buffer, ending: Ending): Fault {
  return {
    onRequest(socket) {
      if (ending === 'close') socket.end(answer);
      else socket.write(answer);
      if (ending === 'reset') setTimeout(() => socket.resetAndDestroy(), FLUSH_MS);
    },
  };
}

/** The head of an answer. */
export function head(fields: Readonly<Record<string, string | number>>, statusLine = 'HTTP/1.1 200 OK'): string {
  return `${statusLine}\r\n${Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** One chunk of a chunked body; an empty text ends it. */
export function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}
