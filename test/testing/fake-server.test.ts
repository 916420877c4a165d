import { request as httpRequest, Agent, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { fakeServer, UnexpectedCallError, type FakeServer } from '../../src/testing/index.js';

const CHAT = { model: 'gpt', messages: [{ role: 'user', content: 'Hi' }] };
const STREAM = { ...CHAT, stream: true };

function post(server: FakeServer, body: unknown, path = '/v1/chat/completions', signal?: AbortSignal): Promise<Response> {
  return fetch(server.url + path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', authorization: 'Bearer k' }, ...(signal && { signal }) });
}

/** Until the head of the answer, over a socket of its own: after an abort the fetch of some versions of Node opens a spare one. */
function begin(server: FakeServer, body: unknown, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(`${server.url}/v1/chat/completions`, { method: 'POST', agent: false, signal }, (answer) => {
      answer.on('error', () => {}); // the abort
      resolve();
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}

/** Raw bytes as node:http hands them out, with how the answer ended. */
function raw(server: FakeServer, body: unknown, options: { readonly agent?: Agent; readonly path?: string } = {}): Promise<{ status: number; headers: IncomingMessage['headers']; chunks: Buffer[]; failure: string | undefined }> {
  return new Promise((resolve, reject) => {
    let fail: (error: Error & { code?: string }) => void = reject;
    const outgoing = httpRequest(server.url + (options.path ?? '/v1/chat/completions'), { method: 'POST', ...(options.agent && { agent: options.agent }) }, (answer) => {
      const chunks: Buffer[] = [];
      const done = (failure?: string): void => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, chunks, failure });
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => done());
      // node:http tells of a broken body twice: on the request and on the answer.
      fail = (error) => done(error.code ?? error.message);
      answer.on('error', fail);
    });
    outgoing.on('error', (error) => fail(error));
    outgoing.end(JSON.stringify(body));
  });
}

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString();
const eventually = async (check: () => boolean): Promise<void> => {
  const end = performance.now() + 2000;
  while (!check()) {
    if (performance.now() > end) throw new Error('it never came to be');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

describe('fakeServer', () => {
  it('records method, path, lower-case headers and the parsed body', async () => {
    await using server = await fakeServer();
    server.reply('hello');
    await (await post(server, CHAT, '/any/prefix/v1/chat/completions?x=1')).text();
    expect(server.calls[0]).toMatchObject({ method: 'POST', path: '/any/prefix/v1/chat/completions?x=1', headers: { authorization: 'Bearer k' }, body: CHAT, dialect: 'openai-chat', model: 'gpt', streaming: false, text: 'Hi', aborted: false });
    server.assertDone();
  });

  it('answers a request that nothing fits with a 400 that says so, and fails assertDone', async () => {
    await using server = await fakeServer();
    server.on({ model: 'other' }).reply('x');
    const answer = await post(server, CHAT);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('calls with model \\"other\\": 1 more');
    expect(() => server.assertDone()).toThrow(UnexpectedCallError);
  });

  it('answers a path of no protocol with a 404 that says so', async () => {
    await using server = await fakeServer();
    const answer = await fetch(`${server.url}/v1/models`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('no protocol has GET /v1/models');
    expect(() => server.assertDone()).toThrow('no protocol has GET /v1/models');
  });

  it('says of a part that a protocol has no words for that it cannot be said', async () => {
    await using server = await fakeServer();
    server.reply({ content: [{ type: 'image', data: 'AAAA', mediaType: 'image/png' }] });
    expect(await (await post(server, CHAT)).text()).toContain('openai-chat answers hold no image parts');
  });

  it('reads the model of Azure deployments and of Google paths', async () => {
    await using server = await fakeServer();
    server.always('x');
    await (await post(server, { messages: [] }, '/openai/deployments/my%20gpt/chat/completions?api-version=1')).text();
    await (await post(server, { contents: [{ parts: [{ text: 'a' }, { text: 'b' }] }] }, '/v1beta/models/gemini-3:generateContent')).text();
    expect(server.calls).toMatchObject([{ model: 'my gpt' }, { model: 'gemini-3', text: 'ab' }]);
  });

  it('streams Google answers as a JSON array when the query does not ask for events', async () => {
    await using server = await fakeServer();
    server.reply('one two').reply({ text: ['a'], ending: { error: 'overloaded' } });
    const whole = (await (await post(server, {}, '/v1beta/models/g:streamGenerateContent')).json()) as unknown[];
    expect(whole).toHaveLength(3);
    const failed = (await (await post(server, {}, '/v1beta/models/g:streamGenerateContent')).json()) as unknown[];
    expect(failed[1]).toMatchObject({ error: { code: 503, status: 'UNAVAILABLE' } });
  });

  it('sends a status, headers and a body of your own', async () => {
    await using server = await fakeServer();
    server.reply({ status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' }, { body: '<html>hello</html>' }, { body: 'data: x\n\n' }, { status: 418, body: { a: 1 } });
    expect(await raw(server, CHAT)).toMatchObject({ status: 307, headers: { location: 'http://127.0.0.1:1/' } });
    expect(await raw(server, CHAT)).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(await raw(server, CHAT)).toMatchObject({ headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
    const json = await raw(server, CHAT);
    expect([json.status, text(json.chunks)]).toEqual([418, '{"a":1}']);
  });

  it('writes one event at a time, or any number of bytes or events', async () => {
    await using server = await fakeServer();
    const reply = { text: ['a', 'b', 'c', 'd'], chunkDelayMs: 5 };
    server.reply(reply, { ...reply, write: { events: 3 } }, { ...reply, write: 'whole' }, { text: 'é', write: { bytes: 1 } });
    const each = await raw(server, STREAM);
    expect(each.chunks).toHaveLength(7);
    expect((await raw(server, STREAM)).chunks).toHaveLength(3);
    expect((await raw(server, STREAM)).chunks).toHaveLength(1);
    const bytewise = await raw(server, STREAM);
    expect(text(bytewise.chunks)).toContain('"content":"é"');
  });

  it('cuts an answer cleanly, without its terminal marker', async () => {
    await using server = await fakeServer();
    server.reply({ text: ['a'], ending: 'cut' }, { text: ['a'], ending: 'cut' });
    const streamed = await raw(server, STREAM);
    expect(streamed.failure).toBeUndefined();
    expect(text(streamed.chunks)).toContain('"content":"a"');
    expect(text(streamed.chunks)).not.toMatch(/DONE|finish_reason":"/);
    const whole = await raw(server, CHAT);
    expect(whole.failure).toBeUndefined();
    expect(() => JSON.parse(text(whole.chunks)) as unknown).toThrow(SyntaxError);
  });

  it('cuts an answer at any byte', async () => {
    await using server = await fakeServer();
    server.reply({ text: 'hello', endAfterBytes: 17 }, { text: 'hello', endAfterBytes: 17, ending: 'reset' }, { text: 'hello', endAfterBytes: 17, ending: 'close' });
    const cut = await raw(server, STREAM);
    expect([cut.failure, text(cut.chunks).length]).toEqual([undefined, 17]);
    for (let call = 0; call < 2; call++) {
      const lost = await raw(server, STREAM);
      expect([lost.failure, text(lost.chunks).length]).toEqual(['ECONNRESET', 17]);
    }
  });

  it('closes or resets the socket in the middle of an answer', async () => {
    await using server = await fakeServer();
    server.reply({ text: ['a'], ending: 'close' }, { text: ['a'], ending: 'reset' });
    for (let call = 0; call < 2; call++) {
      const answer = await raw(server, STREAM);
      expect(answer.failure).toBe('ECONNRESET');
      expect(text(answer.chunks)).toContain('"content":"a"');
    }
  });

  it('maps failures without an answer to what happens on a wire', async () => {
    await using server = await fakeServer();
    server.fail('network').fail('stream_interrupted').fail('invalid_response');
    await expect(raw(server, STREAM)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await raw(server, STREAM)).toMatchObject({ status: 200, chunks: [], failure: undefined });
    expect(text((await raw(server, STREAM)).chunks)).toContain('<!DOCTYPE html>');
  });

  it('stalls before its head, after it, or in the middle, until the client leaves', async () => {
    await using server = await fakeServer();
    server.fail('first_content_timeout').fail('idle_timeout').reply({ text: ['a'], ending: 'hang' });
    for (const expected of ['no head', 'no chunk', 'one chunk']) {
      const abort = new AbortController();
      const answer = begin(server, STREAM, abort.signal);
      const request = await server.nextCall();
      const seen = await Promise.race([answer.then(() => 'head'), new Promise((resolve) => setTimeout(resolve, 30, 'no head'))]);
      expect(seen).toBe(expected === 'no head' ? 'no head' : 'head');
      const left = Date.now();
      abort.abort();
      await answer.catch(() => undefined);
      expect((await request.closedByClient) - left).toBeLessThan(250);
      await eventually(() => request.ended);
      expect(request.aborted).toBe(true);
    }
    await eventually(() => server.openSockets === 0);
  });

  it('does not take its own closing for the client\'s', async () => {
    await using server = await fakeServer();
    server.reply({ text: ['a'], ending: 'close' }, { text: ['a'], ending: 'reset' }, { text: 'a', dropSocket: true });
    for (let call = 0; call < 3; call++) await raw(server, STREAM);
    await eventually(() => server.openSockets === 0);
    for (const request of server.calls) expect(await Promise.race([request.closedByClient, 'open'])).toBe('open');
  });

  it('notices a client that closes its socket between two requests', async () => {
    await using server = await fakeServer();
    server.reply('a');
    const agent = new Agent({ keepAlive: true });
    await raw(server, CHAT, { agent });
    agent.destroy();
    expect(await server.calls[0]?.closedByClient).toBeTypeOf('number');
    expect(server.calls[0]?.aborted).toBe(false);
  });

  it('goes on writing after an abort when it was told to ignore it', async () => {
    await using server = await fakeServer();
    server.reply({ text: ['a', 'b', 'c', 'd', 'e', 'f'], chunkDelayMs: 5, ignoreAbort: true });
    const abort = new AbortController();
    await post(server, STREAM, undefined, abort.signal);
    const request = await server.nextCall();
    const before = request.bytesWritten;
    abort.abort();
    await request.closedByClient;
    await eventually(() => request.ended);
    expect(request.aborted).toBe(true);
    expect(request.bytesWritten).toBeGreaterThan(before);
    expect(request.writes).toBeGreaterThan(1);
  });

  it('sends a malformed event between good ones, and an event of any size', async () => {
    await using server = await fakeServer();
    server.reply({ text: ['a'], ending: 'malformed' }, { text: ['a'], ending: { giantEvent: 1_000_000 } });
    expect(text((await raw(server, STREAM)).chunks)).toMatch(/data: \{"broken":"\n\n[\s\S]*\[DONE\]/);
    const events = text((await raw(server, STREAM)).chunks).split('\n\n');
    expect(Math.max(...events.map((event) => event.length))).toBe(1_000_000 - 2);
    expect(events.at(-2)).toBe('data: [DONE]');
  });

  it('leaves a stale socket behind when told to drop it', async () => {
    await using server = await fakeServer();
    server.reply({ text: 'a', dropSocket: true }).always('b');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = await raw(server, CHAT, { agent });
    expect(first.headers.connection).toBe('keep-alive');
    await eventually(() => server.openSockets === 0 && Object.keys(agent.freeSockets).length === 0);
    await raw(server, CHAT, { agent });
    expect(server.connections).toBe(2);
    agent.destroy();
  });

  it('keeps sockets alive and counts them', async () => {
    await using server = await fakeServer();
    server.always('a');
    const agent = new Agent({ keepAlive: true });
    await raw(server, CHAT, { agent });
    await raw(server, CHAT, { agent });
    expect([server.openSockets, server.connections]).toEqual([1, 1]);
    expect(server.calls.map((call) => call.connection)).toEqual([1, 1]);
    server.dropSockets('idle');
    await eventually(() => server.openSockets === 0);
    agent.destroy();
  });

  it('waits before its head and between its writes', async () => {
    await using server = await fakeServer();
    server.reply({ text: ['a', 'b'], delayMs: 20, chunkDelayMs: 10 });
    const start = performance.now();
    await raw(server, STREAM);
    expect(performance.now() - start).toBeGreaterThan(55);
  });

  it('listens on the port it was given, and says so when it cannot', async () => {
    await using server = await fakeServer();
    await expect(fakeServer({ port: server.port })).rejects.toThrow(`cannot listen on port ${server.port} (EADDRINUSE)`);
  });

  it('keeps no request and encodes a standing reply once when it does not record', async () => {
    await using server = await fakeServer({ record: false });
    server.always({ text: ['a', 'b'] });
    const [first, second] = [await raw(server, STREAM), await raw(server, STREAM)];
    expect(text(second.chunks)).toBe(text(first.chunks));
    expect(server.calls).toEqual([]);
    expect(text((await raw(server, CHAT)).chunks)).toContain('"content":"ab"');
  });

  it('answers many calls at once, each with its own', async () => {
    await using server = await fakeServer();
    server.always((request) => `echo ${request.text}`);
    const answers = await Promise.all(Array.from({ length: 50 }, async (_, index) => (await post(server, { model: 'm', messages: [{ role: 'user', content: `n${index}` }] })).text()));
    answers.forEach((answer, index) => expect(answer).toContain(`echo n${index}"`));
  });

  it('closes every socket, twice without harm', async () => {
    const server = await fakeServer();
    server.reply({ text: ['a'], ending: 'hang' });
    const answer = await post(server, STREAM);
    await server.close();
    await server.close();
    await expect(answer.text()).rejects.toThrow('terminated');
    expect(server.openSockets).toBe(0);
  });
});
