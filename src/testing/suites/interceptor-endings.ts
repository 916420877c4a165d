import { CancelledError, ProviderError } from '../../errors.js';
import { observe, type Interceptor, type Outcome } from '../../index.js';
import { readAll, type InterceptorTest } from './interceptor-trial.js';
import { countingSignal } from './leaks.js';
import { ConformanceError, eventually, must, mustEqual, rejectionOf, settlesWithin } from './suite.js';

/** How soon a provider must hear that nobody waits any more, in milliseconds. */
const STOPPED_WITHIN_MS = 250;

/** Failures, cancellations, and what is left behind. */
export function endingCases(test: InterceptorTest): void {
  test('hands on a failure that nobody can repair', async ({ gateway, mock, request }) => {
    mock.always({ error: 'authentication' });
    for (const work of [() => gateway.chat(request()), () => gateway.stream(request()).response(), () => gateway.embed({ model: 'mock/embed', input: ['a'] })]) {
      mustEqual(codeOf(await rejectionOf(work(), 'the call must reject')), 'authentication', 'code');
    }
  });

  test('hands on a failure in the middle of a stream, after the content', async ({ gateway, mock, request, comparesContent }) => {
    mock.always({ text: ['This was ', 'said. '], ending: { error: 'overloaded' } });
    const stream = gateway.stream(request());
    const events: string[] = [];
    const error = await rejectionOf(
      (async () => {
        for await (const event of stream) events.push(event.type === 'text-delta' ? event.text : event.type);
      })(),
      'the stream must throw',
    );
    must(error instanceof ProviderError, 'the stream must throw a ProviderError', error);
    must(!events.includes('end'), 'a broken stream must have no end event');
    if (comparesContent) mustEqual(error.partial?.text, events.filter((text) => text.endsWith(' ')).join(''), 'partial must be what the reader got');
  });

  test('hands on that a stream was cut, and never ends it well', async ({ gateway, mock, request }) => {
    mock.always({ text: ['half ', 'an'], ending: 'cut' });
    mustEqual(codeOf(await rejectionOf(gateway.stream(request()).response(), 'the stream must throw')), 'stream_interrupted', 'code');
  });

  test('hands on the abort of a call, and stops the provider', async ({ gateway, mock, request }) => {
    mock.always({ text: 'x', delayMs: Infinity });
    const abort = new AbortController();
    const work = gateway.chat(request(), { signal: abort.signal });
    await eventually(() => mock.calls.length > 0, 'the call must reach the provider');
    abort.abort();
    must((await rejectionOf(work, 'the call must reject')) instanceof CancelledError, 'the call must reject with a CancelledError');
    await stopped(mock);
  });

  test('hands on the abort of a stream in the middle, and stops the provider', async ({ gateway, mock, request }) => {
    mock.always({ text: ['one. ', 'two. ', 'three. '], ending: 'hang' });
    const abort = new AbortController();
    const work = (async () => {
      for await (const event of gateway.stream(request(), { signal: abort.signal })) if (event.type === 'end') throw new ConformanceError('an aborted stream must not end well');
    })();
    await eventually(() => mock.calls.length > 0, 'the call must reach the provider');
    setTimeout(() => abort.abort(), 10);
    const error = await rejectionOf(work, 'the stream must throw');
    must(error instanceof CancelledError, 'the stream must throw a CancelledError', error);
    await stopped(mock);
  });

  test('stops the provider when the reader leaves early', async ({ gateway, mock, request }) => {
    mock.always({ text: Array.from({ length: 20 }, (_, index) => `Sentence ${index}. `), chunkDelayMs: 2, ending: 'hang' });
    for await (const event of gateway.stream(request())) if (event.type === 'text-delta') break;
    await stopped(mock);
  });

  test('stops the provider when an opened stream is cancelled unread', async ({ gateway, mock, request }) => {
    mock.always({ text: Array.from({ length: 20 }, (_, index) => `Sentence ${index}. `), chunkDelayMs: 2, ending: 'hang' });
    const stream = gateway.stream(request());
    await stream.open();
    await stream.cancel();
    await stopped(mock);
  });

  test('asks no provider when the signal has fired already', async ({ gateway, mock, request }) => {
    mock.always('x');
    const signal = AbortSignal.abort();
    for (const work of [() => gateway.chat(request(), { signal }), () => gateway.stream(request(), { signal }).response()]) {
      const error = await rejectionOf(work(), 'the call must reject');
      must(error instanceof CancelledError, 'the call must reject with a CancelledError', error);
    }
    mustEqual(mock.calls.length, 0, 'calls of the provider');
  });

  test('lets a deadline end a call, even of a provider that ignores it', async ({ gateway, mock, request }) => {
    mock.always({ text: ['one. ', 'two. '], ending: 'hang', ignoreAbort: true });
    for (const work of [() => gateway.chat(request(), { timeoutMs: 30 }), () => gateway.stream(request(), { timeoutMs: 30 }).response()]) {
      mustEqual(codeOf(await rejectionOf(work(), 'the call must reject at its deadline', 1000)), 'deadline_exceeded', 'code');
    }
  });

  test('goes on with other calls when one is aborted', async ({ gateway, mock, request, comparesContent }) => {
    mock.always((call) => ({ text: call.text, chunkSize: 4, chunkDelayMs: 3 }));
    const abort = new AbortController();
    const asked = request();
    const going = gateway.stream(asked).response();
    const aborted = rejectionOf(gateway.stream(request(), { signal: abort.signal }).response(), 'the aborted call must reject');
    setTimeout(() => abort.abort(), 5);
    must((await aborted) instanceof CancelledError, 'the aborted call must reject with a CancelledError');
    const response = await going;
    if (comparesContent) mustEqual(response.text, asked.messages[0]?.content, 'the text of the call that went on');
  });

  const outcomes: Outcome['status'][] = [];
  const watching: Interceptor = { name: 'conformance-watch', intercept: (call, next) => observe(call, next, (outcome) => void outcomes.push(outcome.status)) };
  test(
    'shows whoever stands outside it every outcome exactly once',
    async ({ gateway, mock, request }) => {
      outcomes.length = 0;
      mock.reply('one. two. ', 'one. two. ', { text: ['one. ', 'two. '], ending: 'cut' }, { error: 'authentication' }, { text: ['one. ', 'two. '], chunkDelayMs: 2, ending: 'hang' });
      await gateway.chat(request());
      await gateway.stream(request()).response();
      await rejectionOf(gateway.stream(request()).response(), 'a cut stream must throw');
      await rejectionOf(gateway.chat(request()), 'a failure must reject');
      for await (const event of gateway.stream(request())) if (event.type === 'text-delta') break;
      await eventually(() => outcomes.length >= 5, 'every call must have an outcome');
      mustEqual(outcomes, ['ok', 'ok', 'error', 'error', 'cancelled'], 'outcomes');
    },
    { outside: [watching] },
  );

  test('leaves no listener on the signal of its caller', async ({ gateway, mock, request }) => {
    mock.reply('one', 'two', { error: 'authentication' });
    const { signal, count } = countingSignal();
    await gateway.chat(request(), { signal });
    await readAll(gateway.stream(request(), { signal }));
    await rejectionOf(gateway.chat(request(), { signal }), 'a failure must reject');
    await eventually(() => count() === 0, 'every listener must be gone');
  });

  test('leaves no timer behind when it is closed, and may be closed twice', async ({ gateway, interceptors, mock, request, timers }) => {
    mock.always('x');
    await gateway.chat(request());
    await gateway.stream(request()).response();
    must(await settlesWithin(gateway.close(), 1000), 'close() must end within a second');
    for (const interceptor of interceptors) await interceptor.close?.();
    await timers.mustBeGone();
  });
}

async function stopped(mock: { readonly calls: readonly { readonly aborted: boolean }[] }): Promise<void> {
  await eventually(() => mock.calls.length > 0 && mock.calls.every(({ aborted }) => aborted), 'the provider must be told to stop', STOPPED_WITHIN_MS);
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
}
