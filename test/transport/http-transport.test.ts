import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CancelledError } from '../../src/errors.js';
import { httpTransport, type HttpTransportOptions } from '../../src/transport/http-transport.js';
import type { Transport } from '../../src/transport/transport.js';
import { bodyOf, failureOf, httpServer, onRequests, rawServer, scriptedServer, until, wireRequest } from './servers.js';

const ok = (body: string, more = ''): string => `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n${more}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const OPEN = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n';

function transportOf(options: HttpTransportOptions = {}): Transport {
  const transport = httpTransport(options);
  onTestFinished(() => transport.close());
  return transport;
}

describe('an exchange', () => {
  it('carries method, path, query, headers and body as they are, and asks for no compression', async () => {
    const seen: string[] = [];
    const server = await rawServer((socket) => onRequests(socket, (request) => {
      seen.push(request);
      socket.write(ok('{}'));
    }));
    const answer = await transportOf().send(wireRequest(`${server.origin}/v1/chat?x=1%2F2`, { headers: { authorization: 'Bearer k', 'content-type': 'application/json' }, body: '{"text":"grüß ✔"}' }));
    await bodyOf(answer);
    const [request] = seen;
    expect(request).toMatch(/^POST \/v1\/chat\?x=1%2F2 HTTP\/1\.1\r\n/);
    expect(request).toContain('\r\nauthorization: Bearer k\r\n');
    expect(request).toContain('\r\naccept-encoding: identity\r\n');
    expect(request).toContain('\r\n\r\n{"text":"grüß ✔"}');
  });

  it('gives status and lower-case headers, with repeated ones joined', async () => {
    const server = await scriptedServer('HTTP/1.1 429 Too Many\r\nRetry-After: 3\r\nX-Many: a\r\nx-many: b\r\n__proto__: evil\r\ncontent-length: 2\r\n\r\nno');
    const answer = await transportOf().send(wireRequest(server.origin));
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBe('3');
    expect(answer.headers['x-many']).toBe('a, b');
    expect(Object.getPrototypeOf(answer.headers)).toBe(Object.prototype);
    expect(await bodyOf(answer)).toBe('no');
  });

  it('skips informational answers', async () => {
    const server = await scriptedServer(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${ok('real')}`);
    const answer = await transportOf().send(wireRequest(server.origin));
    expect([answer.status, await bodyOf(answer)]).toEqual([200, 'real']);
  });

  it('says once that the request has been sent, and not before it is connected', async () => {
    const server = await scriptedServer(ok('x'));
    let sent = 0;
    await bodyOf(await transportOf().send(wireRequest(server.origin, { sent: () => sent++ })));
    expect(sent).toBe(1);
    let refusedSent = 0;
    await failureOf(transportOf(), wireRequest('http://127.0.0.1:1', { sent: () => refusedSent++ }));
    expect(refusedSent).toBe(0);
  });

  it('keeps a body that nobody reads yet, and makes the sender wait once it is large', async () => {
    let written = 0;
    const server = await rawServer((socket) => onRequests(socket, () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n');
      const block = Buffer.alloc(100_000, 'a');
      const more = (): void => {
        while (written < 100_000_000) {
          written += block.length;
          if (!socket.write(block)) return;
        }
      };
      socket.on('drain', more);
      more();
    }));
    const answer = await transportOf().send(wireRequest(server.origin));
    await sleep(300);
    expect(written).toBeLessThan(20_000_000); // what fits into the buffers of the two sockets
    let size = 0;
    await new Promise<void>((end, fail) => answer.read({ chunk: (bytes) => void (size += bytes.length), end, fail }));
    expect(size).toBe(100_000_000);
  });

  it('stops and goes on as the reader says', async () => {
    const server = await httpServer((_request, response) => {
      let left = 200;
      const timer = setInterval(() => {
        if (left-- > 0) response.write('x'.repeat(1000));
        else {
          clearInterval(timer);
          response.end();
        }
      }, 1);
    });
    const answer = await transportOf().send(wireRequest(server.origin));
    let size = 0;
    let ended = false;
    answer.read({ chunk: (bytes) => void (size += bytes.length), end: () => void (ended = true), fail: () => {} });
    answer.pause();
    await sleep(50);
    const whilePaused = size;
    await sleep(300);
    expect(size - whilePaused).toBe(0);
    answer.resume();
    await until(() => ended);
    expect(size).toBe(200_000);
  });

  it.each([['gzip', gzipSync], ['deflate', deflateSync], ['br', brotliCompressSync]] as const)('undoes %s that nobody asked for', async (encoding, compress) => {
    const text = 'rate limited '.repeat(20_000);
    const server = await httpServer((_request, response) => response.writeHead(429, { 'content-encoding': encoding }).end(compress(text)));
    const answer = await transportOf().send(wireRequest(server.origin));
    expect(answer.status).toBe(429);
    expect(await bodyOf(answer)).toBe(text);
  });

  it('refuses a compression it does not know', async () => {
    const server = await httpServer((_request, response) => response.writeHead(200, { 'content-encoding': 'compress' }).write('x'));
    expect(await failureOf(transportOf(), wireRequest(server.origin))).toMatchObject({ code: 'invalid_response', status: 200 });
    expect(await server.allClosed()).toBeLessThan(250);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %i, and says so', async (status) => {
    const elsewhere: string[] = [];
    const other = await httpServer((request, response) => {
      elsewhere.push(request.url ?? '');
      response.end();
    });
    const server = await httpServer((_request, response) => response.writeHead(status, { location: other.origin }).end());
    expect(await failureOf(transportOf(), wireRequest(server.origin))).toMatchObject({ code: 'invalid_response', retryable: false, certainty: 'refused', status });
    expect(elsewhere).toEqual([]);
  });

  it.each(['not a url', 'ftp://127.0.0.1/x'])('refuses the URL %s without printing it', async (url) => {
    const error = await failureOf(transportOf(), wireRequest(url));
    expect(error).toMatchObject({ name: 'RejectedError', code: 'invalid_request' });
    expect(String(error)).not.toContain(url);
  });
});

