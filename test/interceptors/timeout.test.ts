import { ConfigError, transform, type ChatRequest, type Interceptor, type ProviderAdapter } from 'headgate';
import { interceptorSuite, mockProvider } from 'headgate/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { timeout, type TimeoutOptions } from '../../src/interceptors/timeout.js';
import { answering, ask, collect, failure, finish, gatewayOf, onChat, streaming, text, type Step } from '../support/adapters.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const wait = (ms: number): Promise<void> => new Promise((resolve) => void (ms < Infinity && setTimeout(resolve, ms)));
/** The adapter does nothing for so long. */
const after = (ms: number): Step => () => wait(ms);
const sent: Step = (context) => context.sent();
const head: Step = (context) => context.answered({ status: 200, headers: {} });
/** Bytes without an event every so often, for so long. */
const pinging = (everyMs: number, forMs: number): Step => async (context) => {
  for (let at = 0; at < forMs; at += everyMs) {
    await wait(everyMs);
    context.alive();
  }
};

/** An adapter whose `chat` answers after so long. */
function answersAfter(ms: number, signal = true): ProviderAdapter {
  const adapter = answering('there');
  const { chat } = adapter;
  adapter.chat = async (request, context) => {
    context.sent();
    await Promise.race([wait(ms), ...(signal ? [aborted(context.signal)] : [])]);
    return (chat as NonNullable<typeof chat>)(request, context); // it is there
  };
  return adapter;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

interface Ended {
  readonly code: string;
  readonly afterMs: number;
  readonly error: unknown;
}

/** How a stream ended, and when. */
async function streamed(steps: readonly Step[], options: TimeoutOptions = {}, request: Partial<ChatRequest> = {}): Promise<Ended> {
  return ended(gatewayOf(streaming(steps), [timeout(options)]).stream({ ...ask, ...request }).response());
}

/** Runs the clock until it is over. */
async function ended(work: Promise<unknown>): Promise<Ended> {
  const began = performance.now();
  const results: Ended[] = [];
  work.then(
    () => results.push({ code: 'ok', afterMs: performance.now() - began, error: undefined }),
    (error: { readonly code: string }) => results.push({ code: error.code, afterMs: performance.now() - began, error }),
  );
  for (let steps = 0; results.length === 0 && steps < 10_000; steps++) await vi.advanceTimersByTimeAsync(SECOND);
  return results[0] ?? { code: 'never', afterMs: Infinity, error: undefined };
}

describe('timeout', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  describe('until the first content of a stream', () => {
    it('waits a minute, and pings do not lengthen it', async () => {
      expect(await streamed([sent, 'hang'])).toMatchObject({ code: 'first_content_timeout', afterMs: MINUTE });
      expect(await streamed([sent, head, pinging(SECOND, 5 * MINUTE), text('late'), finish])).toMatchObject({ code: 'first_content_timeout', afterMs: MINUTE });
      expect(await streamed([after(59 * SECOND), text('just in time'), finish])).toMatchObject({ code: 'ok' });
    });

    it('waits five where reasoning is asked for', async () => {
      for (const request of [{ reasoning: { effort: 'high' } }, { reasoning: { maxTokens: 8000 } }, { providerOptions: { x: { thinking: {} } } }] as const) {
        expect(await streamed([after(4 * MINUTE), text('thought over'), finish], {}, request)).toMatchObject({ code: 'ok' });
        expect(await streamed([sent, 'hang'], {}, request)).toMatchObject({ code: 'first_content_timeout', afterMs: 5 * MINUTE });
      }
    });

    it('waits five where the model is known to reason', async () => {
      expect(await streamed([after(4 * MINUTE), text('thought over'), finish], {}, { model: 'x/o3' })).toMatchObject({ code: 'ok' });
      expect(await streamed([sent, 'hang'], {}, { model: 'x/gemini-3-pro' })).toMatchObject({ afterMs: 5 * MINUTE });
    });

    it('asks you first whether a target reasons', async () => {
      const reasons = vi.fn<(target: { readonly model: string }) => boolean | undefined>(({ model }) => (model === 'ours' ? true : model === 'o3' ? false : undefined));
      for (const [model, minutes] of [['ours', 5], ['o3', 1], ['o4-mini', 5], ['m', 1]] as const) {
        expect(await streamed([sent, 'hang'], { reasons }, { model: `x/${model}` })).toMatchObject({ afterMs: minutes * MINUTE });
      }
      expect(reasons).toHaveBeenCalledWith({ provider: 'x', model: 'ours' });
    });

    it('takes a tool call or a word of reasoning for content', async () => {
      expect(await streamed([{ type: 'reasoning-delta', text: 'hm' }, after(59 * SECOND), { type: 'tool-call-start', id: 'a', name: 'f' }, after(59 * SECOND), { type: 'tool-call-end', id: 'a' }, finish])).toMatchObject({ code: 'ok' });
    });
  });

  describe('after the first content', () => {
    it('ends a stream after a minute of silence', async () => {
      expect(await streamed([text('one '), after(50 * SECOND), text('two'), 'hang'])).toMatchObject({
        code: 'idle_timeout',
        afterMs: 110 * SECOND,
        error: { certainty: 'started', target: { provider: 'x', model: 'm' }, partial: { text: 'one two' }, report: { attempts: [{ outcome: 'idle_timeout', certainty: 'started' }] } },
      });
    });

    it('counts the minute from the last byte, whenever the first content came', async () => {
      for (const before of [0, 3, 59, 130, 200]) {
        expect(await streamed([after(before * SECOND), text('x'), after(2 * SECOND), text('y'), 'hang'], {}, { model: 'x/o3' })).toMatchObject({ code: 'idle_timeout', afterMs: (before + 62) * SECOND });
      }
    });

    it('lets bytes that bring no event keep a stream alive', async () => {
      expect(await streamed([text('one '), pinging(15 * SECOND, 10 * MINUTE), text('two'), finish])).toMatchObject({ code: 'ok' });
      expect(await streamed([text('one '), pinging(15 * SECOND, 10 * MINUTE), 'hang'])).toMatchObject({ code: 'idle_timeout', afterMs: 11 * MINUTE });
    });

    it('does not take a slow reader for a provider that stalls', async () => {
      const stream = gatewayOf(streaming([text('a'), text('b'), text('c'), finish]), [timeout()]).stream(ask);
      const read = async (): Promise<string> => {
        let all = '';
        for await (const event of stream) {
          if (event.type === 'text-delta') all += event.text;
          await wait(10 * MINUTE);
        }
        return all;
      };
      const reading = read();
      await vi.advanceTimersByTimeAsync(50 * MINUTE);
      expect(await reading).toBe('abc');
    });

    it('counts again from the moment a slow reader asks for more', async () => {
      const stream = gatewayOf(streaming([text('a'), 'hang']), [timeout()]).stream(ask);
      await stream.open();
      await vi.advanceTimersByTimeAsync(10 * MINUTE);
      expect(await ended(stream.response())).toMatchObject({ code: 'idle_timeout', afterMs: MINUTE });
    });

    it('watches the provider, not what a transform lets through', async () => {
      const words: Step[] = Array.from({ length: 10 }, () => [text('x'), after(30 * SECOND)]).flat();
      let held = '';
      const holding: Interceptor = { name: 'holds', intercept: onChat((reply) => transform(reply, { delta: (delta) => (delta.type === 'text-delta' ? ((held += delta.text), []) : [delta]), flush: () => [{ type: 'text-delta', text: held }] })) };
      const gateway = gatewayOf(streaming([...words, finish]), [holding, timeout()]);
      expect(await ended(gateway.stream(ask).response().then(({ text: all }) => expect(all).toBe('x'.repeat(10))))).toMatchObject({ code: 'ok', afterMs: 5 * MINUTE });
      expect(await ended(gatewayOf(streaming([...words, 'hang']), [holding, timeout()]).stream(ask).response())).toMatchObject({ code: 'idle_timeout' });
    });
  });

  describe('of a whole attempt', () => {
    it('waits ten minutes for an answer in one piece, however silent', async () => {
      expect(await ended(gatewayOf(answersAfter(599 * SECOND), [timeout()]).chat(ask))).toMatchObject({ code: 'ok' });
      expect(await ended(gatewayOf(answersAfter(Infinity), [timeout()]).chat(ask))).toMatchObject({
        code: 'attempt_timeout',
        afterMs: 10 * MINUTE,
        error: { certainty: 'possibly_billed', target: { provider: 'x', model: 'm' } },
      });
    });

    it('ends an attempt at embeddings too', async () => {
      const mock = mockProvider({ name: 'x' });
      mock.reply({ embeddings: [[1]], delayMs: Infinity });
      expect(await ended(gatewayOf(mock, [timeout()]).embed({ model: 'x/m', input: ['a'] }))).toMatchObject({ code: 'attempt_timeout', afterMs: 10 * MINUTE });
    });

    it('gives a stream an hour, though it trickles or pings', async () => {
      expect(await streamed([text('one '), pinging(15 * SECOND, 100 * MINUTE)])).toMatchObject({ code: 'attempt_timeout', afterMs: 60 * MINUTE, error: { certainty: 'started', partial: { text: 'one ' } } });
    });

    it('counts each attempt by itself', async () => {
      const again: Interceptor = { name: 'again', stage: 'retry', intercept: (call, next) => next(call).catch(() => next(call)) };
      const error = (await ended(gatewayOf(streaming([sent, 'hang']), [again, timeout({ firstContentMs: 10 * SECOND })]).stream(ask).response())).error;
      expect(error).toMatchObject({ report: { attempts: [{ outcome: 'first_content_timeout' }, { outcome: 'first_content_timeout' }], durationMs: 20 * SECOND } });
    });

    it('stops an adapter that takes no notice, and gives its late answer to nobody', async () => {
      expect(await ended(gatewayOf(answersAfter(20 * MINUTE, false), [timeout()]).chat(ask))).toMatchObject({ code: 'attempt_timeout', afterMs: 10 * MINUTE });
    });

    it('leaves an answer alone that is there and not read yet', async () => {
      const slow: Interceptor = { name: 'slow', async intercept(call, next) { const reply = await next(call); await wait(2 * 60 * MINUTE); return reply; } }; // prettier-ignore
      for (const work of [() => gatewayOf(answering('x'), [slow, timeout()]).chat(ask), () => gatewayOf(streaming([finish]), [slow, timeout()]).stream(ask).response()]) {
        const settled = ended(work());
        expect(await settled).toMatchObject({ code: 'ok', afterMs: 120 * MINUTE });
      }
    });
  });

  describe('where the adapter has one form and the call the other', () => {
    it('expects no first content of an adapter that answers whole', async () => {
      expect(await ended(gatewayOf(answersAfter(5 * MINUTE), [timeout()]).stream(ask).response())).toMatchObject({ code: 'ok' });
      expect(await ended(gatewayOf(answersAfter(Infinity), [timeout()]).stream(ask).response())).toMatchObject({ code: 'attempt_timeout', afterMs: 10 * MINUTE });
    });

    it('sees a stall below a call that does not stream', async () => {
      expect(await ended(gatewayOf(streaming([sent, 'hang']), [timeout()]).chat(ask))).toMatchObject({ code: 'first_content_timeout', afterMs: MINUTE });
      expect(await ended(gatewayOf(streaming([text('a'), 'hang']), [timeout()]).chat(ask))).toMatchObject({ code: 'idle_timeout', afterMs: MINUTE });
      expect(await ended(gatewayOf(streaming([text('a'), pinging(15 * SECOND, 20 * MINUTE)]), [timeout()]).chat(ask))).toMatchObject({ code: 'attempt_timeout', afterMs: 10 * MINUTE });
    });
  });

  it.each<[string, Step[], string]>([
    ['sent and unanswered', [sent, 'hang'], 'possibly_billed'],
    ['answered with a head and no more', [sent, head, 'hang'], 'started'],
    ['of an adapter that does not say whether it sent', ['hang'], 'possibly_billed'],
  ])('says what may have been billed: %s', async (_what, steps, certainty) => {
    const error = (await streamed(steps)).error;
    expect(error).toMatchObject({ name: 'ProviderError', code: 'first_content_timeout', certainty, retryable: false, target: { provider: 'x', model: 'm' }, report: { attempts: [{ certainty }] } });
    expect(String(error)).toContain('x/m: no content came within 60000 ms; if healthy answers take longer, raise firstContentMs of timeout()');
  });

  it('knows that nothing was sent while something else holds the attempt back', async () => {
    const holds: Interceptor = { name: 'holds', stage: 'meter', intercept: async (call, next) => { await wait(20 * MINUTE); return next(call); } }; // prettier-ignore
    expect(await ended(gatewayOf(answering('x'), [timeout(), holds]).chat(ask))).toMatchObject({ code: 'attempt_timeout', error: { certainty: 'not_sent', report: { attempts: [] } } });
  });

  it('records which limit it was, once', async () => {
    const { error } = await streamed([sent, 'hang'], {}, { model: 'x/o3' });
    expect((error as { report: { decisions: { by: string }[] } }).report.decisions.filter(({ by }) => by === 'timeout')).toMatchObject([{ what: 'waited', waitMs: 5 * MINUTE, code: 'first_content_timeout', target: 'x/o3' }]);
  });

  it('switches a limit off with Infinity', async () => {
    expect(await streamed([after(30 * MINUTE), text('a'), finish], { firstContentMs: Infinity })).toMatchObject({ code: 'ok' });
    expect(await streamed([text('a'), after(30 * MINUTE), finish], { idleMs: Infinity })).toMatchObject({ code: 'ok' });
    const off = { firstContentMs: Infinity, reasoningFirstContentMs: Infinity, idleMs: Infinity, attemptMs: Infinity, streamMs: Infinity };
    expect(await streamed([text('a'), after(90 * MINUTE), finish], off)).toMatchObject({ code: 'ok' });
  });

  it('leaves the deadline of the call to the call', async () => {
    const gateway = gatewayOf(streaming([sent, 'hang']), [timeout()]);
    expect(await ended(gateway.stream(ask, { timeoutMs: 30 * SECOND }).response())).toMatchObject({ code: 'deadline_exceeded', afterMs: 30 * SECOND });
  });

  it('can be left out of a call', async () => {
    expect(await ended(gatewayOf(answersAfter(20 * MINUTE), [timeout()]).chat(ask, { without: ['timeout'] }))).toMatchObject({ code: 'ok' });
  });

  it('takes one timer for an attempt, and none for a chunk', async () => {
    const chunks: Step[] = Array.from({ length: 500 }, () => text('x'));
    const set = vi.spyOn(globalThis, 'setTimeout');
    await gatewayOf(streaming([...chunks, finish])).stream(ask).response();
    const without = set.mock.calls.length;
    await gatewayOf(streaming([...chunks, finish]), [timeout()]).stream(ask).response();
    expect(set.mock.calls.length - 2 * without).toBe(1);
    set.mockRestore();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['an answer', () => collect(gatewayOf(streaming([text('a'), finish]), [timeout()]).stream(ask))],
    ['an answer in one piece', () => gatewayOf(answering('a'), [timeout()]).chat(ask)],
    ['a failure', () => failure(gatewayOf(streaming([new Error('no')]), [timeout()]).chat(ask))],
    ['a cut', () => failure(gatewayOf(streaming([text('a')]), [timeout()]).stream(ask).response())],
    ['an abort', async () => {
      const controller = new AbortController();
      const work = failure(gatewayOf(streaming([text('a'), 'hang']), [timeout()]).stream(ask, { signal: controller.signal }).response());
      await vi.advanceTimersByTimeAsync(5);
      controller.abort();
      return work;
    }],
    ['a reader that leaves', async () => { for await (const event of gatewayOf(streaming([text('a'), 'hang']), [timeout()]).stream(ask)) if (event.type === 'text-delta') break; }], // prettier-ignore
    ['a cancelled stream that nobody read', async () => { const stream = gatewayOf(streaming([text('a'), 'hang']), [timeout()]).stream(ask); await stream.open(); await stream.cancel(); }], // prettier-ignore
    ['a timeout', () => streamed([sent, 'hang'])],
  ])('leaves no timer after %s', async (_what, run) => {
    await run();
    await vi.advanceTimersByTimeAsync(2 * SECOND); // the core lets the tail of a finished stream go after one
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['firstContentMs', 0],
    ['reasoningFirstContentMs', -5],
    ['idleMs', Number.NaN],
    ['attemptMs', '60000'],
    ['streamMs', 2 ** 31],
    ['idleMs', null],
    ['reasons', 'always'],
    ['idle', 5000],
  ])('refuses a wrong %s: %s', (field, value) => {
    const options = { [field]: value } as TimeoutOptions;
    expect(() => timeout(options)).toThrow(ConfigError);
    expect(() => timeout(options)).toThrow(`timeout: ${field}: `);
  });

  it('takes an undefined option for none', () => {
    expect(() => timeout({ idleMs: undefined as never, reasons: undefined as never })).not.toThrow();
  });

  it('hands on what `reasons` throws as the failure of the interceptor', async () => {
    const gateway = gatewayOf(answering('x'), [timeout({ reasons: () => { throw new Error('mine'); } })]); // prettier-ignore
    expect(await failure(gateway.chat(ask))).toMatchObject({ code: 'interceptor_failed' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('a timeout keeps no process alive for an answer that has begun and that nobody reads', async () => {
  const set = vi.spyOn(globalThis, 'setTimeout');
  const timers = (): readonly NodeJS.Timeout[] => set.mock.results.map(({ value }) => value as NodeJS.Timeout); // what setTimeout gives on Node
  const stream = gatewayOf(streaming([text('a'), 'hang']), [timeout({ idleMs: 20 })]).stream(ask);
  await stream.open();
  // It fires, and is set again. Waited for without a timer of our own, which would be found.
  for (const until = performance.now() + 70; performance.now() < until; ) await new Promise((resolve) => setImmediate(resolve));
  expect(timers().length).toBeGreaterThan(2);
  expect(timers().filter((timer) => timer.hasRef())).toEqual([]);
  set.mockRestore();
  await stream.cancel();
});

describe('timeout keeps to what every interceptor does', () => {
  for (const { name, run } of interceptorSuite({ create: () => timeout() })) it(name, run);
});
