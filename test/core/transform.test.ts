import { observe, ProviderError, RejectedError, transform, type AdapterEvent, type ChatDelta, type Interceptor, type Rewrite } from 'headgate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask, begin, collect, failure, finish, gatewayOf, hello, onChat, streaming, text } from '../support/adapters.js';

const rewriting = (make: () => Rewrite): Interceptor['intercept'] => onChat((reply) => transform(reply, make()));

const upper = (): Rewrite => ({ delta: (delta) => [delta.type === 'text-delta' ? { ...delta, text: delta.text.toUpperCase() } : delta] });
/** Holds the last character back, as a redactor would. */
const holding = (): Rewrite => {
  let held = '';
  const give = (): ChatDelta[] => {
    const text = held;
    held = '';
    return text === '' ? [] : [{ type: 'text-delta', text }];
  };
  return {
    delta(delta) {
      if (delta.type !== 'text-delta') return [...give(), delta];
      const all = held + delta.text;
      held = all.slice(-1);
      return all.length > 1 ? [{ type: 'text-delta', text: all.slice(0, -1) }] : [];
    },
    flush: give,
  };
};
const waiting = (rewrite: Rewrite): Rewrite => ({
  delta: async (delta) => rewrite.delta(delta),
  flush: async () => (await rewrite.flush?.()) ?? [],
});

describe('transform', () => {
  it('changes deltas, the end and the unary answer alike', async () => {
    const gateway = gatewayOf(streaming(hello), rewriting(upper));
    const events = await collect(gateway.stream(ask));
    expect(events.filter((event) => event.type === 'text-delta').map((event) => event.text)).toEqual(['HEL', 'LO']);
    expect(events.at(-1)).toMatchObject({ response: { text: 'HELLO', content: [{ type: 'text', text: 'HELLO' }] } });
    expect((await gateway.chat(ask)).text).toBe('HELLO');
  });

  it('gives the same whole answer however many transforms, waiting or not, and however the stream was cut', async () => {
    const rewrites = [upper, holding, () => waiting(upper()), () => waiting(holding())];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }), fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }), fc.boolean(), async (pieces, picks, between) => {
        const steps: AdapterEvent[] = [begin, ...pieces.map(text), finish];
        const interceptors: Interceptor[] = picks.map((pick, at) => ({ name: `t${at}`, intercept: rewriting(rewrites[pick] as () => Rewrite) }));
        // An observer between two transforms keeps them from being one layer.
        if (between) interceptors.splice(1, 0, { name: 'between', intercept: (call, next) => observe(call, next, () => {}) });
        const gateway = gatewayOf(streaming(steps), interceptors);
        const whole = picks.some((pick) => pick % 2 === 0) ? pieces.join('').toUpperCase() : pieces.join('');
        const streamed = await collect(gateway.stream(ask));
        const said = streamed.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
        expect(said.length).toBe(whole.length);
        expect(streamed.at(-1)).toMatchObject({ response: { text: said } });
        expect((await gateway.chat(ask)).content).toEqual((streamed.at(-1) as { response: { content: unknown } }).response.content);
      }),
      { numRuns: 60 },
    );
  });

  it('never shows in partial what was held back', async () => {
    const gateway = gatewayOf(streaming([begin, text('secret'), new ProviderError('network', 'gone')]), rewriting(holding));
    expect(await failure(gateway.stream(ask).response())).toMatchObject({ code: 'stream_interrupted', partial: { text: 'secre', content: [{ text: 'secre' }] } });
  });

  it('opens when the first content is past it', async () => {
    let given = 0;
    const swallow = (): Rewrite => ({ delta: (delta) => (delta.type === 'text-delta' && ++given < 2 ? [] : [delta]) });
    const stream = gatewayOf(streaming(hello), rewriting(swallow)).stream(ask);
    await stream.open();
    expect(given).toBe(2);
    expect((await stream.response()).text).toBe('lo');
  });

  it('does not give start to a rewrite', async () => {
    const seen: string[] = [];
    const spy = (): Rewrite => ({ delta: (delta) => (seen.push(delta.type), [delta]) });
    await gatewayOf(streaming(hello), rewriting(spy)).stream(ask).response();
    expect(seen).toEqual(['text-delta', 'text-delta']);
  });

  it('ends the stream with what a rewrite throws, and aborts the attempt below', async () => {
    for (const late of [false, true]) {
      const adapter = streaming([begin, text('a'), text('b'), 'hang']);
      const blocking = (): Rewrite => ({
        delta(delta) {
          if (delta.type !== 'text-delta' || delta.text !== 'b') return [delta];
          const error = new RejectedError('guardrail_blocked', 'no');
          if (late) return Promise.reject(error);
          throw error;
        },
      });
      const error = await failure(gatewayOf(adapter, rewriting(blocking)).stream(ask).response());
      expect(error).toMatchObject({ code: 'guardrail_blocked', partial: { text: 'a' }, report: { attempts: [{ outcome: 'cancelled' }] } });
      expect(adapter.contexts[0]?.signal.aborted).toBe(true);
    }
  });

  it('rewrites tool arguments, and the call is read from what came out', async () => {
    const steps: AdapterEvent[] = [begin, { type: 'tool-call-start', id: 'a', name: 'f' }, { type: 'tool-call-delta', id: 'a', json: '{"n":' }, { type: 'tool-call-delta', id: 'a', json: '1}' }, { type: 'tool-call-end', id: 'a' }, finish];
    const doubled = (): Rewrite => ({ delta: (delta) => [delta.type === 'tool-call-delta' ? { ...delta, json: delta.json.replace('1', '11') } : delta] });
    const response = await gatewayOf(streaming(steps), rewriting(doubled)).chat(ask);
    expect(response.toolCalls).toMatchObject([{ name: 'f', input: { n: 11 } }]);
  });

  it('ends at an abort while a rewrite waits in vain', async () => {
    const stuck = (): Rewrite => ({ delta: () => new Promise(() => {}) });
    expect(await failure(gatewayOf(streaming(hello), rewriting(stuck)).chat(ask, { timeoutMs: 10 }))).toMatchObject({ code: 'deadline_exceeded' });
  });
});
