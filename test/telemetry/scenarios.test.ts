import { complete, derive, RejectedError, type CacheHit, type CallOf, type ChatResponse, type Interceptor } from 'headgate';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { MetricEntry } from '../../src/telemetry/names.js';
import { OWN_METRICS } from '../../src/telemetry/own-names.js';
import { haveFixtures } from '../support/fixtures.js';
import { failure } from '../support/adapters.js';
import { checkEvent, checkMetric, checkOwnNames, checkSpan } from './conformance.js';
import { startRecorder } from './sdk.js';
import { asking, onlyTree, setUp } from './setting.js';
import { readSpecification } from './specification.js';

const recorder = startRecorder();
const specification = haveFixtures ? readSpecification() : undefined;
const number = expect.any(Number) as number;
const callId = expect.any(String) as string;
afterEach(() => {
  // Whatever a test did, everything it recorded keeps to the conventions.
  if (specification !== undefined) {
    for (const span of recorder.spans) if (span.kind === 2) checkSpan(span, specification);
    for (const event of recorder.events) checkEvent(event, specification);
  }
  for (const { kind, attributes } of recorder.spans) checkOwnNames(attributes, kind === 2 ? 'call' : 'attempt');
  recorder.clear();
});
afterAll(() => recorder.stop());

/** What every call to this model carries. */
const call = (model: string, more: object = {}) => ({
  'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': model, 'server.address': 'api.openai.com', 'server.port': 443,
  'headgate.call.id': callId, 'headgate.requested': `openai/${model}`, ...more,
}); // prettier-ignore
const answer = (model: string, more: object = {}) => ({
  'gen_ai.response.model': model, 'gen_ai.response.id': 'reply_1', 'gen_ai.response.finish_reasons': ['stop'], 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5, ...more,
});
const attempt = (model: string, index: number, more: object = {}) => ({
  'headgate.call.id': callId, 'headgate.attempt.index': index, 'headgate.attempt.number': index, 'headgate.attempt.kind': index === 1 ? 'first' : 'retry', 'headgate.target': `openai/${model}`,
  'headgate.attempt.certainty': 'started', 'headgate.attempt.request_id': callId, ...more,
}); // prettier-ignore
const tokens = { 'headgate.attempt.input_tokens': 10, 'headgate.attempt.output_tokens': 5 };
const quiet = { 'headgate.overhead': number };

