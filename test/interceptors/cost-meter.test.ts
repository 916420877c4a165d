import { ConfigError, costMeter, createGateway, fallback, formatReport, retry, share, type Call, type CallReport, type Decision, type Interceptor, type Next, type PriceTable, type ProviderAdapter, type Reply } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { openaiCompatible } from 'headgate/providers/openai-compatible';
import { fakeServer, interceptorSuite, mockProvider } from 'headgate/testing';
import { describe, expect, it } from 'vitest';
import { estimateContent, estimateRequest } from '../../src/tokens/estimate-request.js';
import { ask, failure, gatewayOf } from '../support/adapters.js';

const model = { ...ask, model: 'mock/m' };
/** A dollar for a million tokens in, ten for a million out: 10 in and 5 out, what the mock says by default, cost 60 millionths of a dollar. */
const prices: PriceTable = { 'mock/*': { input: 1, output: 10 } };
/** What is counted where the provider does not say: the request, and the words that came. */
const asked = estimateRequest(ask, 'm').expected;
const words = (text: string): number => estimateContent([{ type: 'text', text }], 'm').expected;
const usd = (inputTokens: number, outputTokens: number): number => (inputTokens + 10 * outputTokens) / 1_000_000;
const quick = { minDelayMs: 0, maxDelayMs: 0, random: () => 0 };
const meter = (): Interceptor => costMeter({ prices });

function costs(report: CallReport | undefined): readonly unknown[] {
  return (report?.decisions ?? []).flatMap((decision) => (decision.what === 'cost' ? [[decision.index, decision.usd, decision.price]] : []));
}

function warnings(report: CallReport | undefined): readonly string[] {
  return (report?.decisions ?? []).flatMap((decision) => (decision.by === 'cost-meter' && decision.what === 'warning' ? [decision.warning.detail] : []));
}

