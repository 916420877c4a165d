import { isGatewayError, observe, ProviderError, type AdapterEvent, type CallReport, type EagerIterator, type Outcome } from 'headgate';
import { describe, expect, it } from 'vitest';
import { answering, ask, begin, collect, failure, finish, gatewayOf, hello, streaming, text } from '../support/adapters.js';

describe('a chat stream', () => {
  it('sends nothing until it is read', async () => {
    const adapter = streaming(hello);
    const stream = gatewayOf(adapter).stream(ask);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(adapter.contexts).toHaveLength(0);
    await stream.response();
    expect(adapter.contexts).toHaveLength(1);
  });

  it('gives the deltas and then one end with the whole response', async () => {
    const events = await collect(gatewayOf(streaming(hello)).stream(ask));
    expect(events.map((event) => event.type)).toEqual(['start', 'text-delta', 'text-delta', 'end']);
    const end = events.at(-1);
    expect(end).toMatchObject({ response: { text: 'Hello', provider: 'x', model: 'm-1', finishReason: 'stop', usage: { inputTokens: 3, outputTokens: 2 } } });
  });

  it('opens with the first content, and then gives every event', async () => {
    const stream = gatewayOf(streaming(hello)).stream(ask);
    const report: CallReport = await stream.open();
    expect(report.decisions.map((decision) => decision.what)).toEqual(['attempt-start']);
    expect((await collect(stream)).map((event) => event.type)).toEqual(['start', 'text-delta', 'text-delta', 'end']);
    expect(await stream.open()).toBe(report);
  });

  it.each([
    ['reasoning', { type: 'reasoning-delta', text: 'hm' }, true],
    ['the start of a tool call', { type: 'tool-call-start', id: 'a', name: 'f' }, true],
    ['a whole part', { type: 'part', part: { type: 'image', data: 'AAAA', mediaType: 'image/png' } }, true],
    ['empty text', { type: 'text-delta', text: '' }, false],
    ['the end of a part', { type: 'part-end' }, false],
    ['the start', begin, false],
  ] as const)('counts as content or not: %s', async (_name, event, content) => {
    // An error after content is a broken stream; before it the error is the provider's own.
    const stream = gatewayOf(streaming([begin, event, new ProviderError('overloaded', 'no')])).stream(ask);
    const error = await failure(stream.response());
    expect(isGatewayError(error) && error.code).toBe(content ? 'stream_interrupted' : 'overloaded');
  });

  it('gives just the text', async () => {
    expect((await collect(gatewayOf(streaming(hello)).stream(ask).text())).join('|')).toBe('Hel|lo');
  });

  it('has one reader', async () => {
    const stream = gatewayOf(streaming(hello)).stream(ask);
    await collect(stream);
    expect(() => stream[Symbol.asyncIterator]()).toThrow(/one reader/);
  });

  it('gives the whole response after it was read, and again when asked twice', async () => {
    const stream = gatewayOf(streaming(hello)).stream(ask);
    await collect(stream);
    expect((await stream.response()).text).toBe('Hello');
    expect(await stream.response()).toBe(await stream.response());
  });

  it('waits with reading while it opens', async () => {
    const stream = gatewayOf(streaming(hello)).stream(ask);
    const opening = stream.open();
    expect(await collect(stream)).toHaveLength(4);
    await opening;
  });

  it('throws the same error from open, from reading and from response', async () => {
    const stream = gatewayOf(streaming([new ProviderError('overloaded', 'busy', { certainty: 'refused' })])).stream(ask);
    const first = await failure(stream.open());
    expect(await failure(collect(stream))).toBe(first);
    expect(await failure(stream.response())).toBe(first);
    expect(first).toMatchObject({ code: 'overloaded', report: { attempts: [{ outcome: 'overloaded', certainty: 'refused' }] } });
  });

  it('refuses bad input when it is read, not when it is made', async () => {
    const stream = gatewayOf(streaming(hello)).stream({ ...ask, messages: [] });
    expect(await failure(stream.open())).toMatchObject({ code: 'invalid_request' });
  });

  it('comes as deltas from an adapter that cannot stream', async () => {
    const events = await collect(gatewayOf(answering('Hello')).stream(ask));
    expect(events.map((event) => event.type)).toEqual(['start', 'text-delta', 'end']);
  });

  it('comes whole from an adapter that can only stream', async () => {
    const response = await gatewayOf(streaming(hello)).chat(ask);
    expect(response).toMatchObject({ text: 'Hello', id: 'r1', model: 'm-1' });
  });

  it('is cut when the adapter ends without finish, and says what had come', async () => {
    const error = await failure(gatewayOf(streaming([begin, text('Hel')])).stream(ask).response());
    expect(error).toMatchObject({ code: 'stream_interrupted', certainty: 'started', partial: { text: 'Hel', usage: { estimated: true } } });
  });

  it('is cut too when nothing came at all', async () => {
    expect(await failure(gatewayOf(streaming([])).chat(ask))).toMatchObject({ code: 'stream_interrupted', partial: undefined });
  });

  it('gets a start even from an adapter that says none', async () => {
    const events = await collect(gatewayOf(streaming([text('a'), finish])).stream(ask));
    expect(events[0]).toMatchObject({ type: 'start', provider: 'x', model: 'm' });
  });

  it('gives the same from an iterator that says at once what it has', async () => {
    for (const asked of [1, 2, 3]) {
      const waiting: AdapterEvent[] = [begin, text('Hel'), text('lo'), { type: 'start', id: 'again', model: 'm' }, text('!'), finish];
      let nexts = 0;
      const iterator: EagerIterator<AdapterEvent> & AsyncIterable<AdapterEvent> = {
        [Symbol.asyncIterator]: () => iterator,
        next: async () => (nexts++, waiting.length === 0 ? { done: true, value: undefined } : { done: false, value: waiting.shift() as AdapterEvent }),
        ready: () => (nexts < asked ? undefined : waiting.shift()),
      };
      const events = await collect(gatewayOf({ name: 'x', stream: () => iterator }).stream(ask));
      expect(events.map((event) => event.type)).toEqual(['start', 'text-delta', 'text-delta', 'text-delta', 'end']);
      expect(events.at(-1)).toMatchObject({ response: { text: 'Hello!' } });
    }
  });

  it('refuses an event of a type that does not exist', async () => {
    const error = await failure(gatewayOf(streaming([begin, { type: 'nonsense' } as never, finish])).chat(ask));
    expect(error).toMatchObject({ code: 'invalid_response' });
  });
});

