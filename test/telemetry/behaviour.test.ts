import { context, propagation, trace } from '@opentelemetry/api';
import { ConfigError, createGateway, type Gateway, type Interceptor } from 'headgate';
import { telemetry, type TelemetryOptions } from 'headgate/telemetry';
import { interceptorSuite, mockProvider, type MockProvider } from 'headgate/testing';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../support/adapters.js';
import { startRecorder, type RecordedSpan } from './sdk.js';
import { asking, onlyTree, setUp, treesOf } from './setting.js';

// A gateway that was used before there was an SDK.
const early = setUp();
early.openai.always('there');
await early.gateway.chat(asking('openai/early'));

/** Makes the SDK throw as the span of this name ends. */
let brokenEnd: string | undefined;
/** Every change that was made to a span after it had ended. */
const late: string[] = [];
const ends = new Map<RecordedSpan, number>();
const recorder = startRecorder({
  sampler: {
    shouldSample(_context, _trace, name) {
      if (name.includes('broken-start')) throw new Error('no sampler today');
      return { decision: name.includes('unsampled') ? 0 : 2 };
    },
    toString: () => 'by name',
  },
});
beforeEach(() => {
  recorder.clear();
  late.length = 0;
});
afterAll(() => recorder.stop());

/** Watches a span for what would be written after its end: the SDK itself ignores that, quietly. */
function watchSpans(): void {
  for (const name of ['setAttribute', 'setAttributes', 'addEvent', 'setStatus', 'updateName', 'end'] as const) {
    const probe = trace.getTracer('probe').startSpan('probe');
    const prototype = Object.getPrototypeOf(probe) as Record<string, (...values: unknown[]) => unknown>;
    const real = prototype[name] as (...values: unknown[]) => unknown;
    prototype[name] = function (this: RecordedSpan, ...values: unknown[]): unknown {
      if (this.ended) late.push(`${name} of ${this.name}`);
      if (name === 'end' && this.name === brokenEnd) throw new Error('no processor today');
      if (name === 'end') ends.set(this, (ends.get(this) ?? 0) + 1);
      return real.apply(this, values);
    };
    probe.end();
  }
}
watchSpans();