describe('costMeter', () => {
  it('says what a call cost, and that of the attempt, by the catalogue', async () => {
    const mock = mockProvider({ name: 'openai' });
    mock.reply({ text: 'hi', usage: { inputTokens: 1000, outputTokens: 200, cacheReadTokens: 800 } });
    const { gateway: report } = await gatewayOf(mock, [costMeter()]).chat({ ...ask, model: 'openai/gpt-5' });
    expect(report?.cost).toEqual({ totalUsd: 0.00235, servedUsd: 0.00235, savedUsd: 0 });
    expect(costs(report)).toEqual([[1, 0.00235, 'exact']]);
    expect(report?.attempts).toMatchObject([{ costUsd: 0.00235 }]);
  });

  it('counts every attempt that may have been billed: the failed one, the retried one, the one elsewhere', async () => {
    const first = mockProvider({ name: 'mock' });
    const second = mockProvider({ name: 'other' });
    first.fail('network', { certainty: 'possibly_billed' }).fail('server_error', { certainty: 'possibly_billed' });
    second.reply('there');
    const gateway = createGateway({ providers: [first, second], models: { smart: ['mock/m', 'other/m'] }, interceptors: [fallback(), retry(quick), costMeter({ prices: { ...prices, 'other/m': { input: 2, output: 20 } } })] });
    const { gateway: report } = await gateway.chat({ ...ask, model: 'smart' });
    expect(report?.attempts.map(({ kind, outcome, costUsd, usage }) => [kind, outcome, costUsd, usage?.estimated])).toEqual([
      ['first', 'network', usd(asked, 0), true],
      ['retry', 'server_error', usd(asked, 0), true],
      ['fallback', 'ok', 0.000_12, undefined],
    ]);
    expect(report?.cost).toEqual({ totalUsd: usd(2 * asked + 120, 0), servedUsd: 0.000_12, savedUsd: 0 });
  });

  it('takes nothing for what was refused: the cost is zero, and known', async () => {
    const mock = mockProvider();
    mock.fail('provider_rate_limit', { retryAfterMs: 0 }).reply('there').fail('authentication').fail('network', { certainty: 'not_sent' });
    const gateway = gatewayOf(mock, [retry({ ...quick, maxAttempts: 2 }), meter()]);
    expect((await gateway.chat(model)).gateway?.cost.totalUsd).toBe(0.000_06);
    expect(await failure(gateway.chat(model))).toMatchObject({ code: 'authentication', report: { cost: { totalUsd: 0 } } });
    expect(await failure(gatewayOf(mock, [meter()]).chat(model))).toMatchObject({ code: 'network', report: { cost: { totalUsd: 0 } } });
  });

  it('has the whole cost in the report that comes with the end of a stream', async () => {
    const mock = mockProvider();
    mock.reply('one two three');
    for await (const event of gatewayOf(mock, [meter()]).stream(model)) {
      if (event.type === 'end') expect(event.response.gateway?.cost.totalUsd).toBe(0.000_06);
    }
    expect.assertions(1);
  });

  it('counts what had come of a stream that broke, that was aborted, or whose reader left', async () => {
    const mock = mockProvider();
    const seen: Decision[] = [];
    const gateway = gatewayOf(mock, [meter()], { onDecision: (decision) => seen.push(decision) });
    const cost = (): unknown => seen.splice(0).find((decision) => decision.what === 'cost');
    const came = words('abc def ');
    const partial = { by: 'cost-meter', index: 1, usd: usd(asked, came), usage: { inputTokens: asked, outputTokens: came, estimated: true }, price: 'override' };

    mock.reply({ text: ['abc ', 'def '], ending: 'cut' });
    expect(await failure(gateway.stream(model).response())).toMatchObject({ code: 'stream_interrupted', report: { cost: { totalUsd: usd(asked, came) } } });
    expect(cost()).toMatchObject(partial);

    mock.reply({ text: ['abc ', 'def '], ending: 'hang' });
    const controller = new AbortController();
    const stream = gateway.stream(model, { signal: controller.signal });
    let deltas = 0;
    const left = failure((async () => { for await (const event of stream) if (event.type === 'text-delta' && ++deltas === 2) controller.abort(); })()); // prettier-ignore
    expect(await left).toMatchObject({ code: 'cancelled', report: { cost: { totalUsd: usd(asked, came) } } });
    expect(cost()).toMatchObject(partial);

    mock.reply({ text: ['abc ', 'def '], ending: 'hang' });
    deltas = 0;
    for await (const event of gateway.stream(model)) if (event.type === 'text-delta' && ++deltas === 2) break;
    expect(cost()).toMatchObject(partial);
  });

  it('counts an attempt that ends when its call is long over', async () => {
    const mock = mockProvider();
    const gate = Promise.withResolvers<string>();
    mock.always(() => gate.promise);
    const seen: Decision[] = [];
    const impatient: Interceptor = { name: 'impatient', intercept: (call, next) => { void next(call); return Promise.reject(new ConfigError('I will not wait')); } }; // prettier-ignore
    await failure(gatewayOf(mock, [impatient, meter()], { onDecision: (decision) => seen.push(decision) }).chat(model));
    expect(seen.some(({ what }) => what === 'cost')).toBe(false);
    gate.resolve('late');
    await expect.poll(() => seen.filter(({ what }) => what === 'cost')).toMatchObject([{ usd: 0.000_06, index: 1 }]);
  });

  it('counts both parts of an answer that was continued elsewhere, each with its kind', async () => {
    const mock = mockProvider();
    mock.reply({ text: ['Half an '], ending: 'cut' }).reply('answer.');
    const gateway = createGateway({ providers: [mock], models: { long: ['mock/a', 'mock/b'] }, interceptors: [fallback({ onStreamInterrupted: 'continue' }), meter()] });
    const { gateway: report } = await gateway.stream({ ...ask, model: 'long' }).response();
    const first = usd(asked, words('Half an '));
    expect(report?.attempts.map(({ kind, costUsd }) => [kind, costUsd])).toEqual([['first', first], ['continue', 0.000_06]]); // prettier-ignore
    expect(report?.cost.totalUsd).toBeCloseTo(first + 0.000_06, 9);
    expect(report?.cost.servedUsd).toBe(0.000_06);
  });

  it('charges a shared answer once, to the call that asked for it', async () => {
    const mock = mockProvider();
    mock.reply({ text: 'both', delayMs: 5 });
    let shared: ((reader: Call) => Promise<Reply>) | undefined;
    const single: Interceptor = { name: 'single', intercept: (call: Call, next: Next) => (shared ??= share(call, next))(call) };
    const gateway = gatewayOf(mock, [single, meter()]);
    const [leader, joined] = await Promise.all([gateway.chat(model), gateway.chat(model)]);
    expect(leader.gateway?.cost.totalUsd).toBe(0.000_06);
    expect(costs(joined.gateway)).toEqual([]);
  });

  it('meters embeddings too', async () => {
    const mock = mockProvider();
    mock.reply({ embeddings: { dimensions: 2 }, usage: { inputTokens: 3, outputTokens: 0 } });
    expect((await gatewayOf(mock, [meter()]).embed({ model: 'mock/e', input: ['a'] })).gateway?.cost.totalUsd).toBe(0.000_003);
  });

  it('charges by the model that answered and by the service tier that the provider reports', async () => {
    const tiered: ProviderAdapter = {
      name: 'mock',
      chat: async () => ({ id: 'r', model: 'm-2026', content: [], finishReason: 'stop', usage: { inputTokens: 10, outputTokens: 5 }, serviceTier: 'flex' }),
    };
    const table: PriceTable = { 'mock/m': { input: 100, output: 100 }, 'mock/m-2026': { input: 1, output: 10, serviceTiers: { flex: 0.5 } } };
    expect((await gatewayOf(tiered, [costMeter({ prices: table })]).chat(model)).gateway?.cost.totalUsd).toBe(0.000_03);
  });

  it('takes the prices of the call before its own', async () => {
    const mock = mockProvider();
    mock.always('hi');
    const gateway = gatewayOf(mock, [meter()]);
    expect((await gateway.chat(model, { prices: { 'mock/m': { input: 2, output: 20 } } })).gateway?.cost.totalUsd).toBe(0.000_12);
    expect((await gateway.chat(model)).gateway?.cost.totalUsd).toBe(0.000_06);
  });
});

