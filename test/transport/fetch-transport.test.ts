import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CancelledError, RejectedError } from '../../src/errors.js';
import { answerOf, fetchTransport } from '../../src/transport/fetch-transport.js';
import { readEvents } from '../../src/transport/event-stream.js';
import { readText } from '../../src/transport/read-text.js';
import { bodyOf, failureOf, httpServer, onRequests, rawServer, until, wireRequest } from './servers.js';

const reason = new CancelledError('cancelled', 'enough');
const limits = { maxEventBytes: 1000, maxBodyBytes: 1000 };
const respond = (make: (request: Request) => Response | Promise<Response>): typeof fetch => async (...parameters) => make(new Request(...parameters));

/** A body that says what was asked of it. */
function watchedBody(...chunks: readonly string[]): { readonly stream: ReadableStream<Uint8Array>; readonly seen: string[] } {
  const seen: string[] = [];
  let next = 0;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      seen.push('pull');
      const chunk = chunks[next++];
      if (chunk === undefined) await new Promise(() => {}); // open for ever
      controller.enqueue(new TextEncoder().encode(chunk));
    },
    cancel: () => void seen.push('cancel'),
  }, { highWaterMark: 0 });
  return { stream, seen };
}

describe('an exchange over fetch', () => {
  it('carries method, headers and body, and gives status, headers and body', async () => {
    const transport = fetchTransport(respond(async (request) => {
      expect([request.method, request.url, request.headers.get('authorization'), request.redirect]).toEqual(['POST', 'https://acme.test/v1/chat?x=1', 'Bearer k', 'manual']);
      return new Response(`got ${await request.text()}`, { status: 429, headers: [['X-Many', 'a'], ['x-many', 'b'], ['set-cookie', 'c=1'], ['set-cookie', 'd=2']] });
    }));
    let sent = 0;
    const answer = await transport.send(wireRequest('https://acme.test/v1/chat?x=1', { headers: { authorization: 'Bearer k' }, body: 'grüß', sent: () => sent++ }));
    expect(answer.status).toBe(429);
    expect(answer.headers).toMatchObject({ 'x-many': 'a, b', 'set-cookie': 'c=1, d=2' });
    expect(await bodyOf(answer)).toBe('got grüß');
    expect(sent).toBe(1);
  });

  it('reads an answer without a body as an empty one', async () => {
    expect(await failureOf(fetchTransport(respond(() => new Response(null, { status: 204 }))), wireRequest('https://acme.test'))).toBe('answered 204: ');
  });

  it.each([
    ['as a status', respond(() => new Response(null, { status: 307, headers: { location: 'https://evil.test' } }))],
    ['as browsers do', respond(() => Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' }))],
  ])('does not follow a redirect that is told %s', async (_how, stub) => {
    expect(await failureOf(fetchTransport(stub), wireRequest('https://acme.test'))).toMatchObject({ code: 'invalid_response', retryable: false });
  });

  it('does not follow a redirect of a real server', async () => {
    const server = await httpServer((_request, response) => response.writeHead(307, { location: '/elsewhere' }).end());
    expect(await failureOf(fetchTransport(fetch), wireRequest(server.origin))).toMatchObject({ code: 'invalid_response', status: 307 });
    expect(server.sockets).toHaveLength(1);
  });

  it('lets a GatewayError of its fetch through', async () => {
    const refusal = new RejectedError('policy_denied', 'not here');
    expect(await failureOf(fetchTransport(() => Promise.reject(refusal)), wireRequest('https://acme.test'))).toBe(refusal);
  });

  it('refuses a body that is not bytes', async () => {
    const stub = { status: 200, headers: new Headers(), body: new ReadableStream({ start: (controller) => controller.enqueue('text') }) } as unknown as Response;
    expect(await failureOf(fetchTransport(async () => stub), wireRequest('https://acme.test'))).toMatchObject({ code: 'invalid_response' });
  });

  it('sends nothing after close()', async () => {
    const transport = fetchTransport(() => expect.unreachable());
    await transport.close();
    expect(await failureOf(transport, wireRequest('https://acme.test'))).toMatchObject({ code: 'closed' });
  });

  it('pulls no further while paused', async () => {
    const { stream, seen } = watchedBody('1', '2', '3', '4', '5');
    const answer = answerOf(new Response(stream));
    let text = '';
    answer.read({
      chunk(bytes) {
        text += new TextDecoder().decode(bytes);
        if (text === '12') answer.pause();
      },
      end() {},
      fail() {},
    });
    await sleep(20);
    expect([text, seen.length]).toEqual(['12', 2]);
    answer.resume();
    await until(() => text === '12345');
    expect(text).toBe('12345');
  });
});

describe('an abort over fetch', () => {
  it('before anything was sent calls nobody', async () => {
    expect(await failureOf(fetchTransport(() => expect.unreachable()), wireRequest('https://acme.test', { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it('does not wait for a fetch that ignores its signal, and closes the answer that comes too late', async () => {
    const { stream, seen } = watchedBody('1');
    const { promise: late, resolve } = Promise.withResolvers<Response>();
    const controller = new AbortController();
    const failure = failureOf(fetchTransport(() => late), wireRequest('https://acme.test', { signal: controller.signal }));
    controller.abort(reason);
    expect(await failure).toBe(reason);
    resolve(new Response(stream));
    await until(() => seen.includes('cancel'));
    expect(seen).toContain('cancel');
  });

  it('does not wait for a body that never comes, and cancels it', async () => {
    const { stream, seen } = watchedBody();
    const controller = new AbortController();
    const answer = await fetchTransport(async () => new Response(stream)).send(wireRequest('https://acme.test', { signal: controller.signal }));
    const body = bodyOf(answer);
    await sleep(5);
    controller.abort(reason);
    await expect(body).rejects.toBe(reason);
    expect(seen).toEqual(['pull', 'cancel']);
  });

  it('that lands after the last byte and before it is read still settles the read', async () => {
    const server = await httpServer((_request, response) => response.end('data: 1\n\n'));
    for (let turn = 0; turn < 50; turn++) {
      const controller = new AbortController();
      const { signal } = controller;
      const answer = await fetchTransport(fetch).send(wireRequest(server.origin, { signal }));
      const stream = readEvents(answer, { push: ({ data }) => [data], end: () => [] }, { provider: 'acme', limits, signal });
      if (turn % 2 === 0) await sleep(2); // everything has arrived
      controller.abort(reason);
      await expect(stream.next()).rejects.toBe(reason);
    }
  });

  it.each(['waiting for the head', 'in the body', 'in an unread body'])('closes the socket while %s', async (moment) => {
    const server = await rawServer((socket) => onRequests(socket, () => void (moment === 'waiting for the head' || socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n'))));
    const controller = new AbortController();
    const sending = fetchTransport(fetch).send(wireRequest(server.origin, { signal: controller.signal }));
    const failure = moment === 'in an unread body' ? sending.then(() => reason) : sending.then(bodyOf).catch((error: unknown) => error);
    await sleep(50);
    controller.abort(reason);
    expect(await failure).toBe(reason);
    expect(await server.usedClosed()).toBeLessThan(250);
  });
});

describe('cancel over fetch', () => {
  it.each(['read', 'unread'])('closes the socket of an answer that is %s', async (state) => {
    const server = await httpServer((_request, response) => void response.write('one'));
    const answer = await fetchTransport(fetch).send(wireRequest(server.origin));
    const told: string[] = [];
    if (state === 'read') answer.read({ chunk: () => void told.push('chunk'), end: () => void told.push('end'), fail: () => void told.push('fail') });
    await sleep(20);
    answer.cancel();
    answer.cancel();
    expect(await server.usedClosed()).toBeLessThan(250);
    expect(told).toEqual(state === 'read' ? ['chunk'] : []);
  });

  it('is what a cap does', async () => {
    const { stream, seen } = watchedBody('x'.repeat(600), 'x'.repeat(600));
    await expect(readText(answerOf(new Response(stream)), limits, 'acme')).rejects.toMatchObject({ code: 'invalid_response' });
    expect(seen).toContain('cancel');
  });
});

describe('the signal over fetch', () => {
  it('has no listener left after the body, a failure, a redirect or a cancel', async () => {
    const { signal } = new AbortController();
    const request = wireRequest('https://acme.test', { signal });
    await failureOf(fetchTransport(async () => new Response('x')), request);
    await failureOf(fetchTransport(() => Promise.reject(new TypeError('fetch failed'))), request);
    await failureOf(fetchTransport(async () => new Response(null, { status: 302 })), request);
    const open = await fetchTransport(async () => new Response(watchedBody().stream)).send(request);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    open.cancel();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('is never given to fetch itself, which may keep it', async () => {
    const { signal } = new AbortController();
    const given: unknown[] = [];
    await failureOf(fetchTransport(async (_url, options) => {
      given.push(options?.signal);
      return new Response('x');
    }), wireRequest('https://acme.test', { signal }));
    expect(given).toHaveLength(1);
    expect(given[0]).not.toBe(signal);
  });
});

describe('answerOf', () => {
  it('reads the response of a vendor client', async () => {
    expect(await readText(answerOf(new Response('hello', { headers: { 'x-a': '1' } })), limits, 'acme')).toBe('hello');
  });

  it('fails on a response that somebody else is reading', async () => {
    const response = new Response('hello');
    response.body?.getReader();
    await expect(readText(answerOf(response, { provider: 'acme' }), limits, 'acme')).rejects.toMatchObject({ code: 'invalid_response', message: expect.stringContaining('acme') });
  });

  it('fails with the reason of a signal that had fired before', async () => {
    const { stream, seen } = watchedBody('1');
    await expect(bodyOf(answerOf(new Response(stream), { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(seen).toContain('cancel');
  });
});
