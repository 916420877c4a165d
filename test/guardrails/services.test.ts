import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { guardrails } from 'headgate';
import { httpService, moderation } from 'headgate/guardrails';
import { afterEach, describe, expect, it } from 'vitest';
import { answering, ask, failure, gatewayOf } from '../support/adapters.js';

interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A service on a real socket that answers every request with `answer`, or never. */
async function service(answer: unknown, status = 200): Promise<{ readonly url: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    asked.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(body) });
    if (answer === 'hang') return;
    response.writeHead(status, { 'content-type': 'application/json', location: 'http://127.0.0.1:1/' }).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const KEY = 'sk-canary-0001';

describe('moderation()', () => {
  it('blocks what the service flags, naming the categories', async () => {
    const { url, asked } = await service({ results: [{ flagged: true, categories: { violence: true, hate: false }, category_scores: { violence: 0.9, hate: 0.1 } }] });
    const rule = moderation({ apiKey: KEY, baseUrl: url });
    const error = await failure(gatewayOf(answering('Fine.'), [guardrails({ rules: [rule] })]).chat(ask));
    expect(error).toMatchObject({ code: 'guardrail_blocked', message: "the input was blocked by the guardrail 'moderation': moderation: violence" });
    expect(asked).toMatchObject([{ path: '/moderations', headers: { authorization: `Bearer ${KEY}` }, body: { model: 'omni-moderation-latest', input: ['hi'] } }]);
  });

  it('goes by thresholds of your own', async () => {
    const { url } = await service({ results: [{ flagged: true, categories: { violence: true }, category_scores: { violence: 0.4 } }] });
    const gateway = (violence: number) => gatewayOf(answering('Fine.'), [guardrails({ rules: [moderation({ apiKey: KEY, baseUrl: url, thresholds: { violence } })] })]);
    await expect(gateway(0.5).chat(ask)).resolves.toMatchObject({ text: 'Fine.' });
    expect(await failure(gateway(0.3).chat(ask))).toMatchObject({ code: 'guardrail_blocked' });
  });

  it.each([
    ['an error', { error: KEY }, 500],
    ['a redirect', {}, 307],
    ['no JSON', `not JSON ${KEY}`, 200],
    ['no verdict', {}, 200],
    ['too much', 'x'.repeat(2_000_000), 200],
  ])('blocks when the service gives %s, and lets pass when it is told to; the key is nowhere', async (_name, answer, status) => {
    const { url } = await service(answer, status);
    const rule = moderation({ apiKey: KEY, baseUrl: url });
    const error = await failure(gatewayOf(answering('Fine.'), [guardrails({ rules: [rule] })]).chat(ask));
    expect(error).toMatchObject({ code: 'guardrail_blocked', message: expect.stringContaining('its check failed') });
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain(KEY);
    const open = await gatewayOf(answering('Fine.'), [guardrails({ rules: [{ ...rule, onError: 'open' }] })]).chat(ask);
    expect(open.gateway?.decisions).toContainEqual(expect.objectContaining({ what: 'guardrail', verdict: 'flag', reason: 'its check failed' }));
  });

  it('gives up on a service that does not answer, and closes the socket', async () => {
    const { url } = await service('hang');
    const startedAt = performance.now();
    const error = await failure(gatewayOf(answering('Fine.'), [guardrails({ rules: [moderation({ apiKey: KEY, baseUrl: url, timeoutMs: 50 })] })]).chat(ask));
    expect(error).toMatchObject({ code: 'guardrail_blocked', message: expect.stringContaining('longer than 50 ms') });
    expect(performance.now() - startedAt).toBeLessThan(2000);
    await expect.poll(() => new Promise<number>((resolve) => void servers[0]?.getConnections((_error, count) => resolve(count)))).toBe(0);
  });

  it('ends with the call that is aborted while it asks', async () => {
    const { url } = await service('hang');
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const error = await failure(gatewayOf(answering('Fine.'), [guardrails({ rules: [moderation({ apiKey: KEY, baseUrl: url })] })]).chat(ask, { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'cancelled' });
  });
});

describe('httpService()', () => {
  it('sends stage, texts, tools and tags, and blocks what it finds', async () => {
    const { url, asked } = await service({ found: true, reason: 'house rules' });
    const rule = httpService({ url, headers: { 'x-team': 'a' } });
    expect(await failure(gatewayOf(answering('Fine.'), [guardrails({ rules: [rule] })]).chat(ask, { tags: { tenant: 't1' } }))).toMatchObject({ code: 'guardrail_blocked', message: expect.stringContaining('house rules') });
    expect(asked[0]).toMatchObject({ headers: { 'x-team': 'a' }, body: { stage: 'input', texts: ['hi'], tools: [], tags: { tenant: 't1' } } });
  });

  it('rewrites an answer by what the service gives', async () => {
    const { url } = await service({ found: true, texts: ['Rewritten.'] });
    const rule = httpService({ url, stage: 'output', action: 'rewrite' });
    for (const streamed of [false, true]) {
      const gateway = gatewayOf(answering('Fine.'), [guardrails({ rules: [rule] })]);
      expect((streamed ? await gateway.stream(ask).response() : await gateway.chat(ask)).text).toBe('Rewritten.');
    }
  });

  it.each([
    ['http://example.com/check', 'wanted https'],
    ['https://user:pass@example.com/', 'without user and password'],
    ['nowhere', 'wanted an https address'],
  ])('refuses to send prompts to %s', (url, why) => {
    expect(() => httpService({ url })).toThrow(why);
    expect(() => httpService({ url: 'https://example.com', headers: { 'x-key': `${KEY}\r\nx: y` } })).toThrow('headers.x-key');
  });
});