describe('a target without a price', () => {
  it('is asked, costs undefined and never zero, and is warned of once in a call', async () => {
    const mock = mockProvider();
    mock.fail('network', { certainty: 'possibly_billed' }).reply('there').reply('again');
    const gateway = gatewayOf(mock, [retry(quick), costMeter()]);
    const { gateway: report } = await gateway.chat(model);
    expect(report?.cost).toEqual({ totalUsd: undefined, servedUsd: undefined, savedUsd: 0 });
    expect(costs(report)).toEqual([[1, undefined, 'unknown'], [2, undefined, 'unknown']]); // prettier-ignore
    expect(warnings(report)).toEqual(['no price is known for mock/m, so its cost is not counted; give it one in costMeter({ prices })']);
    expect(warnings((await gateway.chat(model)).gateway)).toHaveLength(1);
  });

  it('makes the whole cost unknown, because a sum without it would be a lie', async () => {
    const mock = mockProvider();
    mock.fail('server_error', { certainty: 'possibly_billed' }).reply('there');
    const gateway = createGateway({ providers: [mock], models: { two: ['mock/a', 'mock/b'] }, interceptors: [fallback(), costMeter({ prices: { 'mock/b': { input: 1, output: 10 } } })] });
    expect((await gateway.chat({ ...ask, model: 'two' })).gateway?.cost).toEqual({ totalUsd: undefined, servedUsd: 0.000_06, savedUsd: 0 });
  });

  it('is not asked under reject: the call goes to its next target', async () => {
    const mock = mockProvider();
    mock.reply('from b');
    const gateway = createGateway({ providers: [mock], models: { two: ['mock/a', 'mock/b'] }, interceptors: [fallback(), retry(quick), costMeter({ unknownPrice: 'reject', prices: { 'mock/b': { input: 1, output: 10 } } })] });
    const { gateway: report } = await gateway.chat({ ...ask, model: 'two' });
    expect(mock.calls.map((call) => call.model)).toEqual(['b']);
    expect(report?.cost.totalUsd).toBe(0.000_06);
    expect(report?.decisions).toContainEqual(expect.objectContaining({ by: 'cost-meter', what: 'rejected', code: 'unknown_price', target: 'mock/a' }));
  });

  it('is refused under reject where there is no other, and passes with a price of the call', async () => {
    const mock = mockProvider();
    const gateway = gatewayOf(mock, [costMeter({ unknownPrice: 'reject' })]);
    expect(await failure(gateway.chat(model))).toMatchObject({ code: 'unknown_price', retryable: false, target: { provider: 'mock', model: 'm' }, report: { attempts: [], cost: { totalUsd: 0 } } });
    mock.reply('there');
    expect((await gateway.chat(model, { prices })).gateway?.cost.totalUsd).toBe(0.000_06);
  });

  it('is charged like what it is assumed to cost, and marked so', async () => {
    const mock = mockProvider();
    mock.reply('there');
    const { gateway: report } = await gatewayOf(mock, [costMeter({ unknownPrice: { assume: { input: 3, output: 6 } } })]).chat(model);
    expect(costs(report)).toEqual([[1, 0.000_06, 'assumed']]);
    expect(warnings(report)).toEqual([]);
  });
});

