import { CancelledError, ProviderError, settle, share, type Call, type Interceptor, type Next, type Reply } from 'headgate';
import { describe, expect, it } from 'vitest';
import { answering, ask, begin, collect, failure, finish, gatewayOf, streaming, text, type Scripted } from '../support/adapters.js';

/** Every call with the same model shares what the first one started. */
function sharing(): Interceptor {
  const shared = new Map<string, (reader: Call) => Promise<Reply>>();
  return {
    name: 'sharing',
    intercept(call: Call, next: Next) {
      const join = shared.get(call.request.model) ?? share(call, next);
      shared.set(call.request.model, join);
      return join(call);
    },
  };
}

/** Gives one step each time `open` is called. */
function gate(): { readonly step: () => Promise<void>; open(): void } {
  let opened: (() => void)[] = [];
  return {
    step: () => new Promise((resolve) => opened.push(resolve)),
    open() {
      for (const resolve of opened) resolve();
      opened = [];
    },
  };
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

describe('share', () => {
  it('makes one call below for many readers, and each gets every event', async () => {
    const adapter = streaming([begin, text('a'), text('b'), finish]);
    const gateway = gatewayOf(adapter, [sharing()]);
    const all = await Promise.all([1, 2, 3].map(() => collect(gateway.stream(ask))));
    expect(adapter.contexts).toHaveLength(1);
    for (const events of all) expect(events.map((event) => event.type)).toEqual(['start', 'text-delta', 'text-delta', 'end']);
  });

  it('gives a late reader everything from the first event', async () => {
    const { step, open } = gate();
    const adapter = streaming([begin, text('a'), step, text('b'), finish]);
    const gateway = gatewayOf(adapter, [sharing()]);
    const first = gateway.stream(ask);
    await first.open();
    const second = gateway.stream(ask);
    await second.open();
    setTimeout(open, 2);
    expect((await second.response()).text).toBe('ab');
    expect((await first.response()).text).toBe('ab');
  });

  it.each([
    ['a streaming reader of a unary call', true],
    ['a unary reader of a streaming call', false],
  ])('gives each the form it asked for: %s', async (_name, second) => {
    const { step, open } = gate();
    const gateway = gatewayOf(streaming([step, begin, text('ab'), finish]), [sharing()]);
    const firstAnswer = second ? gateway.chat(ask) : gateway.stream(ask).response();
    await tick();
    const secondAnswer = second ? collect(gateway.stream(ask)) : gateway.chat(ask);
    await tick();
    open();
    expect((await firstAnswer).text).toBe('ab');
    if (second) expect((await secondAnswer) as object[]).toMatchObject([{ type: 'start' }, { type: 'text-delta', text: 'ab' }, { type: 'end' }]);
    else expect(await secondAnswer).toMatchObject({ text: 'ab' });
  });

  it('goes on for the rest when the one who started it leaves', async () => {
    const { step, open } = gate();
    const adapter = streaming([begin, text('a'), step, text('b'), finish]);
    const gateway = gatewayOf(adapter, [sharing()]);
    const controller = new AbortController();
    const leader = gateway.stream(ask, { signal: controller.signal, timeoutMs: 10_000 });
    await leader.open();
    const follower = gateway.stream(ask);
    await follower.open();
    controller.abort();
    expect(await failure(leader.response())).toMatchObject({ code: 'cancelled', partial: { text: 'a' } });
    expect(adapter.contexts[0]?.signal.aborted).toBe(false);
    setTimeout(open, 2);
    expect((await follower.response()).text).toBe('ab');
  });

  it.each([
    ['after content', [begin, text('a'), 'hang']],
    ['before content', ['hang']],
  ] as const)('ends when the last reader leaves %s', async (_name, steps) => {
    const adapter: Scripted = streaming(steps);
    const gateway = gatewayOf(adapter, [sharing()]);
    const controllers = [new AbortController(), new AbortController()];
    const readers = controllers.map(({ signal }) => failure(gateway.stream(ask, { signal }).response()));
    await tick();
    controllers[0]?.abort();
    await tick();
    expect(adapter.contexts[0]?.signal.aborted).toBe(false);
    controllers[1]?.abort();
    await Promise.all(readers);
    expect(adapter.contexts[0]?.signal.aborted).toBe(true);
  });

  it('starts anew for a reader who comes after all have left', async () => {
    const adapter = streaming(['hang']);
    const gateway = gatewayOf(adapter, [sharing()]);
    await failure(gateway.chat(ask, { timeoutMs: 5 }));
    await failure(gateway.chat(ask, { timeoutMs: 5 }));
    expect(adapter.contexts).toHaveLength(2);
  });

  it('fails every reader with the one error, each with a report of its own', async () => {
    const gateway = gatewayOf(streaming([new ProviderError('overloaded', 'busy')]), [sharing()]);
    const errors = await Promise.all([failure(gateway.chat(ask)), failure(gateway.chat(ask))]);
    expect(errors).toMatchObject([{ code: 'overloaded' }, { code: 'overloaded' }]);
    const ids = errors.map((error) => (error as ProviderError).report?.callId);
    expect(new Set(ids).size).toBe(2);
  });

  it('gives all that came before an error', async () => {
    const gateway = gatewayOf(streaming([begin, text('a'), text('b'), new ProviderError('network', 'gone')]), [sharing()]);
    expect(await failure(gateway.stream(ask).response())).toMatchObject({ code: 'stream_interrupted', partial: { text: 'ab' } });
  });

  it('shows in partial what this reader had been given, not what another had', async () => {
    const gateway = gatewayOf(streaming([begin, text('a'), text('b'), 'hang']), [sharing()]);
    const quick = gateway.stream(ask)[Symbol.asyncIterator]();
    const controller = new AbortController();
    const slow = gateway.stream(ask, { signal: controller.signal });
    await slow.open();
    for (let count = 0; count < 3; count++) await quick.next();
    controller.abort();
    expect(await failure(slow.response())).toMatchObject({ partial: { text: 'a' } });
    await quick.return?.();
  });

  it('can be cancelled as a reply that nobody reads', async () => {
    const adapter = streaming([begin, text('a'), 'hang']);
    const gateway = gatewayOf(adapter, [
      {
        name: 'loser',
        async intercept(call, next) {
          const reply = await share(call, next)(call);
          await reply.cancel(new CancelledError('cancelled', 'lost the race'));
          return reply;
        },
      },
    ]);
    expect(await failure(gateway.stream(ask).response())).toMatchObject({ code: 'cancelled', message: 'lost the race' });
    expect(adapter.contexts[0]?.signal.aborted).toBe(true);
  });

  it('settles into the response alone', async () => {
    const gateway = gatewayOf(answering('whole'), [
      { name: 'settles', intercept: async (call, next) => ((await settle((await share(call, next)(call)) as never)) as { text: string }).text === 'whole' ? next(call) : Promise.reject(new Error('no')) },
    ]);
    expect((await gateway.chat(ask)).text).toBe('whole');
  });
});