describe('spans', () => {
  it('are children of the span that was active when the call was made, and parents of what is made below', async () => {
    const below: Interceptor = { name: 'below', intercept: (call, next) => (trace.getTracer('test').startSpan('below').end(), next(call)) };
    const { openai, gateway } = setUp({}, [below]);
    openai.reply('there');
    const tracer = trace.getTracer('test');
    await tracer.startActiveSpan('request', async (request) => {
      await gateway.chat(asking('openai/m'));
      request.end();
    });
    const [inner, request] = ['below', 'request'].map((name) => recorder.spans.find((span) => span.name === name));
    const call = recorder.spans.find(({ name }) => name === 'chat m');
    expect(call?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(inner?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
    expect(trace.getSpan(context.active())).toBeUndefined();
  });

  it('of a stream are children of the span that was active when it was made, not of whoever reads it', async () => {
    const { openai, gateway } = setUp();
    openai.reply('there');
    const tracer = trace.getTracer('test');
    const stream = tracer.startActiveSpan('maker', (maker) => (maker.end(), gateway.stream(asking('openai/m'))));
    await tracer.startActiveSpan('reader', async (reader) => {
      await stream.response();
      reader.end();
    });
    const maker = recorder.spans.find(({ name }) => name === 'maker');
    expect(onlyTree(recorder).call.parentSpanContext?.spanId).toBe(maker?.spanContext().spanId);
  });

  it('keep parents and children apart in 100 calls at once, streams and retries among them', async () => {
    const { openai, gateway } = setUp();
    const failed = new Set<string>();
    openai.always(({ text, callId }) => {
      if (Number(text) % 3 === 0 && !failed.has(callId)) {
        failed.add(callId);
        return { error: 'network', certainty: 'not_sent', delayMs: Number(text) % 7 };
      }
      return { text: [text, ' and', ' more'], chunkDelayMs: Number(text) % 2, delayMs: Number(text) % 5, id: `answer-${text}` };
    });
    const tracer = trace.getTracer('test');
    await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        tracer.startActiveSpan(`request ${at}`, async (request) => {
          if (at % 2 === 0) await gateway.chat(asking('openai/m', String(at)));
          else await gateway.stream(asking('openai/m', String(at))).response();
          request.end();
        }),
      ),
    );
    const requests = new Map(recorder.spans.filter(({ name }) => name.startsWith('request')).map((span) => [span.spanContext().spanId, span]));
    const trees = treesOf(recorder);
    expect(trees).toHaveLength(100);
    for (const { call, attempts } of trees) {
      const at = String(call.attributes['gen_ai.response.id']).slice('answer-'.length);
      expect(requests.get(call.parentSpanContext?.spanId ?? '')?.name).toBe(`request ${at}`);
      expect(attempts.map(({ attributes }) => [attributes['headgate.attempt.index'], attributes['error.type']])).toEqual(Number(at) % 3 === 0 ? [[1, 'network'], [2, undefined]] : [[1, undefined]]);
      expect(new Set(attempts.map(({ attributes }) => attributes['headgate.call.id']))).toEqual(new Set([call.attributes['headgate.call.id']]));
      expect(new Set([call, ...attempts].map((span) => span.spanContext().traceId)).size).toBe(1);
    }
  });

  const exits: readonly (readonly [string, (gateway: Gateway, mock: MockProvider) => Promise<unknown>])[] = [
    ['is read to its end', (gateway, mock) => (mock.reply({ text: ['a', 'b'] }), gateway.stream(asking('openai/m')).response())],
    ['is opened and cancelled unread', async (gateway, mock) => {
      mock.reply({ text: ['a', 'b'], ending: 'hang' });
      const stream = gateway.stream(asking('openai/m'));
      await stream.open();
      await stream.cancel();
    }],
    ['is left early', async (gateway, mock) => {
      mock.reply({ text: ['a', 'b'], ending: 'hang' });
      for await (const event of gateway.stream(asking('openai/m'))) if (event.type === 'text-delta') break;
    }],
    ['is cut', (gateway, mock) => (mock.reply({ text: ['a'], ending: 'cut' }), failure(gateway.stream(asking('openai/m')).response()))],
    ['fails before its content', (gateway, mock) => (mock.fail('permission'), failure(gateway.stream(asking('openai/m')).response()))],
    ['fails inside', (gateway, mock) => (mock.reply({ text: ['a'], ending: { error: 'overloaded' } }), failure(gateway.stream(asking('openai/m')).response()))],
    ['is aborted in the middle', async (gateway, mock) => {
      mock.reply({ text: ['a', 'b'], ending: 'hang' });
      const controller = new AbortController();
      const read = failure(gateway.stream(asking('openai/m'), { signal: controller.signal }).response());
      setTimeout(() => controller.abort(), 5);
      await read;
    }],
    ['is aborted before it opens', async (gateway, mock) => {
      mock.reply({ text: 'a', delayMs: Infinity, ignoreAbort: true });
      const stream = gateway.stream(asking('openai/m'));
      const opening = failure(stream.open());
      setTimeout(() => void stream.cancel(), 5);
      await opening;
    }],
    ['passes its deadline', (gateway, mock) => (mock.reply({ text: ['a', 'b'], ending: 'hang' }), failure(gateway.stream(asking('openai/m'), { timeoutMs: 10 }).response()))],
  ]; // prettier-ignore

  it.each(exits)('end exactly once when a stream %s, and take nothing afterwards', async (_how, exit) => {
    const { openai, gateway } = setUp();
    ends.clear();
    await exit(gateway, openai);
    await gateway.close();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(recorder.started).toHaveLength(recorder.spans.length);
    expect([...ends.values()]).toEqual(recorder.spans.map(() => 1));
    expect(recorder.spans.length).toBeGreaterThanOrEqual(2);
    expect(late).toEqual([]);
    expect((await recorder.points('headgate.call.active')).map(({ value }) => value)).toEqual([0]);
  });

  it('that are not sampled cost no attempt spans and no content, and metrics count all the same', async () => {
    const { openai, gateway } = setUp({ content: 'unredacted' });
    openai.reply('there');
    await gateway.chat(asking('openai/unsampled'));
    expect(recorder.spans).toEqual([]);
    expect((await recorder.points('gen_ai.client.operation.duration')).filter(({ attributes }) => attributes['gen_ai.request.model'] === 'unsampled')).toHaveLength(1);
  });
});

describe('a call', () => {
  it('is seen when the SDK was started after the gateway was made, and used', async () => {
    await early.gateway.chat(asking('openai/early'));
    expect(onlyTree(recorder).call.name).toBe('chat early');
    expect((await recorder.points('headgate.attempt.duration')).filter(({ attributes }) => attributes['headgate.target'] === 'openai/early')).toHaveLength(1);
  });

  it('goes on when the SDK throws as it starts, and as it ends', async () => {
    const { openai, gateway } = setUp();
    openai.always('there');
    expect((await gateway.chat(asking('openai/broken-start'))).text).toBe('there');
    expect(recorder.spans).toEqual([]);
    brokenEnd = 'chat broken-end';
    expect((await gateway.stream(asking('openai/broken-end')).response()).text).toBe('there');
    expect(recorder.spans.map(({ name }) => name)).toEqual(['attempt openai/broken-end']);
  });
});