describe('usage that the provider does not say', () => {
  const compatible = (baseUrl: string) => gatewayOf(openaiCompatible({ name: 'mock', baseUrl }), [meter()]);

  it.each([['whole', false], ['streamed', true]] as const)('is counted and marked by an OpenAI-compatible server that never does: %s', async (_form, streams) => {
    await using server = await fakeServer();
    server.reply({ text: 'four words of text', usage: null });
    const gateway = compatible(server.baseUrls.openai);
    const response = await (streams ? gateway.stream(model).response() : gateway.chat(model));
    const said = words('four words of text');
    expect(response.usage).toEqual({ inputTokens: asked, outputTokens: said, estimated: true });
    expect(response.gateway?.attempts).toMatchObject([{ outcome: 'ok', usage: { estimated: true }, costUsd: usd(asked, said) }]);
    expect(formatReport(response.gateway as CallReport)).toContain(`attempt 1 cost ${usd(asked, said).toFixed(6)} USD (${asked} tokens in, ${said} out, estimated, own price)`);
    await gateway.close();
  });

  it('is taken from what a server said on the way, where the stream was cut', async () => {
    await using server = await fakeServer();
    const gateway = gatewayOf(anthropic({ apiKey: 'k', baseUrl: server.baseUrls.anthropic }), [costMeter({ prices: { 'anthropic/*': { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 } } })]);
    server.reply({ text: ['abcd', 'efgh'], usage: { inputTokens: 10_000, outputTokens: 900, cacheReadTokens: 9000, cacheWriteTokens: 500 }, ending: 'close' });
    const error = await failure(gateway.stream({ ...ask, model: 'anthropic/claude' }).response());
    // 500 tokens at 3, 9000 at 0.30, 500 at 3.75, and those that had come at 15 dollars a million.
    const came = estimateContent([{ type: 'text', text: 'abcdefgh' }], 'claude').expected;
    const totalUsd = (1500 + 2700 + 1875 + 15 * came) / 1_000_000;
    expect(error).toMatchObject({
      code: 'stream_interrupted',
      report: { cost: { totalUsd }, attempts: [{ usage: { inputTokens: 10_000, outputTokens: came, cacheReadTokens: 9000, cacheWriteTokens: 500, estimated: true }, costUsd: totalUsd }] },
    });
    await gateway.close();
  });
});

describe('the story of a call', () => {
  it('has the cost of each attempt and of the whole', async () => {
    const mock = mockProvider();
    mock.fail('network', { certainty: 'possibly_billed' }).reply('there');
    const { gateway: report } = await gatewayOf(mock, [retry(quick), meter()]).chat(model);
    const story = formatReport(report as CallReport);
    expect(story).toMatch(/^mock\/m: served by mock\/m, 2 attempts, \d+ ms, cost 0\.0000\d\d USD/);
    expect(story).toContain(`cost ${(usd(asked, 0) + 0.000_06).toFixed(6)} USD (call`);
    expect(story).toContain(`attempt 1 cost ${usd(asked, 0).toFixed(6)} USD (${asked} tokens in, 0 out, estimated, own price)`);
    expect(story).toContain('attempt 2 at mock/m (retry)');
    expect(story).toContain('attempt 2 cost 0.000060 USD (10 tokens in, 5 out, own price)');
  });

  it('says so when the cost is unknown, and prints no cost too small for a millionth as zero', async () => {
    const mock = mockProvider();
    mock.always('there');
    const story = async (interceptor: Interceptor): Promise<string> => formatReport((await gatewayOf(mock, [interceptor]).chat(model)).gateway as CallReport);
    expect(await story(costMeter())).toMatch(/ms, cost unknown \(call .*attempt 1 cost unknown \(10 tokens in, 5 out\)/s);
    expect(await story(costMeter({ prices: { 'mock/m': { input: 0.001, output: 0 } } }))).toContain('cost 0.000000010 USD');
  });
});

describe('the options of costMeter', () => {
  it.each([
    [{ unknownPrice: 'ignore' as never }, "unknownPrice: wanted 'warn', 'reject' or { assume: { input, output } }"],
    [{ unknownPrice: { assume: { input: -1, output: 1 } } }, 'unknownPrice.assume.input: wanted'],
    [{ prices: { 'mock/m': { input: Number.NaN, output: 1 } } }, "prices['mock/m'].input: wanted"],
    [{ prices: { m: 'openai/gpt-5' } }, "prices['m']: wanted a name such as"],
  ])('are refused when wrong: %j', (options, message) => {
    expect(() => costMeter(options)).toThrow(ConfigError);
    expect(() => costMeter(options)).toThrow(message);
  });
});

describe('costMeter as an interceptor', () => {
  for (const { name, run } of interceptorSuite({ create: () => costMeter() })) it(name, run);
});
