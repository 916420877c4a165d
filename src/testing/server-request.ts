import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Json, JsonObject } from '../types/json.js';
import type { ScriptCall } from './script-call.js';
import { route, type FakeDialect, type Routed } from './wire/route.js';

/** One request, as it came over the wire. */
export interface FakeRequest extends ScriptCall {
  /** Undefined when the path belongs to no protocol. */
  readonly dialect: FakeDialect | undefined;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed when it is JSON, else the text. */
  readonly body: Json;
  /** When the client closed this request's socket, in milliseconds since the epoch. Stays open while the client keeps the socket, and when the server closed it first. */
  readonly closedByClient: Promise<number>;
  /** The client left before its answer had been written. */
  readonly aborted: boolean;
  /** The answer has been written, or will never be. */
  readonly ended: boolean;
  /** Bytes of the body handed to the socket so far. */
  readonly bytesWritten: number;
  /** Pieces of the body handed to the socket so far: events, unless the reply's `write` says otherwise. */
  readonly writes: number;
  /** Which connection it came on, counted from 1: equal numbers shared a socket. */
  readonly connection: number;
}

/** A socket, and who closed it. */
export interface Connection {
  readonly number: number;
  readonly socket: Socket;
  readonly closedByClient: Promise<number>;
}

export function connectionOf(socket: Socket, number: number): Connection {
  const closedByClient = new Promise<number>((resolve) => {
    const closed = (): void => {
      // What follows an end of our own is only the client's answer to it.
      if (!socket.writableEnded) resolve(Date.now());
    };
    // Before node:http's own listeners, which end our side in return.
    socket.prependOnceListener('end', closed);
    socket.prependOnceListener('error', closed);
  });
  return { number, socket, closedByClient };
}

/** A request on its way, with what changes. */
export interface RunningRequest {
  readonly request: FakeRequest;
  /** Undefined for a path that no protocol has. */
  readonly routed: Routed | undefined;
  /** The body when it is an object, else an empty one. */
  readonly body: JsonObject;
  wrote(bytes: number): void;
  end(aborted: boolean): void;
}

export function runningRequest(incoming: IncomingMessage, text: string, connection: Connection): RunningRequest {
  const path = incoming.url ?? '/';
  const parsed = parse(text);
  const body = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as JsonObject) : {};
  const routed = incoming.method === 'POST' ? route(path, body) : undefined;
  let bytesWritten = 0;
  let writes = 0;
  let aborted = false;
  let ended = false;
  return {
    routed,
    body,
    request: {
      dialect: routed?.dialect,
      operation: routed?.operation ?? 'chat',
      model: routed?.model ?? '',
      streaming: routed?.streaming ?? false,
      text: routed?.text ?? '',
      method: incoming.method ?? 'GET',
      path,
      headers: flat(incoming.headers),
      body: parsed,
      connection: connection.number,
      closedByClient: connection.closedByClient,
      get aborted() {
        return aborted;
      },
      get ended() {
        return ended;
      },
      get bytesWritten() {
        return bytesWritten;
      },
      get writes() {
        return writes;
      },
    },
    wrote(bytes) {
      bytesWritten += bytes;
      writes++;
    },
    end(left) {
      if (ended) return;
      aborted = left;
      ended = true;
    },
  };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text; // shown as it came
  }
}

function flat(headers: IncomingMessage['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}
