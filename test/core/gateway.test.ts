import { CancelledError, createGateway, derive, isGatewayError, localKey, observe, ProviderError, RejectedError, type Call, type Decision, type GatewayOptions, type Interceptor, type ProviderAdapter } from 'headgate';
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { answering, ask, begin, failure, finish, gatewayOf, hello, streaming, text } from '../support/adapters.js';

const staged = (name: string, stage: Interceptor['stage']): Interceptor => ({ name, ...(stage && { stage }), intercept: (call, next) => next(call) });

describe('createGateway', () => {
  it.each<[string, Partial<GatewayOptions>, RegExp]>([
    ['no provider', { providers: [] }, /^providers: wanted a list of at least one/],
    ['a provider without a name', { providers: [{ name: '', chat: answering('a').chat } as ProviderAdapter] }, /^providers\[0\]\.name: /],
    ['a provider that can do nothing', { providers: [{ name: 'x' }] }, /^providers\[0\] \(x\): wanted at least one of chat, stream and embed/],
    ['two providers of one name', { providers: [answering('a'), answering('b')] }, /^providers: two are named 'x'/],
    ['an alias to nowhere', { models: { smart: 'y/m' } }, /^models\.smart\[0\]: there is no provider "y"/],
    ['an alias without a slash', { models: { smart: ['m'] } }, /^models\.smart\[0\]: "m" is neither an alias nor 'provider\/model'/],
    ['an alias with no target', { models: { smart: [] } }, /^models\.smart: wanted/],
    ['a weight that is no weight', { models: { smart: { targets: [{ model: 'x/m', weight: Number.NaN }] } } }, /^models\.smart\[0\]: weight: wanted a positive number, got NaN/],
    ['a deadline that is none', { timeoutMs: Number.POSITIVE_INFINITY }, /^timeoutMs: wanted milliseconds/],
    ['two interceptors of one name', { interceptors: [staged('a', undefined), staged('a', undefined)] }, /^interceptors: two are named 'a'/],
    ['a stage that does not exist', { interceptors: [staged('a', 'nowhere' as never)] }, /its stage 'nowhere' does not exist/],
    ['something that is no interceptor', { interceptors: [{ name: 'a' } as never] }, /^interceptors\[0\]: wanted an object with a name and an intercept function/],
    ['an order that contradicts the stages', { interceptors: [staged('retry', 'retry'), staged('any', undefined), [staged('fallback', 'route')]] }, /^interceptors: 'retry' \(stage retry\) stands outside 'fallback' \(stage route\), .*the right order is fallback, retry$/],
  ])('refuses %s, naming the option, what came and what is wanted', (_name, options, message) => {
    const make = (): unknown => createGateway({ providers: [answering('a')], ...options });
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: 'config' }));
  });

  it('describes its pipeline, outermost first', () => {
    expect(gatewayOf(answering('a'), [staged('b', 'retry'), staged('c', undefined)]).describe()).toEqual([
      { name: 'b', stage: 'retry' },
      { name: 'c', stage: undefined },
    ]);
  });

  it('hands out an adapter by name, past the pipeline', () => {
    const adapter = answering('a');
    expect(gatewayOf(adapter).provider('x')).toBe(adapter);
    expect(() => gatewayOf(adapter).provider('y')).toThrow(/there is none named 'y'; known: x/);
  });

  it('runs interceptors from the first outwards in', async () => {
    const order: string[] = [];
    const noting = (name: string): Interceptor => ({ name, intercept: (call, next) => (order.push(name), next(call)) });
    await gatewayOf(answering('a'), [noting('outer'), noting('inner')]).chat(ask);
    expect(order).toEqual(['outer', 'inner']);
  });

  it('turns a throw of a plain function into a rejection for the interceptor above', async () => {
    const throwing: Interceptor = { name: 'throwing', intercept: () => { throw new RejectedError('policy_denied', 'no'); } }; // prettier-ignore
    const catching: Interceptor = { name: 'catching', intercept: (call, next) => next(call).catch(() => next(call)) };
    expect(await failure(gatewayOf(answering('a'), [catching, throwing]).chat(ask))).toMatchObject({ code: 'policy_denied' });
  });

  it('refuses a reply of an interceptor’s own making', async () => {
    expect(await failure(gatewayOf(answering('a'), async () => ({}) as never).stream(ask).open())).toMatchObject({ code: 'interceptor_failed' });
  });

  it('leaves out an optional interceptor by name, and only such', async () => {
    const seen: string[] = [];
    const noting = (name: string, optional: boolean): Interceptor => ({ name, optional, intercept: (call, next) => (seen.push(name), next(call)) });
    const gateway = gatewayOf(answering('a'), [noting('cache', true), noting('redact', false)]);
    await gateway.chat(ask, { without: ['cache'] });
    expect(seen).toEqual(['redact']);
    expect(await failure(gateway.chat(ask, { without: ['redact'] }))).toMatchObject({ code: 'invalid_request', message: "without: 'redact' cannot be left out: it is not optional; may be left out: cache" });
    expect(await failure(gateway.chat(ask, { without: ['nobody'] }))).toMatchObject({ code: 'invalid_request' });
  });
});

