import { observe, ProviderError, RejectedError, transform, type AdapterEvent, type Interceptor, type Outcome, type ProviderAdapter, type ReplyOf } from 'headgate';
import { describe, expect, it } from 'vitest';
import { ask, begin, failure, finish, gatewayOf, hello, onChat, streaming, text, type Step } from '../support/adapters.js';

function watching(outcomes: Outcome[]): Interceptor['intercept'] {
  return (call, next) => observe(call, next, (outcome) => void outcomes.push(outcome));
}

describe('observe', () => {
  it.each<[string, readonly Step[], string]>([
    ['an end', hello, 'ok'],
    ['a throw after content', [begin, text('a'), new ProviderError('network', 'gone')], 'error'],
    ['a failure to open', [new ProviderError('overloaded', 'busy')], 'error'],
    ['a cut stream', [begin, text('a')], 'error'],
    ['an adapter that throws something of its own', [new TypeError('oops')], 'error'],
  ])('sees exactly once: %s', async (_name, steps, status) => {
    for (const streamed of [false, true]) {
      const outcomes: Outcome[] = [];
      const gateway = gatewayOf(streaming(steps), watching(outcomes));
      await (streamed ? gateway.stream(ask).response() : gateway.chat(ask)).catch(() => {});
      expect(outcomes.map((outcome) => outcome.status)).toEqual([status]);
    }
  });

  it('tells inner observers first', async () => {
    const told: string[] = [];
    const named = (name: string): Interceptor => ({ name, intercept: (call, next) => observe(call, next, () => void told.push(name)) });
    await gatewayOf(streaming(hello), [named('outer'), named('inner')]).stream(ask).response();
    expect(told).toEqual(['inner', 'outer']);
  });

  it('holds the end back until its promise has settled', async () => {
    let written = false;
    const gateway = gatewayOf(streaming(hello), (call, next) =>
      observe(call, next, async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        written = true;
      }),
    );
    for await (const event of gateway.stream(ask)) if (event.type === 'end') expect(written).toBe(true);
    expect(written).toBe(true);
  });

  it('replaces the end by its own failure, which the observers above see', async () => {
    const outcomes: Outcome[] = [];
    const gateway = gatewayOf(streaming(hello), [
      { name: 'above', intercept: watching(outcomes) },
      { name: 'ledger', intercept: (call, next) => observe(call, next, () => Promise.reject(new RejectedError('store_unavailable', 'no ledger'))) },
    ]);
    expect(await failure(gateway.stream(ask).response())).toMatchObject({ code: 'store_unavailable' });
    expect(outcomes).toMatchObject([{ status: 'error', error: { code: 'store_unavailable' } }]);
  });

  it('replaces the error of a call that failed to open', async () => {
    const gateway = gatewayOf(streaming([new ProviderError('overloaded', 'busy')]), (call, next) =>
      observe(call, next, () => Promise.reject(new RejectedError('store_unavailable', 'no ledger'))),
    );
    expect(await failure(gateway.chat(ask))).toMatchObject({ code: 'store_unavailable' });
  });

  it('keeps nobody waiting after a cancellation; close does wait', async () => {
    let written = false;
    const gateway = gatewayOf(streaming([begin, text('a'), 'hang']), (call, next) =>
      observe(call, next, async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        written = true;
      }),
    );
    const stream = gateway.stream(ask);
    await stream.open();
    await stream.cancel();
    expect(written).toBe(false);
    await gateway.close();
    expect(written).toBe(true);
  });

  it('does not hold the reader past the deadline when the observer hangs', async () => {
    const gateway = gatewayOf(streaming(hello), (call, next) => observe(call, next, () => new Promise(() => {})));
    expect(await failure(gateway.chat(ask, { timeoutMs: 20 }))).toMatchObject({ code: 'deadline_exceeded' });
  });

  it('sees what passed its own place: raw below a transform, rewritten above it', async () => {
    const above: Outcome[] = [];
    const below: Outcome[] = [];
    const upper = onChat((reply) => transform(reply, { delta: (delta) => [delta.type === 'text-delta' ? { ...delta, text: delta.text.toUpperCase() } : delta] }));
    const gateway = gatewayOf(streaming([begin, text('ab'), new ProviderError('network', 'gone')]), [
      { name: 'above', intercept: watching(above) },
      { name: 'upper', intercept: upper },
      { name: 'below', intercept: watching(below) },
    ]);
    const error = await failure(gateway.stream(ask).response());
    expect(error).toMatchObject({ partial: { text: 'AB' } });
    expect(above).toMatchObject([{ partial: { text: 'AB' } }]);
    expect(below).toMatchObject([{ partial: { text: 'ab' } }]);
  });

  it('knows how long it took, and what the answer said beside its body', async () => {
    const outcomes: Outcome[] = [];
    const facts = { status: 200, headers: { 'x-request-id': 'q' }, requestId: 'q' };
    await gatewayOf(streaming([(context) => context.answered(facts), ...hello]), watching(outcomes)).stream(ask).response();
    expect(outcomes[0]).toMatchObject({ facts, durationMs: expect.any(Number), timeToFirstContentMs: expect.any(Number) });
  });

  it('gives what an interceptor throws by mistake a code of its own, without its message', async () => {
    const gateway = gatewayOf(streaming([begin, finish]), async () => {
      throw new TypeError('the prompt was: secret');
    });
    const error = await failure(gateway.chat(ask));
    expect(error).toMatchObject({ code: 'interceptor_failed', cause: { name: 'TypeError' } });
    expect(String((error as Error).stack)).not.toContain('secret');
    expect(String((error as Error).stack)).toContain('observe.test');
  });

  it('shows every delta of a stream as the reader gets it, to each who asks, and none of an answer that does not stream', async () => {
    const [first, second]: string[][] = [[], []];
    const showing = (name: string, seen: string[] = []): Interceptor => ({ name, intercept: (call, next) => observe(call, next, () => void seen.push('ended'), (delta) => void seen.push(delta.type)) });
    const interceptors = [showing('outer', first), showing('inner', second)];
    const read: string[] = [];
    for await (const event of gatewayOf(streaming(hello), interceptors).stream(ask)) read.push(event.type);
    expect(read).toEqual(['start', 'text-delta', 'text-delta', 'end']);
    for (const seen of [first, second]) expect(seen?.splice(0)).toEqual(['start', 'text-delta', 'text-delta', 'ended']);
    await gatewayOf(streaming(hello), interceptors).chat(ask);
    expect(first).toEqual(['ended']);
  });

  it('shows the deltas that an adapter has ready at once, and what a transform below makes of them', async () => {
    const eager: ProviderAdapter = {
      name: 'x',
      stream() {
        const events = [...hello];
        return { [Symbol.asyncIterator]: () => ({ ready: () => events.shift(), next: async () => ({ done: events.length === 0, value: events.shift() as AdapterEvent }) }) };
      },
    };
    const seen: string[] = [];
    const showing: Interceptor = { name: 'showing', intercept: (call, next) => observe(call, next, () => {}, (delta) => void (delta.type === 'text-delta' && seen.push(delta.text))) };
    await gatewayOf(eager, [showing]).stream(ask).response();
    expect(seen.splice(0)).toEqual(['Hel', 'lo']);
    const twice: Interceptor = { name: 'twice', intercept: onChat((reply) => transform(reply as ReplyOf<'chat'>, { delta: (delta) => [delta, delta] })) };
    await gatewayOf(eager, [showing, twice]).stream(ask).response();
    expect(seen).toEqual(['Hel', 'Hel', 'lo', 'lo']);
  });
});
