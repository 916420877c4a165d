import { derive, ProviderError, resume, type AdapterEvent, type Call, type Interceptor, type ReplyOf } from 'headgate';
import { describe, expect, it } from 'vitest';
import { ask, begin, collect, failure, finish, gatewayOf, hello, streaming, text, type Scripted, type Step } from '../support/adapters.js';

/** Gives the first steps at the first attempt, and so on. */
function inTurn(...turns: readonly (readonly Step[])[]): Scripted {
  const adapters = turns.map((steps) => streaming(steps));
  const contexts: Scripted['contexts'] = [];
  return {
    name: 'x',
    contexts,
    stream(request, context) {
      const turn = adapters[contexts.length];
      contexts.push(context);
      return (turn as Required<Scripted>).stream(request, context) as AsyncIterable<AdapterEvent>;
    },
  };
}

function continuing(times: number): Interceptor {
  return {
    name: 'continuing',
    async intercept(call, next) {
      const reply = await next(call);
      if (reply.operation !== 'chat') return reply;
      let left = times;
      return resume(call, reply, async () => {
        if (left-- === 0) return undefined;
        return (await next(derive(call as Call, { kind: 'continue', attempt: 2 }))) as ReplyOf<'chat'>;
      });
    },
  };
}

const cut: Step = new ProviderError('network', 'gone');

describe('resume', () => {
  it('changes nothing when nothing is cut', async () => {
    const events = await collect(gatewayOf(streaming(hello), [continuing(1)]).stream(ask));
    expect(events.map((event) => event.type)).toEqual(['start', 'text-delta', 'text-delta', 'end']);
  });

  it('goes on with what more gives, as one answer', async () => {
    const adapter = inTurn([begin, text('Hel'), cut], [begin, text('lo'), finish]);
    const events = await collect(gatewayOf(adapter, [continuing(1)]).stream(ask));
    expect(events.map((event) => event.type)).toEqual(['start', 'text-delta', 'text-delta', 'end']);
    expect(events.at(-1)).toMatchObject({
      response: {
        text: 'Hello',
        content: [{ type: 'text', text: 'Hello' }],
        usage: { estimated: true },
        gateway: { attempts: [{ index: 1, outcome: 'stream_interrupted', kind: 'first' }, { index: 2, outcome: 'ok', kind: 'continue' }] },
      },
    });
  });

  it('goes on again when that is cut too', async () => {
    const adapter = inTurn([begin, text('a'), cut], [begin, text('b'), cut], [begin, text('c'), finish]);
    expect((await gatewayOf(adapter, [continuing(2)]).stream(ask).response()).text).toBe('abc');
  });

  it('throws the error with all that was given when there is no more', async () => {
    const adapter = inTurn([begin, text('a'), cut], [begin, text('b'), cut]);
    expect(await failure(gatewayOf(adapter, [continuing(1)]).stream(ask).response())).toMatchObject({ code: 'stream_interrupted', partial: { text: 'ab' } });
  });

  it('throws what more throws', async () => {
    const gateway = gatewayOf(streaming([begin, text('a'), cut]), [
      {
        name: 'broken',
        async intercept(call, next) {
          return resume(call, (await next(call)) as ReplyOf<'chat'>, () => Promise.reject(new ProviderError('quota_exhausted', 'none left')));
        },
      },
    ]);
    expect(await failure(gateway.stream(ask).response())).toMatchObject({ code: 'quota_exhausted', partial: { text: 'a' } });
  });

  it('goes on after what ended the attempt alone, such as its timeout', async () => {
    const adapter = inTurn([begin, text('Hel'), 'hang'], [begin, text('lo'), finish]);
    const stalls: Interceptor = {
      name: 'stalls',
      intercept(call, next) {
        const controller = new AbortController();
        if (call.kind === 'first') setTimeout(() => controller.abort(new ProviderError('idle_timeout', 'nothing came')), 5);
        return next(derive(call, { signal: controller.signal }));
      },
    };
    const response = await gatewayOf(adapter, [continuing(1), stalls]).stream(ask).response();
    expect(response.text).toBe('Hello');
    expect(response.gateway?.attempts.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(['first idle_timeout', 'continue ok']);
  });

  it.each(['the deadline passes', 'the reader leaves'])('stops an attempt that is to go on, with a signal of its own, when %s', async (why) => {
    const adapter = inTurn([begin, text('a'), cut], ['hang']);
    const ownSignal: Interceptor = { name: 'own-signal', intercept: (call, next) => next(derive(call, { signal: new AbortController().signal })) };
    const stream = gatewayOf(adapter, [continuing(1), ownSignal]).stream(ask, why === 'the deadline passes' ? { timeoutMs: 20 } : {});
    const reading = failure(stream.response());
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (why === 'the reader leaves') await stream.cancel();
    expect(await reading).toMatchObject({ code: why === 'the reader leaves' ? 'cancelled' : 'deadline_exceeded' });
    expect(adapter.contexts[1]?.signal.aborted).toBe(true);
  });

  it('does not go on after the reader has left', async () => {
    const adapter = inTurn([begin, text('a'), cut], ['hang']);
    const stream = gatewayOf(adapter, [continuing(1)]).stream(ask);
    const reading = failure(stream.response());
    await new Promise((resolve) => setTimeout(resolve, 5));
    await stream.cancel();
    expect(await reading).toMatchObject({ code: 'cancelled' });
    expect(adapter.contexts[1]?.signal.aborted).toBe(true);
  });
});