describe('leaving a stream', () => {
  it('aborts the attempt when the reader breaks', async () => {
    const adapter = streaming([begin, text('a'), text('b'), 'hang']);
    const outcomes: Outcome[] = [];
    const gateway = gatewayOf(adapter, (call, next) => observe(call, next, (outcome) => void outcomes.push(outcome)));
    for await (const event of gateway.stream(ask)) if (event.type === 'text-delta') break;
    expect(adapter.contexts[0]?.signal.aborted).toBe(true);
    expect(outcomes).toMatchObject([{ status: 'cancelled', error: { code: 'cancelled' }, partial: { text: 'a' } }]);
    await gateway.close();
  });

  it('aborts it on cancel, read or not, and says so to whoever reads on', async () => {
    const adapter = streaming([begin, text('a'), 'hang']);
    const stream = gatewayOf(adapter).stream(ask);
    await stream.open();
    await stream.cancel();
    await stream.cancel();
    expect(adapter.contexts[0]?.signal.aborted).toBe(true);
    expect(await failure(stream.response())).toMatchObject({ code: 'cancelled' });
  });

  it('never sends a stream that was cancelled first', async () => {
    const adapter = streaming(hello);
    const stream = gatewayOf(adapter).stream(ask);
    await stream.cancel();
    expect(await failure(stream.response())).toMatchObject({ code: 'cancelled' });
    expect(adapter.contexts).toHaveLength(0);
  });

  it('cancels while it opens', async () => {
    const adapter = streaming([begin, 'hang']);
    const stream = gatewayOf(adapter).stream(ask);
    const opening = failure(stream.open());
    await new Promise((resolve) => setTimeout(resolve, 5));
    await stream.cancel();
    expect(await opening).toMatchObject({ code: 'cancelled' });
    expect(adapter.contexts[0]?.signal.aborted).toBe(true);
  });

  it.each(['hang', 'deaf'] as const)('ends at the abort of the caller though the adapter does: %s', async (step) => {
    const controller = new AbortController();
    const stream = gatewayOf(streaming([begin, text('a'), step])).stream(ask, { signal: controller.signal });
    const reading = failure(stream.response());
    setTimeout(() => controller.abort(new Error('enough')), 5);
    expect(await reading).toMatchObject({ code: 'cancelled', partial: { text: 'a' }, cause: { name: 'Error' } });
  });

  it('ends at the deadline though the adapter is deaf', async () => {
    const gateway = gatewayOf(streaming([begin, 'deaf']), undefined, { timeoutMs: 10 });
    expect(await failure(gateway.chat(ask))).toMatchObject({ code: 'deadline_exceeded', report: { attempts: [{ outcome: 'deadline_exceeded' }] } });
  });

  it('is told to observers when it is aborted and nobody reads', async () => {
    const controller = new AbortController();
    const outcomes: Outcome[] = [];
    const gateway = gatewayOf(streaming([begin, text('a'), 'hang']), (call, next) => observe(call, next, (outcome) => void outcomes.push(outcome)));
    await gateway.stream(ask, { signal: controller.signal }).open();
    controller.abort();
    expect(outcomes).toMatchObject([{ status: 'cancelled', partial: { text: 'a' } }]);
  });

  it('sends nothing when the signal has fired already', async () => {
    const adapter = streaming(hello);
    expect(await failure(gatewayOf(adapter).chat(ask, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'cancelled', report: { attempts: [] } });
    expect(adapter.contexts).toHaveLength(0);
  });
});
