import { ConfigError, formatReport, type ChatResponse, type GatewayOptions, type Interceptor, type ProviderCode } from 'headgate';
import { mockProvider, type MockProvider } from 'headgate/testing';
import { describe, expect, it } from 'vitest';
import { fallback } from '../../src/interceptors/fallback.js';
import { retry } from '../../src/interceptors/retry.js';
import { createGateway } from '../../src/gateway.js';
import { ask, failure } from '../support/adapters.js';

const smart = { ...ask, model: 'smart' };
const quick = { minDelayMs: 0, maxDelayMs: 0, random: () => 0 };

function setup(options: { readonly models?: GatewayOptions['models']; readonly interceptors?: readonly Interceptor[]; readonly credentials?: readonly string[] } = {}) {
  const a = mockProvider({ name: 'a', ...(options.credentials && { credentials: options.credentials }) });
  const b = mockProvider({ name: 'b' });
  const c = mockProvider({ name: 'c' });
  const gateway = createGateway({ providers: [a, b, c], models: options.models ?? { smart: ['a/m', 'b/m', 'c/m'] }, interceptors: options.interceptors ?? [fallback()] });
  return { a, b, c, gateway };
}

const tried = (response: ChatResponse): readonly string[] => (response.gateway?.attempts ?? []).map(({ target, kind, outcome }) => `${target.provider} ${kind} ${outcome}`);
const done = (...mocks: readonly MockProvider[]): void => mocks.forEach((mock) => mock.assertDone());