/** The metrics of the conventions for one model: name → attributes and number of records. */
async function clientMetrics(model: string): Promise<Record<string, (readonly [object, number])[]>> {
  const found: Record<string, (readonly [object, number])[]> = {};
  for (const { descriptor, dataPoints } of await recorder.metrics()) {
    if (!descriptor.name.startsWith('gen_ai.')) continue;
    const points = dataPoints.filter(({ attributes }) => attributes['gen_ai.request.model'] === model);
    if (points.length > 0) found[descriptor.name] = points.map(({ attributes, value }) => [attributes, (value as { readonly count: number }).count] as const);
  }
  return found;
}
const metricAttributes = (model: string, more: object = {}) => ({ 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': model, 'gen_ai.response.model': model, 'server.address': 'api.openai.com', 'server.port': 443, ...more });

/** The points of one of our metrics that concern this. */
async function own(name: string, having: object): Promise<readonly unknown[]> {
  const points = await recorder.points(name);
  return points.filter(({ attributes }) => Object.entries(having).every(([key, value]) => attributes[key] === value)).map(({ attributes, value }) => [attributes, typeof value === 'object' ? value.count : value]);
}

describe.skipIf(!haveFixtures)('telemetry of', () => {
  it('a plain call: one client span, one attempt, duration and tokens', async () => {
    const { openai, gateway } = setUp();
    openai.reply('there');
    await gateway.chat(asking('openai/plain'));
    const tree = onlyTree(recorder);
    expect(tree.call).toMatchObject({ name: 'chat plain', kind: 2, status: { code: 0 }, parentSpanContext: undefined });
    expect(tree.call.attributes).toEqual(call('plain', answer('plain', { 'headgate.attempts': 1, 'headgate.served': 'openai/plain', ...quiet })));
    expect(tree.attempts.map(({ name, kind, status, attributes }) => ({ name, kind, status, attributes }))).toEqual([{ name: 'attempt openai/plain', kind: 0, status: { code: 0 }, attributes: attempt('plain', 1, tokens) }]);
    expect(await clientMetrics('plain')).toEqual({
      'gen_ai.client.token.usage': [[metricAttributes('plain', { 'gen_ai.token.type': 'input' }), 1], [metricAttributes('plain', { 'gen_ai.token.type': 'output' }), 1]],
      'gen_ai.client.operation.duration': [[metricAttributes('plain'), 1]],
    });
    expect(recorder.events).toEqual([]);
    expect(recorder.started[0]).toEqual({ name: 'chat plain', attributes: call('plain') });
  });

  it('a stream: the time to its first chunk and between the others', async () => {
    const { openai, gateway } = setUp();
    openai.reply({ text: ['one ', 'two ', 'three ', 'four'] });
    await gateway.stream(asking('openai/streamed')).response();
    const tree = onlyTree(recorder);
    expect(tree.call.attributes).toEqual(call('streamed', answer('streamed', { 'gen_ai.request.stream': true, 'gen_ai.response.time_to_first_chunk': number, 'headgate.attempts': 1, 'headgate.served': 'openai/streamed', ...quiet })));
    expect(tree.attempts.map(({ attributes }) => attributes)).toEqual([attempt('streamed', 1, { ...tokens, 'headgate.attempt.time_to_first_content': number })]);
    const metrics = await clientMetrics('streamed');
    expect(metrics['gen_ai.client.operation.time_to_first_chunk']).toEqual([[metricAttributes('streamed'), 1]]);
    expect(metrics['gen_ai.client.operation.time_per_output_chunk']).toEqual([[metricAttributes('streamed'), 3]]);
  });

  it('a retry that helped: nothing of the failure on the call, all of it on its attempt', async () => {
    const { openai, gateway } = setUp();
    openai.fail('server_error').reply('there');
    await gateway.chat(asking('openai/retried'));
    const tree = onlyTree(recorder);
    expect(tree.call.status).toEqual({ code: 0 });
    expect(tree.call.attributes).toEqual(call('retried', answer('retried', { 'headgate.attempts': 2, 'headgate.retries': 1, 'headgate.served': 'openai/retried' })));
    expect(tree.attempts.map(({ status, attributes }) => [status.code, attributes])).toEqual([
      [2, attempt('retried', 1, { 'headgate.attempt.certainty': 'refused', 'error.type': 'server_error' })],
      [0, attempt('retried', 2, tokens)],
    ]);
    expect((await clientMetrics('retried'))['gen_ai.client.operation.duration']).toEqual([[metricAttributes('retried'), 1]]);
    expect(await own('headgate.retry.count', { 'headgate.target': 'openai/retried' })).toEqual([[{ 'headgate.target': 'openai/retried', 'error.type': 'server_error' }, 1]]);
    expect(recorder.events).toEqual([]);
  });

  it('a fallback: the span is named for who answered, and began as who was asked first', async () => {
    const { openai, anthropic, gateway } = setUp({}, [], { models: { smart: ['openai/left', 'anthropic/taken'] } });
    openai.fail('quota_exhausted');
    anthropic.reply('there');
    await gateway.chat(asking('smart'));
    const { call: span, attempts } = onlyTree(recorder);
    expect(recorder.started[0]).toMatchObject({ name: 'chat left', attributes: { 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'left', 'headgate.requested': 'smart' } });
    expect(span).toMatchObject({ name: 'chat taken', status: { code: 0 }, attributes: { 'gen_ai.provider.name': 'anthropic', 'gen_ai.request.model': 'taken', 'headgate.requested': 'smart', 'headgate.served': 'anthropic/taken', 'headgate.fallbacks': 1, 'headgate.attempts': 2 } });
    // Where one of the two is, is not known: the other's address would stay on the span.
    expect(span.attributes).not.toHaveProperty(['server.address']);
    expect(attempts.map(({ name, status }) => [name, status.code])).toEqual([['attempt openai/left', 2], ['attempt anthropic/taken', 0]]);
    expect(await own('headgate.fallback.count', { 'headgate.target': 'openai/left' })).toEqual([[{ 'headgate.target': 'openai/left', 'headgate.to': 'anthropic/taken', 'error.type': 'quota_exhausted' }, 1]]);
    expect(Object.keys(await clientMetrics('left'))).toEqual([]);
  });

  it('a failure: the same error.type on span and metric, and an event', async () => {
    const { openai, gateway } = setUp();
    openai.fail('content_filter', { message: 'CANARY' });
    const error = await failure(gateway.chat(asking('openai/failed')));
    const { call: span } = onlyTree(recorder);
    expect(span.status).toEqual({ code: 2, message: (error as Error).message });
    expect(span.attributes).toEqual(call('failed', { 'error.type': 'content_filter', 'headgate.attempts': 1, ...quiet }));
    expect(await clientMetrics('failed')).toEqual({ 'gen_ai.client.operation.duration': [[{ ...metricAttributes('failed', { 'error.type': 'content_filter' }), 'gen_ai.response.model': undefined }, 1]] });
    expect(recorder.events.map(({ eventName, severityNumber, attributes, spanContext }) => [eventName, severityNumber, attributes, spanContext?.spanId])).toEqual([
      ['gen_ai.client.operation.exception', 13, { 'exception.type': 'ProviderError', 'exception.message': (error as Error).message, 'exception.stacktrace': expect.any(String), 'headgate.call.id': callId }, span.spanContext().spanId],
    ]);
    expect(await recorder.everything()).not.toContain('CANARY');
  });

  it('a stream that is cut: what had come, and no count that nobody gave', async () => {
    const { openai, gateway } = setUp();
    openai.reply({ text: ['half', ' of it'], ending: 'cut' });
    await failure(gateway.stream(asking('openai/cut')).response());
    const { call: span, attempts } = onlyTree(recorder);
    expect(span.attributes).toEqual(call('cut', { 'gen_ai.request.stream': true, 'gen_ai.response.model': 'cut', 'gen_ai.response.id': 'reply_1', 'gen_ai.response.time_to_first_chunk': number, 'error.type': 'stream_interrupted', 'headgate.attempts': 1, ...quiet }));
    expect(attempts[0]?.attributes).toMatchObject({ 'headgate.attempt.estimated': true, 'error.type': 'stream_interrupted' });
    expect(Object.keys(await clientMetrics('cut'))).toEqual(['gen_ai.client.operation.duration', 'gen_ai.client.operation.time_to_first_chunk', 'gen_ai.client.operation.time_per_output_chunk']);
  });

  it('an abort: it ends the span as an error, and is nobody’s exception', async () => {
    const { openai, gateway } = setUp();
    openai.reply({ text: 'never', delayMs: Infinity });
    const controller = new AbortController();
    const failed = failure(gateway.chat(asking('openai/aborted'), { signal: controller.signal }));
    setTimeout(() => controller.abort(), 5);
    expect(await failed).toMatchObject({ code: 'cancelled' });
    const { call: span } = onlyTree(recorder);
    expect(span).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'cancelled', 'headgate.attempts': 1 } });
    expect(recorder.events).toEqual([]);
  });

  it('a passed deadline: an exception like any other', async () => {
    const { openai, gateway } = setUp();
    openai.reply({ text: 'never', delayMs: Infinity });
    await failure(gateway.chat(asking('openai/late'), { timeoutMs: 5 }));
    expect(onlyTree(recorder).call.attributes['error.type']).toBe('deadline_exceeded');
    expect(recorder.events.map(({ eventName }) => eventName)).toEqual(['gen_ai.client.operation.exception']);
  });

  it('a cache hit: no provider asked, so none in its duration, and no tokens used', async () => {
    const cached: ChatResponse = { id: 'old', provider: 'anthropic', model: 'claude', content: [{ type: 'text', text: 'kept' }], text: 'kept', toolCalls: [], finishReason: 'stop', usage: { inputTokens: 7, outputTokens: 3 }, warnings: [] };
    const hit: CacheHit = { what: 'cache-hit', kind: 'exact', savedUsd: 0.004, from: { provider: 'anthropic', model: 'hit' } };
    const cache: Interceptor = { name: 'cache', stage: 'cache', intercept: async (one) => (one.trace.record('cache', hit), complete(one as CallOf<'chat'>, cached)) };
    const { gateway } = setUp({}, [cache]);
    await gateway.chat(asking('openai/hit'));
    await gateway.stream(asking('openai/hit')).response();
    const [span] = recorder.spans;
    expect(recorder.spans).toHaveLength(2);
    expect(span?.attributes).toEqual({
      ...call('hit'), 'gen_ai.response.model': 'claude', 'gen_ai.response.id': 'old', 'gen_ai.response.finish_reasons': ['stop'],
      'headgate.attempts': 0, 'headgate.cache.result': 'hit', 'headgate.cache.kind': 'exact', 'headgate.cost.saved': 0.004, ...quiet,
    }); // prettier-ignore
    expect(await clientMetrics('hit')).toEqual({ 'gen_ai.client.operation.duration': [[{ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'hit', 'gen_ai.response.model': 'claude' }, 2]] });
    expect(await own('headgate.cache.requests', {})).toEqual([[{ 'headgate.cache.kind': 'exact', 'headgate.cache.result': 'hit' }, 2]]);
    expect(await own('headgate.cost.avoided', {})).toEqual([[{ 'headgate.cache.kind': 'exact' }, 0.008]]);
  });

  it('a refusal: who refused, and no provider', async () => {
    const guard: Interceptor = {
      name: 'guard',
      stage: 'guard',
      intercept: (one) => {
        one.trace.record('guard', { what: 'guardrail', rule: 'no-secrets', verdict: 'block' });
        one.trace.record('guard', { what: 'rejected', code: 'guardrail_blocked' });
        throw new RejectedError('guardrail_blocked', 'a rule blocked this call');
      },
    };
    const { gateway } = setUp({}, [guard]);
    await failure(gateway.chat(asking('openai/refused')));
    expect(onlyTree(recorder).call.attributes).toEqual(call('refused', { 'error.type': 'guardrail_blocked', 'headgate.attempts': 0, 'headgate.rejected_by': 'guard', 'headgate.guardrails': ['no-secrets: block'], ...quiet }));
    expect(await clientMetrics('refused')).toEqual({ 'gen_ai.client.operation.duration': [[{ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'refused', 'error.type': 'guardrail_blocked' }, 1]] });
    expect(await own('headgate.rejection.count', { 'headgate.by': 'guard' })).toEqual([[{ 'headgate.by': 'guard', 'error.type': 'guardrail_blocked' }, 1]]);
    expect(await own('headgate.guardrail.verdicts', {})).toEqual([[{ 'headgate.rule': 'no-secrets', 'headgate.verdict': 'block' }, 1]]);
  });

  it('embeddings: their own span, input tokens only', async () => {
    const { openai, gateway } = setUp();
    openai.reply({ embeddings: [[1, 0]], usage: { inputTokens: 4, outputTokens: 0 } });
    await gateway.embed({ model: 'openai/embedded', input: ['hi'], dimensions: 2 });
    const { call: span } = onlyTree(recorder);
    expect(span).toMatchObject({ name: 'embeddings embedded', kind: 2 });
    expect(span.attributes).toEqual({ ...call('embedded'), 'gen_ai.operation.name': 'embeddings', 'gen_ai.embeddings.dimension.count': 2, 'gen_ai.response.model': 'embedded', 'gen_ai.usage.input_tokens': 4, 'headgate.attempts': 1, 'headgate.served': 'openai/embedded', ...quiet });
    expect((await clientMetrics('embedded'))['gen_ai.client.token.usage']).toEqual([[{ ...metricAttributes('embedded', { 'gen_ai.operation.name': 'embeddings', 'gen_ai.token.type': 'input' }) }, 1]]);
  });

  it('every setting of the request, and every count of the answer', async () => {
    const { openai, gateway } = setUp();
    openai.reply({ text: '{}', finishReason: 'length', model: 'full-2026', usage: { inputTokens: 100, outputTokens: 50, cacheReadTokens: 60, cacheWriteTokens: 10, reasoningTokens: 20 } });
    await gateway.chat(
      { ...asking('openai/full'), maxTokens: 9, temperature: 0.5, topP: 0.9, topK: 4, seed: 7, presencePenalty: 0.1, frequencyPenalty: -0.1, stop: ['END'], reasoning: { effort: 'low' }, output: { type: 'json' }, providerOptions: { openai: { previous_response_id: 'resp_1', service_tier: 'flex' } } },
      { tags: { conversation: 'c-1', user: 'ann' } },
    );
    expect(onlyTree(recorder).call.attributes).toEqual(
      call('full', {
        'gen_ai.request.max_tokens': 9, 'gen_ai.request.temperature': 0.5, 'gen_ai.request.top_p': 0.9, 'gen_ai.request.top_k': 4, 'gen_ai.request.seed': 7, 'gen_ai.request.presence_penalty': 0.1, 'gen_ai.request.frequency_penalty': -0.1,
        'gen_ai.request.reasoning.level': 'low', 'gen_ai.output.type': 'json', 'gen_ai.conversation.id': 'c-1', 'gen_ai.request.previous_response.id': 'resp_1', 'openai.request.service_tier': 'flex',
        ...answer('full-2026', { 'gen_ai.response.finish_reasons': ['length'], 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 50, 'gen_ai.usage.cache_read.input_tokens': 60, 'gen_ai.usage.cache_creation.input_tokens': 10, 'gen_ai.usage.reasoning.output_tokens': 20 }),
        'headgate.attempts': 1, 'headgate.served': 'openai/full', ...quiet,
      }),
    ); // prettier-ignore
  });

  it('what interceptors decide: costs, waits, circuits, redactions, caches', async () => {
    let inQueue: unknown;
    const decides: Interceptor = {
      name: 'decides',
      intercept: async (one, next) => {
        const about = { target: one.target, index: 1 };
        one.trace.record('redactor', { what: 'redacted', kinds: { email: 2, iban: 1 } });
        one.trace.record('cache', { what: 'cache-miss', kind: 'semantic' });
        one.trace.record('queue', { what: 'queued' }, about);
        inQueue = await own('headgate.queue.length', { 'headgate.target': 'openai/decided' });
        one.trace.record('queue', { what: 'waited', waitMs: 250, code: 'concurrency_exceeded', queued: true }, about);
        const reply = await next(one);
        one.trace.record('meter', { what: 'cost', usd: 0.1, usage: { inputTokens: 1, outputTokens: 1 } }, about);
        one.trace.record('meter', { what: 'cost', usd: 0.2, usage: { inputTokens: 1, outputTokens: 1 } }, about);
        one.trace.record('breaker', { what: 'circuit', state: 'half-open' }, about);
        return reply;
      },
    };
    const { openai, gateway } = setUp({}, [decides]);
    openai.reply('there');
    await gateway.chat(asking('openai/decided'));
    const { call: span, attempts } = onlyTree(recorder);
    expect(span.attributes).toMatchObject({ 'headgate.redactions': 3, 'headgate.cache.result': 'miss', 'headgate.cache.kind': 'semantic', 'headgate.wait': 0.25, 'headgate.cost.total': 0.3 });
    expect(span.attributes).not.toHaveProperty(['headgate.overhead']);
    expect(attempts[0]?.attributes).toMatchObject({ 'headgate.wait': 0.25, 'headgate.attempt.cost': 0.2, 'headgate.circuit': 'half-open' });
    const target = { 'headgate.target': 'openai/decided' };
    expect(await own('headgate.cost.spent', target)).toEqual([[target, expect.closeTo(0.3)]]);
    expect(await own('headgate.wait.duration', target)).toEqual([[{ ...target, 'headgate.by': 'queue' }, 1]]);
    expect(inQueue).toEqual([[{ ...target, 'headgate.by': 'queue' }, 1]]);
    expect(await own('headgate.queue.length', target)).toEqual([[{ ...target, 'headgate.by': 'queue' }, 0]]);
    expect(await own('headgate.circuit.state', target)).toEqual([[target, 1]]);
    expect(await own('headgate.redaction.count', {})).toEqual([[{ 'headgate.redaction.kind': 'email' }, 2], [{ 'headgate.redaction.kind': 'iban' }, 1]]);
  });

  it('an attempt without a price: no cost on the call, and a count of what it lacks', async () => {
    const meter: Interceptor = { name: 'meter', intercept: (one, next) => (one.trace.record('meter', { what: 'cost', usd: undefined, usage: { inputTokens: 1, outputTokens: 1 } }, { target: one.target, index: 1 }), next(one)) };
    const { openai, gateway } = setUp({}, [meter]);
    openai.reply('there');
    await gateway.chat(asking('openai/unpriced'));
    expect(onlyTree(recorder).call.attributes).not.toHaveProperty(['headgate.cost.total']);
    expect(await own('headgate.cost.unpriced', { 'headgate.target': 'openai/unpriced' })).toEqual([[{ 'headgate.target': 'openai/unpriced' }, 1]]);
  });

  it('an attempt that ends after its call: its span still has its end, and the call’s has no more than it had', async () => {
    const twice: Interceptor = {
      name: 'twice',
      intercept: async (one, next) => {
        one.background(next(derive(one, { kind: 'hedge' })));
        return next(one);
      },
    };
    const { openai, gateway } = setUp({}, [twice]);
    openai.reply({ text: 'slow', delayMs: 20 }).reply('fast');
    await gateway.chat(asking('openai/hedged'));
    const before = { ...recorder.spans.find(({ kind }) => kind === 2)?.attributes };
    await gateway.close();
    const { call: span, attempts } = onlyTree(recorder);
    expect(attempts.map(({ attributes, ended }) => [attributes['headgate.attempt.kind'], ended]).toSorted()).toEqual([['first', true], ['hedge', true]]);
    expect(span.attributes).toEqual(before);
  });

  it('all of these together: every metric of ours has the kind, unit and attributes of its table', async () => {
    const metrics = (await recorder.metrics()).filter(({ descriptor }) => descriptor.name.startsWith('headgate.'));
    expect(metrics.map(({ descriptor }) => descriptor.name).toSorted()).toEqual(Object.values(OWN_METRICS).map(({ name }) => name).toSorted());
    for (const { descriptor, dataPoints } of metrics) {
      const entry: MetricEntry | undefined = Object.values(OWN_METRICS).find(({ name }) => name === descriptor.name);
      expect(descriptor.unit).toBe(entry?.unit);
      for (const { attributes } of dataPoints) expect(entry?.attributes, descriptor.name).toEqual(expect.arrayContaining(Object.keys(attributes)));
    }
  });

  it('all of these together: every metric of the conventions is as they define it', async () => {
    const metrics = (await recorder.metrics()).filter(({ descriptor }) => descriptor.name.startsWith('gen_ai.'));
    expect(metrics).toHaveLength(4);
    if (specification !== undefined) for (const metric of metrics) checkMetric(metric, specification);
    expect(await own('headgate.call.active', {})).toEqual([[{ 'gen_ai.operation.name': 'chat' }, 0], [{ 'gen_ai.operation.name': 'embeddings' }, 0]]);
  });
});