describe('tags', () => {
  it('become attributes only by name, each with a bound on its values in metrics', async () => {
    const { openai, gateway } = setUp({ tags: ['team'], maxValues: 2 });
    openai.always('there');
    for (const team of ['red', 'blue', 'green', 'red']) await gateway.chat(asking('openai/tagged'), { tags: { team, user: 'ann' } });
    const points = (await recorder.points('headgate.attempt.duration')).filter(({ attributes }) => attributes['headgate.target'] === 'openai/tagged');
    expect(points.map(({ attributes, value }) => [attributes['headgate.tag.team'], (value as { count: number }).count])).toEqual([['red', 2], ['blue', 1], ['_OTHER', 1]]);
    expect(recorder.spans.filter(({ kind }) => kind === 2).map(({ attributes }) => attributes['headgate.tag.team'])).toEqual(['red', 'blue', 'green', 'red']);
    expect(await recorder.everything()).not.toContain('ann');
  });

  it('are bounded like models: what callers and providers name freely makes no more time series than that', async () => {
    const { openai, gateway } = setUp({ maxValues: 3 });
    openai.always(({ model }) => ({ text: 'x', model: `${model}-of-provider` }));
    for (let at = 0; at < 20; at++) await gateway.chat(asking(`openai/any-${at}\n`));
    const durations = (await recorder.points('gen_ai.client.operation.duration')).filter(({ attributes }) => String(attributes['gen_ai.request.model']).startsWith('any-') || attributes['gen_ai.request.model'] === '_OTHER');
    expect(durations.length).toBeLessThanOrEqual(4);
    expect(recorder.spans.find(({ kind }) => kind === 2)?.name).toBe('chat any-0\\u000a');
  });

  it('are filled from baggage where the caller gave none, by name, for all below', async () => {
    const seen: object[] = [];
    const below: Interceptor = { name: 'below', intercept: (call, next) => (seen.push(call.tags), next(call)) };
    const { openai, gateway } = setUp({ baggage: ['team', 'app'] }, [below]);
    openai.always('there');
    const baggage = propagation.createBaggage({ team: { value: 'red' }, app: { value: 'web' }, tenant: { value: 'stolen' } });
    await context.with(propagation.setBaggage(context.active(), baggage), () => gateway.chat(asking('openai/m'), { tags: { team: 'blue' } }));
    expect(seen).toEqual([{ team: 'blue', app: 'web' }]);
  });
});

describe('traceparent', () => {
  it('goes to the provider only when asked for, with the span of the very attempt', async () => {
    const { openai, gateway } = setUp({ propagate: true });
    openai.fail('server_error').reply('there');
    await gateway.chat(asking('openai/m'), { headers: { 'x-own': '1' } });
    const { attempts } = onlyTree(recorder);
    expect(openai.calls.map(({ headers }) => headers)).toEqual(attempts.map((span) => ({ 'x-own': '1', traceparent: `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01` })));
    const without = setUp();
    without.openai.reply('there');
    await without.gateway.chat(asking('openai/m'));
    expect(without.openai.calls[0]?.headers).toEqual({});
  });

  it('is the caller’s own where there is one, and says so where nothing is sampled', async () => {
    const { openai, gateway } = setUp({ propagate: true });
    openai.always('there');
    await gateway.chat(asking('openai/m'), { headers: { TraceParent: 'mine' } });
    await gateway.chat(asking('openai/unsampled'));
    expect(openai.calls[0]?.headers).toEqual({ TraceParent: 'mine' });
    expect(openai.calls[1]?.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });
});

describe('provider names', () => {
  it('are the conventions’ own for well-known providers, yours where you say, and otherwise the adapter’s', async () => {
    const names = ['openai', 'anthropic', 'google', 'mistral', 'xai', 'azure', 'bedrock', 'my-openai', 'own', '__proto__'];
    const providers = names.map((name) => mockProvider({ name }));
    for (const provider of providers) provider.always('x');
    const gateway = createGateway({ providers, interceptors: [telemetry({ providerNames: { 'my-openai': 'openai' } })] });
    for (const name of names) await gateway.chat(asking(`${name}/m`));
    expect(recorder.spans.filter(({ kind }) => kind === 2).map(({ attributes }) => attributes['gen_ai.provider.name'])).toEqual(['openai', 'anthropic', 'gcp.gemini', 'mistral_ai', 'x_ai', 'azure.ai.openai', 'aws.bedrock', 'openai', 'own', '__proto__']);
  });
});

describe('options', () => {
  it.each<[string, unknown]>([
    ['content', { content: true }],
    ['maxContentLength', { maxContentLength: 0 }],
    ['maxValues', { maxValues: Number.NaN }],
    ['details', { details: 'yes' }],
    ['propagate', { propagate: 1 }],
    ['tags', { tags: 'team' }],
    ['baggage', { baggage: [1] }],
    ['providerNames', { providerNames: { a: '' } }],
    ['conventions', { conventions: '1.0' }],
  ])('are refused when %s is wrong', (field, options) => {
    expect(() => telemetry(options as TelemetryOptions)).toThrow(ConfigError);
    expect(() => telemetry(options as TelemetryOptions)).toThrow(`telemetry: ${field}: wanted`);
  });
});

describe('as an interceptor, with an SDK', () => {
  for (const { name, run } of interceptorSuite({ create: () => telemetry({ details: true, content: 'unredacted', propagate: true, tags: ['team'] }) })) it(name, run);
});