describe('fallback', () => {
  it.each<ProviderCode>(['server_error', 'network', 'connect_timeout', 'overloaded', 'invalid_response', 'first_content_timeout', 'attempt_timeout', 'provider_rate_limit', 'quota_exhausted', 'not_found', 'stream_interrupted'])(
    'goes to the next target after %s, unary and streamed',
    async (code) => {
      for (const streamed of [false, true]) {
        const { a, b, gateway } = setup();
        a.fail(code);
        b.reply('from b');
        const response = streamed ? await gateway.stream(smart).response() : await gateway.chat(smart);
        expect(tried(response)).toEqual([`a first ${code}`, 'b fallback ok']);
        expect(response.gateway?.served).toEqual({ provider: 'b', model: 'm' });
        expect(response.gateway?.decisions.find((decision) => decision.what === 'next-target')).toMatchObject({ target: 'a/m', to: 'b/m', code });
        done(a, b);
      }
    },
  );

  it.each<ProviderCode>(['invalid_request', 'context_length', 'content_filter', 'authentication'])('stops at %s', async (code) => {
    const { a, gateway } = setup();
    a.fail(code);
    expect(await failure(gateway.chat(smart))).toMatchObject({ code });
  });

  it('says of every target what it did when none could answer', async () => {
    const { a, b, c, gateway } = setup();
    a.fail('overloaded', { retryAfterMs: 900 });
    b.fail('quota_exhausted');
    c.fail('provider_rate_limit', { retryAfterMs: 400 });
    expect(await failure(gateway.chat(smart))).toMatchObject({
      code: 'exhausted', retryable: true, retryAfterMs: 400,
      errors: [{ code: 'overloaded' }, { code: 'quota_exhausted' }, { code: 'provider_rate_limit' }],
      message: 'no target could answer: a/m overloaded, b/m quota_exhausted, c/m provider_rate_limit',
    });
  });

  it('replaces nothing once content has come', async () => {
    const { a, b, gateway } = setup();
    a.reply({ text: ['half'], ending: 'cut' });
    expect(await failure(gateway.stream(smart).response())).toMatchObject({ code: 'stream_interrupted', partial: { text: 'half' } });
    expect(b.calls).toHaveLength(0);
  });

  it('takes paths of their own for prompts that are too long and for what a policy blocked', async () => {
    const models = { smart: { targets: ['a/m'], onContextLength: ['b/long'], onContentFilter: ['c/other'] } };
    const { a, b, c, gateway } = setup({ models });
    a.fail('context_length').fail('content_filter');
    b.reply('long');
    c.reply('other');
    expect((await gateway.chat(smart)).gateway?.served).toEqual({ provider: 'b', model: 'long' });
    expect((await gateway.chat(smart)).gateway?.served).toEqual({ provider: 'c', model: 'other' });
  });

  it('tries another key of the provider whose key was refused, and no one else unless asked to', async () => {
    const models = { smart: ['a/m', 'b/m'] };
    const { a, gateway } = setup({ models, credentials: ['main', 'spare'] });
    a.fail('authentication').reply('spare');
    const response = await gateway.chat(smart);
    expect(response.gateway?.served).toEqual({ provider: 'a', model: 'm', credential: 'spare' });
    a.fail('authentication').fail('permission');
    const error = await failure(gateway.chat(smart));
    expect(error).toMatchObject({ code: 'exhausted', report: { decisions: expect.arrayContaining([expect.objectContaining({ what: 'excluded', target: 'b/m' })]) } });

    const open = setup({ models, interceptors: [fallback({ onAuthentication: 'any' })] });
    open.a.fail('authentication');
    open.b.reply('from b');
    expect((await open.gateway.chat(smart)).text).toBe('from b');
  });

  it('asks other targets before another key of one that fails', async () => {
    const { a, b, gateway } = setup({ models: { smart: ['a/m', 'b/m'] }, credentials: ['main', 'spare'] });
    a.fail('server_error');
    b.reply('from b');
    expect((await gateway.chat(smart)).text).toBe('from b');
  });

  it('tries fallbacks of one call after its own model', async () => {
    const { a, c, gateway } = setup({ models: {} });
    a.fail('overloaded');
    c.reply('from c');
    expect((await gateway.chat({ ...ask, model: 'a/m' }, { fallbacks: ['c/m'] })).text).toBe('from c');
  });

  it('moves on from what a target cannot take when the call is strict', async () => {
    const { a, b, gateway } = setup();
    a.reply({ text: 'x', warnings: [{ kind: 'dropped', setting: 'seed', detail: 'no' }] });
    b.reply('from b');
    expect(tried(await gateway.chat(smart, { strict: true }))).toEqual(['a first unsupported', 'b fallback ok']);
  });

  it('shares one limit of attempts with retry: two at a target while another is left, and one kept for each', async () => {
    const { a, b, gateway } = setup({ models: { smart: ['a/m', 'b/m'] }, interceptors: [fallback(), retry(quick)] });
    a.always({ error: 'server_error' });
    b.always({ error: 'server_error' });
    const error = await failure(gateway.chat(smart));
    expect(error).toMatchObject({ report: { attempts: { length: 3 } } });
    expect([a.calls.length, b.calls.length]).toEqual([2, 1]);
  });

  it('tries each of many targets once', async () => {
    const { a, b, c, gateway } = setup({ interceptors: [fallback(), retry(quick)] });
    for (const mock of [a, b, c]) mock.always({ error: 'server_error' });
    await failure(gateway.chat(smart));
    expect([a.calls.length, b.calls.length, c.calls.length]).toEqual([1, 1, 1]);
  });

  it('knows how each target is doing', async () => {
    const { a, b, gateway } = setup();
    a.fail('overloaded');
    b.reply('x');
    await gateway.chat(smart);
    expect(gateway.health()).toMatchObject([
      { target: { provider: 'a', model: 'm' }, errorRate: 1 * 0.3, inFlight: 0, circuit: 'closed' },
      { target: { provider: 'b', model: 'm' }, errorRate: 0, latencyMs: expect.any(Number), inFlight: 0 },
    ]);
  });

  it('refuses a strategy that does not exist when the gateway is made', () => {
    expect(() => setup({ models: { smart: { targets: ['a/m'], strategy: 'best' } } })).toThrow(new ConfigError("models: there is no strategy 'best'; known: ordered, weighted, power-of-two"));
    expect(() => fallback({ onStreamInterrupted: 'retry' as never })).toThrow(ConfigError);
  });

  it('takes a strategy of one’s own', async () => {
    const { c, gateway } = setup({ models: { smart: { targets: ['a/m', 'c/m'], strategy: 'last' } }, interceptors: [fallback({ strategies: { last: (candidates) => candidates.toReversed() } })] });
    c.reply('from c');
    expect((await gateway.chat(smart)).text).toBe('from c');
  });

  it('tells its story in lines', async () => {
    const { a, b, gateway } = setup();
    a.fail('overloaded');
    b.reply('x');
    const report = (await gateway.chat(smart)).gateway;
    const story = formatReport(report as NonNullable<typeof report>).replaceAll(/\d+ ms/g, 'N ms').replaceAll(/ +\+/g, ' +').replace(/call [\w-]+/, 'call ID').replaceAll(/, request [\w-]+/g, '');
    expect(story.split('\n')).toEqual([
      'smart: served by b/m, 2 attempts, N ms (call ID)',
      ' +N ms  a/m is chosen (ordered)',
      ' +N ms  attempt 1 at a/m (first)',
      ' +N ms  attempt 1 failed with overloaded (refused) in N ms',
      ' +N ms  on to b/m, because of overloaded',
      ' +N ms  b/m is chosen (ordered)',
      ' +N ms  attempt 2 at b/m (fallback)',
      ' +N ms  attempt 2 answered in N ms',
    ]);
  });
});

