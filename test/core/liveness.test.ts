import { derive, ProviderError, type Interceptor } from 'headgate';
import { describe, expect, it } from 'vitest';
import { createLiveness, type Liveness } from '../../src/core/liveness.js';
import { answering, ask, collect, failure, finish, gatewayOf, streaming, text, type Step } from '../support/adapters.js';

/** Watches the attempts of a gateway; the signs of the last one. */
function watching(): { readonly interceptor: Interceptor; last(): Liveness } {
  let last = createLiveness();
  return {
    interceptor: { name: 'watch', intercept: (call, next) => next(derive(call, { liveness: (last = createLiveness()) })) },
    last: () => last,
  };
}

describe('the signs of life of an attempt', () => {
  it('say how far it is, and whether somebody waits for more', async () => {
    const watch = watching();
    const seen: Liveness[] = [];
    const look: Step = () => void seen.push({ ...watch.last() });
    const stream = gatewayOf(streaming([look, text('a'), look, finish]), [watch.interceptor]).stream(ask);
    await stream.open();
    expect(watch.last()).toMatchObject({ phase: 'content', waiting: false });
    await collect(stream);
    expect(seen).toMatchObject([
      { phase: 'opening', streamed: true, waiting: true },
      { phase: 'content', streamed: true, waiting: true },
    ]);
    expect(watch.last()).toMatchObject({ phase: 'over', waiting: false });
  });

  it('say whether the adapter streams, whatever its caller asked for', async () => {
    const watch = watching();
    await gatewayOf(streaming([text('a'), finish]), [watch.interceptor]).chat(ask);
    expect(watch.last()).toMatchObject({ phase: 'over', streamed: true });
    await gatewayOf(answering('a'), [watch.interceptor]).stream(ask).response();
    expect(watch.last()).toMatchObject({ phase: 'over', streamed: false });
  });

  it('move with the wait, and with every word of the adapter, until it is over', async () => {
    const watch = watching();
    const at: number[] = [];
    const pause: Step = () => new Promise((resolve) => setTimeout(resolve, 3));
    const look: Step = () => void at.push(watch.last().signAt);
    const adapter = streaming([look, pause, (context) => context.alive(), look, pause, look, pause, text('a'), look, finish]);
    await gatewayOf(adapter, [watch.interceptor]).stream(ask).response();
    const [begun = 0, heard = 0, silent = 0, waited = 0] = at;
    expect(heard).toBeGreaterThan(begun);
    expect(silent).toBe(heard);
    expect(waited).toBeGreaterThan(silent);
    const last = watch.last().signAt;
    adapter.contexts[0]?.alive();
    expect(watch.last().signAt).toBe(last);
  });

  it('are over when it failed', async () => {
    const watch = watching();
    await failure(gatewayOf(streaming([new Error('no')]), [watch.interceptor]).stream(ask).response());
    expect(watch.last().phase).toBe('over');
  });
});

describe('an attempt that is ended from above with a ProviderError', () => {
  const ending: Interceptor = {
    name: 'ends',
    intercept(call, next) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new ProviderError('attempt_timeout', 'too long')), 5);
      return next(derive(call, { signal: controller.signal }));
    },
  };

  it.each<[string, Step[], string]>([
    ['no answer came', [(context) => context.sent(), 'hang'], 'possibly_billed'],
    ['the head had come', [(context) => context.answered({ status: 200, headers: {} }), 'hang'], 'started'],
  ])('fails with it, and the certainty that is known below: %s', async (_what, steps, certainty) => {
    const gateway = gatewayOf(streaming(steps), [ending]);
    for (const work of [() => gateway.chat(ask), () => gateway.stream(ask).response()]) {
      expect(await failure(work())).toMatchObject({ code: 'attempt_timeout', certainty, target: { provider: 'x', model: 'm' }, report: { attempts: [{ outcome: 'attempt_timeout', certainty }] } });
    }
  });

  it('was not sent, where an adapter that says so has not', async () => {
    let sends = true;
    const adapter = streaming([(context) => (sends ? context.sent() : new Promise<void>(() => {})), finish]);
    const gateway = gatewayOf(adapter, [ending]);
    await gateway.chat(ask);
    sends = false;
    expect(await failure(gateway.chat(ask))).toMatchObject({ code: 'attempt_timeout', certainty: 'not_sent' });
  });

  it.each<[string, boolean, string]>([
    ['no answer came', false, 'possibly_billed'],
    ['the head had come', true, 'started'],
  ])('holds for adapters that do not stream too: %s', async (_what, answered, certainty) => {
    const adapter = answering('x');
    adapter.chat = (_request, context) => {
      context.sent();
      if (answered) context.answered({ status: 200, headers: {} });
      return new Promise(() => {});
    };
    expect(await failure(gatewayOf(adapter, [ending]).chat(ask))).toMatchObject({ code: 'attempt_timeout', certainty, target: { provider: 'x', model: 'm' }, report: { attempts: [{ certainty }] } });
  });
});