describe('connections', () => {
  it('are used again', async () => {
    const server = await scriptedServer(ok('x'));
    const transport = transportOf();
    for (let turn = 0; turn < 5; turn++) await bodyOf(await transport.send(wireRequest(server.origin)));
    expect(server.sockets).toHaveLength(1);
  });

  it('are one for each exchange at the same time, and no more', async () => {
    const server = await httpServer((_request, response) => void setTimeout(() => response.end('x'), 30));
    const transport = transportOf();
    for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 8 }, async () => bodyOf(await transport.send(wireRequest(server.origin)))));
    expect(server.sockets).toHaveLength(8);
  });

  it('that the server closed between two calls are replaced without a failure', async () => {
    const server = await rawServer((socket) => onRequests(socket, () => {
      socket.write(ok('x'));
      setTimeout(() => socket.destroy(), 20);
    }));
    const transport = transportOf();
    for (let turn = 0; turn < 5; turn++) {
      expect(await failureOf(transport, wireRequest(server.origin))).toBe('answered 200: x');
      await sleep(60);
    }
    expect(server.sockets).toHaveLength(5);
  });

  it('that the server closes with its answer are replaced without a failure', async () => {
    const server = await rawServer((socket) => onRequests(socket, () => socket.end(ok('x', 'connection: close\r\n'))));
    const transport = transportOf();
    for (let turn = 0; turn < 5; turn++) expect(await failureOf(transport, wireRequest(server.origin))).toBe('answered 200: x');
  });

  it('are closed when idle for longer than keepAliveMs', async () => {
    const server = await scriptedServer(ok('x'));
    await bodyOf(await transportOf({ keepAliveMs: 50 }).send(wireRequest(server.origin)));
    expect(await server.allClosed()).toBeLessThan(500);
  });

  it('are closed by close(), after which nothing is sent', async () => {
    const server = await scriptedServer(ok('x'));
    const transport = httpTransport();
    await bodyOf(await transport.send(wireRequest(server.origin)));
    await transport.close();
    await transport.close();
    expect(await server.allClosed()).toBeLessThan(250);
    expect(await failureOf(transport, wireRequest(server.origin))).toMatchObject({ code: 'closed' });
  });

  it('that are in use finish their answer after close()', async () => {
    const server = await httpServer((_request, response) => {
      response.write('one ');
      setTimeout(() => response.end('two'), 50);
    });
    const transport = httpTransport();
    const answer = await transport.send(wireRequest(server.origin));
    await transport.close();
    expect(await bodyOf(answer)).toBe('one two');
    expect(await server.allClosed()).toBeLessThan(250);
  });
});