describe('a call', () => {
  it('goes to the first target of an alias, and the report names both', async () => {
    const gateway = gatewayOf(answering('a'), undefined, { models: { smart: ['x/one', 'x/two'] } });
    expect((await gateway.chat({ ...ask, model: 'smart' })).gateway).toMatchObject({ requested: 'smart', served: { provider: 'x', model: 'one' } });
  });

  it('keeps slashes that belong to the model', async () => {
    expect((await gatewayOf(answering('a')).chat({ ...ask, model: 'x/meta/llama' })).gateway?.served).toEqual({ provider: 'x', model: 'meta/llama' });
  });

  it('takes the first of a provider’s keys, and makes a candidate of each', async () => {
    const adapter = { ...answering('a'), credentials: ['main', 'spare'] };
    let candidates: unknown;
    const gateway = gatewayOf(adapter, (call, next) => {
      candidates = call.route.candidates.map(({ target }) => target.credential);
      return next(call);
    });
    await gateway.chat(ask);
    expect(candidates).toEqual(['main', 'spare']);
    expect(adapter.contexts[0]?.credential).toBe('main');
  });

  it('has fallbacks as candidates after its own', async () => {
    let names: unknown;
    const gateway = gatewayOf(answering('a'), (call, next) => ((names = call.route.candidates.map(({ target }) => target.model)), next(call)));
    await gateway.chat(ask, { fallbacks: ['x/n'] });
    expect(names).toEqual(['m', 'n']);
    expect(await failure(gateway.chat(ask, { fallbacks: ['y/n'] }))).toMatchObject({ code: 'invalid_request', message: expect.stringMatching(/^fallbacks\[0\]: /) });
  });

  it('numbers its attempts over the whole call and reports each', async () => {
    let failures = 2;
    const adapter: ProviderAdapter = {
      name: 'x',
      async chat(request, context) {
        context.sent();
        if (failures-- > 0) throw new ProviderError('overloaded', 'busy', { certainty: 'refused', facts: { status: 529, headers: {}, requestId: 'q' } });
        return { id: 'r', model: 'm', content: [{ type: 'text', text: request.model }], finishReason: 'stop', usage: { inputTokens: 0, outputTokens: 0 } };
      },
    };
    const retrying: Interceptor['intercept'] = async (call, next) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await next(derive(call, { attempt, kind: attempt === 1 ? 'first' : 'retry' }));
        } catch (error) {
          if (attempt === 3) throw error;
        }
      }
    };
    const response = await gatewayOf(adapter, retrying).chat(ask);
    expect(response.gateway?.attempts).toMatchObject([
      { index: 1, attempt: 1, kind: 'first', outcome: 'overloaded', certainty: 'refused', requestId: 'q' },
      { index: 2, attempt: 2, kind: 'retry', outcome: 'overloaded' },
      { index: 3, attempt: 3, kind: 'retry', outcome: 'ok', certainty: 'started', usage: { inputTokens: 0, outputTokens: 0 } },
    ]);
    expect(response.usage).toEqual({ inputTokens: 0, outputTokens: 0 });
  });

  it('estimates usage that the provider did not give, and says so', async () => {
    const response = await gatewayOf(streaming([begin, text('Hello there'), { type: 'finish', finishReason: 'stop' }])).chat(ask);
    expect(response.usage).toMatchObject({ estimated: true, inputTokens: expect.any(Number), outputTokens: 2 });
  });

  it('collects warnings, and makes them errors before anything is sent when it is strict', async () => {
    const adapter: ProviderAdapter = {
      name: 'x',
      async *stream(_request, context) {
        context.warn({ kind: 'dropped', setting: 'seed', detail: 'it has none' });
        context.sent();
        yield* hello;
      },
    };
    const gateway = gatewayOf(adapter);
    expect((await gateway.chat({ ...ask, seed: 1 })).warnings).toEqual([{ kind: 'dropped', setting: 'seed', detail: 'it has none' }]);
    expect(await failure(gateway.chat({ ...ask, seed: 1 }, { strict: true }))).toMatchObject({ code: 'unsupported', certainty: 'not_sent', message: expect.stringContaining('seed') });
  });

  it('says not_sent only of an adapter that is known to tell when it sends', async () => {
    const telling = streaming([(context) => context.sent(), ...hello]);
    const gateway = gatewayOf(telling);
    await gateway.chat(ask);
    const silent = streaming(['hang']);
    const first = await failure(gatewayOf(silent).chat(ask, { timeoutMs: 5 }));
    expect(isGatewayError(first) && first.report?.attempts[0]?.certainty).toBe('possibly_billed');
  });

  it('carries tags, priority, headers and locals to every interceptor and the adapter', async () => {
    const adapter = answering('a');
    const key = localKey('test', () => 0);
    const counting = (name: string): Interceptor => ({ name, intercept: (call, next) => (call.locals.set(key, call.locals.get(key) + 1), next(call)) });
    let seen: Call | undefined;
    await gatewayOf(adapter, [counting('a'), counting('b'), { name: 'c', intercept: (call, next) => ((seen = call), next(call)) }]).chat(ask, { tags: { tenant: 't' }, priority: 2, headers: { 'x-a': 'b' } });
    expect(seen).toMatchObject({ tags: { tenant: 't' }, priority: 2, streaming: false, operation: 'chat', attempt: 1, kind: 'first' });
    expect(seen?.locals.get(key)).toBe(2);
    expect(adapter.contexts[0]?.headers).toEqual({ 'x-a': 'b' });
  });

  it('embeds through the same pipeline', async () => {
    const adapter: ProviderAdapter = { name: 'x', embed: async (request) => ({ model: 'e', embeddings: request.input.map(() => [1, 2]) }) };
    const statuses: string[] = [];
    const gateway = gatewayOf(adapter, (call, next) => observe(call, next, (outcome) => void statuses.push(outcome.status)));
    const response = await gateway.embed({ model: 'x/e', input: ['a', 'b'] });
    expect(response).toMatchObject({ provider: 'x', embeddings: [[1, 2], [1, 2]], usage: { estimated: true }, gateway: { served: { model: 'e' } } });
    expect(statuses).toEqual(['ok']);
    expect(await failure(gateway.chat({ ...ask, model: 'x/e' }))).toMatchObject({ code: 'unsupported', certainty: 'not_sent' });
  });

  it('refuses a list of embeddings that does not fit the inputs', async () => {
    const adapter: ProviderAdapter = { name: 'x', embed: async () => ({ model: 'e', embeddings: [[1]] }) };
    expect(await failure(gatewayOf(adapter).embed({ model: 'x/e', input: ['a', 'b'] }))).toMatchObject({ code: 'invalid_response', message: 'x gave 1 embeddings for 2 inputs' });
  });

  it('tells every decision to onDecision, and a listener that throws breaks nothing', async () => {
    const told: Decision['what'][] = [];
    const gateway = gatewayOf(answering('a'), undefined, {
      onDecision(decision) {
        told.push(decision.what);
        throw new Error('listener');
      },
    });
    await gateway.chat(ask);
    expect(told).toEqual(['attempt-start', 'attempt-end']);
  });

  it('keeps an attempt’s deadline when it is nearer, and never one that is further', async () => {
    const gateway = gatewayOf(streaming(['hang']), (call, next) => next(derive(call, { deadline: Date.now() + 10 })));
    expect(await failure(gateway.chat(ask, { timeoutMs: 60_000 }))).toMatchObject({ code: 'deadline_exceeded' });
    let deadline: number | undefined;
    const further = gatewayOf(answering('a'), (call, next) => ((deadline = derive(call, { deadline: Date.now() + 1e9 }).deadline), next(call)));
    await further.chat(ask, { timeoutMs: 1000 });
    expect(deadline).toBeLessThan(Date.now() + 2000);
  });

  it('throws what aborted the attempt', async () => {
    const gateway = gatewayOf(streaming([begin, 'deaf']), (call, next) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new ProviderError('first_content_timeout', 'too slow')), 5);
      return next(derive(call, { signal: controller.signal }));
    });
    expect(await failure(gateway.chat(ask))).toMatchObject({ code: 'first_content_timeout' });
  });

  it('puts one listener on the caller’s signal however deep the pipeline, and none is left', async () => {
    const controller = new AbortController();
    let during = 0;
    const deriving = (name: string): Interceptor => ({ name, intercept: (call, next) => observe(derive(call, { signal: new AbortController().signal }), next, () => {}) });
    const adapter = streaming([() => void (during = getEventListeners(controller.signal, 'abort').length), ...hello]);
    const gateway = gatewayOf(adapter, Array.from({ length: 12 }, (_, at) => deriving(`d${at}`)));
    await gateway.chat(ask, { signal: controller.signal });
    await gateway.stream(ask, { signal: controller.signal }).response();
    await failure(gatewayOf(streaming([new ProviderError('overloaded', 'no')])).chat(ask, { signal: controller.signal }));
    expect(during).toBe(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});

describe('close', () => {
  it('waits for calls under way and for background work, then closes interceptors and providers, once', async () => {
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const adapter = { ...streaming([begin, text('a'), () => gate.promise, finish]), close: async () => void order.push('provider') };
    const gateway = gatewayOf(adapter, [
      {
        name: 'audit',
        intercept: (call, next) => observe(call, next, () => call.background(new Promise((resolve) => setTimeout(resolve, 5)).then(() => order.push('background')))),
        close: () => void order.push('interceptor'),
      },
    ]);
    const stream = gateway.stream(ask);
    await stream.open();
    const closed = gateway.close();
    expect(await failure(gateway.chat(ask))).toMatchObject({ code: 'closed' });
    gate.resolve();
    expect((await stream.response()).text).toBe('a');
    await closed;
    await gateway.close();
    expect(order).toEqual(['background', 'interceptor', 'provider']);
  });

  it('cancels what is still under way after the grace', async () => {
    const gateway = gatewayOf(streaming(['deaf']));
    const call = failure(gateway.chat(ask));
    await new Promise((resolve) => setTimeout(resolve, 2));
    await gateway.close({ graceMs: 5 });
    expect(await call).toMatchObject({ code: 'cancelled' });
  });

  it('does not wait for background work without end', async () => {
    const gateway = gatewayOf(answering('a'), (call, next) => (call.background(new Promise(() => {})), next(call)));
    await gateway.chat(ask);
    await gateway.close({ graceMs: 5 });
  });

  it('closes everything even when one part fails to', async () => {
    let closed = false;
    const gateway = gatewayOf({ ...answering('a'), close: async () => void (closed = true) }, [{ ...staged('bad', undefined), close: () => { throw new Error('stuck'); } }]); // prettier-ignore
    expect(await failure(gateway.close())).toMatchObject({ code: 'interceptor_failed' });
    expect(closed).toBe(true);
  });

  it('hands background work to waitUntil, and a failure of it becomes a decision', async () => {
    const handed: Promise<unknown>[] = [];
    const decisions: Decision[] = [];
    const gateway = gatewayOf(answering('a'), (call, next) => (call.background(Promise.reject(new TypeError('secret'))), next(call)), { waitUntil: (work) => void handed.push(work), onDecision: (decision) => void decisions.push(decision) });
    await gateway.chat(ask);
    await Promise.all(handed);
    expect(decisions.find((decision) => decision.what === 'custom')).toMatchObject({ name: 'background-failed', data: { name: 'TypeError' } });
  });
});

describe('a call that others do not let go', () => {
  it('ends at its deadline though an interceptor is deaf, and cancels the reply that comes too late', async () => {
    const adapter = streaming([begin, text('a'), 'hang']);
    const slow = Promise.withResolvers<void>();
    const gateway = gatewayOf(adapter, async (call, next) => {
      const reply = await next(derive({ ...call, signal: new AbortController().signal }, {}));
      await slow.promise;
      return reply;
    });
    expect(await failure(gateway.stream(ask, { timeoutMs: 10 }).open())).toMatchObject({ code: 'deadline_exceeded' });
    slow.resolve();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(adapter.contexts[0]?.signal.aborted).toBe(true);
    await gateway.close();
  });

  it('is over for close when its reply was cancelled before anyone read it', async () => {
    const gateway = gatewayOf(streaming([begin, text('a'), 'hang']), async (call, next) => {
      const reply = await next(call);
      await reply.cancel(new CancelledError('cancelled', 'lost'));
      return reply;
    });
    await failure(gateway.stream(ask, { timeoutMs: 60_000 }).open());
    await gateway.close();
  });

  it.each<[string, () => AsyncIterable<never>]>([
    ['that throws at once', () => ({ [Symbol.asyncIterator]: () => ({ next: () => { throw new TypeError('no'); } }) })], // prettier-ignore
    ['that gives no promise', () => ({ [Symbol.asyncIterator]: () => ({ next: () => ({ done: true, value: undefined }) as never, return: () => undefined as never }) })],
    ['that is no iterator', () => ({}) as never],
  ])('fails with a typed error on an adapter whose stream is one %s', async (_name, make) => {
    expect(await failure(gatewayOf({ name: 'x', stream: make }).stream(ask).open())).toBeInstanceOf(ProviderError);
  });
});