describe('onStreamInterrupted: continue', () => {
  const continuing = { models: { smart: ['a/m', 'b/m'] }, interceptors: [fallback({ onStreamInterrupted: 'continue' })] };

  it('asks the next target to go on, as one answer without repetitions', async () => {
    const { a, b, gateway } = setup(continuing);
    a.reply({ text: ['The quick brown fox ', 'jumps over'], ending: 'cut' });
    b.reply({ text: ['jumps', ' over the', ' lazy dog.'] });
    const stream = gateway.stream(smart);
    let said = '';
    for await (const text of stream.text()) said += text;
    expect(said).toBe('The quick brown fox jumps over the lazy dog.');
    const response = await stream.response();
    expect(response.text).toBe(said);
    expect(tried(response)).toEqual(['a first stream_interrupted', 'b continue ok']);
    expect(b.calls[0]).toMatchObject({ request: { messages: [{ role: 'user' }, { role: 'assistant', content: 'The quick brown fox jumps over' }, { role: 'user' }] } });
  });

  it('prefills where the model goes on from an assistant message', async () => {
    const { a, b, gateway } = setup({ ...continuing, models: { smart: ['a/m', 'b/claude-sonnet-4-5'] } });
    a.reply({ text: ['Half '], ending: 'cut' });
    b.reply('an answer');
    await gateway.stream(smart).response();
    expect(b.calls[0]).toMatchObject({ request: { messages: [{ role: 'user' }, { role: 'assistant', content: 'Half' }] } });
  });

  it('never goes on once a tool call has begun', async () => {
    const { a, b, gateway } = setup(continuing);
    a.reply({ text: ['Let me look.'], toolCalls: [{ name: 'f', input: { a: 1 } }], ending: 'cut' });
    expect(await failure(gateway.stream(smart).response())).toMatchObject({ code: 'stream_interrupted' });
    expect(b.calls).toHaveLength(0);
  });

  it.each<ProviderCode>(['content_filter', 'invalid_request', 'authentication'])('does not go on elsewhere after %s', async (code) => {
    const { a, b, gateway } = setup(continuing);
    a.reply({ text: ['Half '], ending: { error: code } });
    expect(await failure(gateway.stream(smart).response())).toMatchObject({ code, partial: { text: 'Half ' } });
    expect(b.calls).toHaveLength(0);
  });

  it('is an error when nobody is left', async () => {
    const { a, b, gateway } = setup(continuing);
    a.reply({ text: ['one '], ending: 'cut' });
    b.reply({ text: ['two'], ending: 'cut' });
    expect(await failure(gateway.stream(smart).response())).toMatchObject({ code: 'stream_interrupted', partial: { text: 'one two' } });
  });
});