describe('an abort', () => {
  const reason = new CancelledError('cancelled', 'enough');

  it('before anything was sent sends nothing', async () => {
    const server = await scriptedServer(ok('x'));
    expect(await failureOf(transportOf(), wireRequest(server.origin, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(server.sockets).toHaveLength(0);
  });

  it('while connecting closes the socket', async () => {
    const server = await rawServer((socket) => socket.resume()); // takes the connection and never shakes hands
    const controller = new AbortController();
    const failure = failureOf(transportOf(), wireRequest(server.origin.replace('http:', 'https:'), { signal: controller.signal }));
    await until(() => server.sockets.length === 1);
    controller.abort(reason);
    expect(await failure).toBe(reason);
    expect(await server.allClosed()).toBeLessThan(250);
  });

  it('while waiting for the answer closes the socket', async () => {
    const server = await rawServer((socket) => socket.resume());
    const controller = new AbortController();
    const failure = failureOf(transportOf(), wireRequest(server.origin, { signal: controller.signal, sent: () => setTimeout(() => controller.abort(reason), 20) }));
    expect(await failure).toBe(reason);
    expect(await server.allClosed()).toBeLessThan(250);
  });

  it('in the middle of the body closes the socket', async () => {
    const server = await scriptedServer(OPEN);
    const controller = new AbortController();
    const answer = await transportOf().send(wireRequest(server.origin, { signal: controller.signal }));
    const body = bodyOf(answer);
    await sleep(20);
    controller.abort(reason);
    await expect(body).rejects.toBe(reason);
    expect(await server.allClosed()).toBeLessThan(250);
  });

  it('before anybody reads the body closes the socket, and the reader is told', async () => {
    const server = await scriptedServer(OPEN);
    const controller = new AbortController();
    const answer = await transportOf().send(wireRequest(server.origin, { signal: controller.signal }));
    controller.abort(reason);
    expect(await server.allClosed()).toBeLessThan(250);
    await expect(bodyOf(answer)).rejects.toBe(reason);
  });

  it('after the end changes nothing, and leaves the connection for others', async () => {
    const server = await scriptedServer(ok('x'));
    const transport = transportOf();
    const controller = new AbortController();
    const answer = await transport.send(wireRequest(server.origin, { signal: controller.signal }));
    expect(await bodyOf(answer)).toBe('x');
    controller.abort(reason);
    answer.cancel();
    await bodyOf(await transport.send(wireRequest(server.origin)));
    expect(server.sockets).toHaveLength(1);
  });
});

describe('cancel', () => {
  it('closes the socket at once, read or not, and may be repeated', async () => {
    const server = await scriptedServer(OPEN);
    const transport = transportOf();
    const unread = await transport.send(wireRequest(server.origin));
    const read = await transport.send(wireRequest(server.origin));
    const seen: string[] = [];
    read.read({ chunk: () => void seen.push('chunk'), end: () => void seen.push('end'), fail: () => void seen.push('fail') });
    for (const answer of [unread, read, unread, read]) answer.cancel();
    expect(await server.allClosed()).toBeLessThan(250);
    expect(seen).toEqual(['chunk']);
  });

  it('from inside a chunk is safe, and nothing comes after it', async () => {
    const server = await scriptedServer(`${OPEN}3\r\ntwo\r\n0\r\n\r\n`);
    const transport = transportOf();
    const answer = await transport.send(wireRequest(server.origin));
    let chunks = 0;
    const after: string[] = [];
    answer.read({
      chunk() {
        chunks++;
        answer.cancel();
      },
      end: () => void after.push('end'),
      fail: () => void after.push('fail'),
    });
    await sleep(50);
    expect([chunks, after]).toEqual([1, []]);
    const next = await transport.send(wireRequest(server.origin));
    expect(await bodyOf(next)).toBe('onetwo');
  });
});

describe('the signal', () => {
  it.each([
    ['a whole answer', ok('x')],
    ['an answer cut short', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx'],
    ['nothing', ''],
  ])('has no listener left after %s', async (_what, answer) => {
    const server = await rawServer((socket) => onRequests(socket, () => void (answer.includes(': 1\r\n') ? socket.write(answer) : socket.end(answer))));
    const { signal } = new AbortController();
    const transport = transportOf();
    for (let turn = 0; turn < 3; turn++) await failureOf(transport, wireRequest(server.origin, { signal }));
    await failureOf(transport, wireRequest('http://127.0.0.1:1', { signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('has one listener while the body is open, and none after cancel', async () => {
    const server = await scriptedServer(OPEN);
    const { signal } = new AbortController();
    const answer = await transportOf().send(wireRequest(server.origin, { signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    answer.cancel();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('the options', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5' as unknown as number])('refuse %s as a time', (connectTimeoutMs) => {
    expect(() => httpTransport({ connectTimeoutMs })).toThrow(/connectTimeoutMs/);
    expect(() => httpTransport({ keepAliveMs: connectTimeoutMs })).toThrow(/keepAliveMs/);
  });
});
