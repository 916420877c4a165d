import { ProviderError } from '../../errors.js';
import type { AdapterEvent } from '../../types/adapter.js';
import type { ProviderCode } from '../../types/codes.js';
import type { AnswerReply } from '../reply.js';
import { ask, formsOf, told } from './collect.js';
import { API_KEY, type ProviderBench, type ProviderFeature, type Trial } from './provider-trial.js';
import { must, mustEqual, rejectionOf } from './suite.js';

const CODES: readonly (readonly [code: ProviderCode, needs: readonly ProviderFeature[]])[] = [
  ['authentication', []],
  ['permission', []],
  ['not_found', []],
  ['invalid_request', []],
  ['context_length', ['context-length-errors']],
  ['content_filter', ['content-filter-errors']],
  ['provider_rate_limit', []],
  ['quota_exhausted', []],
  ['overloaded', []],
  ['server_error', []],
];
const SECRET_PROMPT = 'my diary says 8c1e77';

/** What a bad answer must come out as: a ProviderError that says which kind, and nothing it should not. */
export function failureCases({ test, onWire }: ProviderBench): void {
  for (const [code, needs] of CODES) {
    test(`fails with ${code} when the provider does`, ['failures', ...needs], async ({ open, request, context }) => {
      const adapter = await open({ error: code }, { error: code });
      for (const form of formsOf(adapter)) {
        const error = await providerError(ask(adapter, form, request(), context()), `${form} must reject`);
        mustEqual(error.code, code, `${form}: code`);
      }
    });
  }

  test('hands on how long the provider asks to wait', ['failures'], async ({ open, request, context }) => {
    const reply = { error: 'provider_rate_limit', retryAfterMs: 7000 } as const;
    const adapter = await open(reply, reply);
    for (const form of formsOf(adapter)) {
      const error = await providerError(ask(adapter, form, request(), context()), `${form} must reject`);
      mustEqual([error.retryAfterMs, error.retryable], [7000, true], `${form}: retryAfterMs and retryable`);
    }
  });

  onWire('says of a refused request that it was refused, and with which status', [], async ({ open, request, context }) => {
    const adapter = await open({ error: 'authentication' }, { error: 'authentication' });
    for (const form of formsOf(adapter)) {
      const error = await providerError(ask(adapter, form, request(), context()), `${form} must reject`);
      mustEqual(error.certainty, 'refused', `${form}: certainty`);
      must(error.status !== undefined && error.status >= 400, `${form}: status`, error.status);
    }
  });

  test('never gives finish for a stream that ended without its terminal marker', ['stream', 'failures'], async ({ open, request, context }) => {
    await mustBreak(await open({ text: ['half', ' an answer'], ending: 'cut' }), { request, context }, 'either');
  });

  test('fails when the provider reports an error inside the stream', ['stream', 'failures'], async ({ open, request, context }) => {
    await mustBreak(await open({ text: ['half'], ending: { error: 'overloaded' } }), { request, context }, 'throw');
  });

  onWire('fails when the socket breaks inside the stream', ['stream'], async ({ openServer, request, context }) => {
    const adapter = await openServer({ text: ['half'], ending: 'reset' }, { text: ['half'], ending: 'close' });
    for (let call = 0; call < 2; call++) await mustBreak(adapter, { request, context }, 'throw');
  });

  onWire('never gives finish for a stream cut at any byte before its end', ['stream', 'tools'], async ({ openServer, server, request, context }) => {
    const reply: AnswerReply = { text: 'Hé', toolCalls: [{ name: 'weather', input: { a: 1 } }] };
    const adapter = await openServer(reply);
    await ask(adapter, 'stream', request(), context());
    const whole = server.calls[0]?.bytesWritten ?? 0;
    for (let part = 1; part < 12; part++) {
      // The last event of some protocols is a marker that only repeats that it is over: stay clear of it.
      server.reply({ ...reply, endAfterBytes: Math.floor((whole * part) / 24) });
      await mustBreak(adapter, { request, context }, 'either');
    }
  });

  onWire('fails when a whole answer is cut', ['chat'], async ({ openServer, request, context }) => {
    const adapter = await openServer({ text: 'whole', ending: 'cut' }, { text: 'whole', ending: 'reset' });
    for (let call = 0; call < 2; call++) await providerError(ask(adapter, 'chat', request(), context()), 'chat must reject');
  });

  onWire('fails with invalid_response when an event is not JSON, or the answer is a web page', [], async ({ openServer, request, context }) => {
    const adapter = await openServer();
    for (const form of formsOf(adapter)) {
      const open = await openServer({ error: 'invalid_response' });
      mustEqual((await providerError(ask(open, form, request(), context()), `${form} must reject`)).code, 'invalid_response', `${form}: code`);
    }
    if (adapter.stream === undefined) return;
    const broken = await openServer({ text: ['a'], ending: 'malformed' });
    mustEqual((await providerError(ask(broken, 'stream', request(), context()), 'stream must reject')).code, 'invalid_response', 'code');
  });

  onWire('fails when the provider reports an error in a 200', ['chat'], async ({ openServer, request, context }) => {
    const adapter = await openServer({ text: 'x', ending: { error: 'server_error' } });
    await providerError(ask(adapter, 'chat', request(), context()), 'chat must reject');
  });

  onWire('knows that nothing was sent when nobody listens', [], async ({ openServer, server, request, context }) => {
    const adapter = await openServer();
    await server.close();
    for (const form of formsOf(adapter)) {
      const watched = context();
      const error = await providerError(ask(adapter, form, request(), watched), `${form} must reject`);
      mustEqual([error.code, error.certainty, watched.told.sent], ['network', 'not_sent', 0], `${form}: code, certainty and calls of sent`);
    }
  });

  onWire('follows no redirect', ['redirects'], async ({ openServer, server, request, context }) => {
    const adapter = await openServer();
    for (const form of formsOf(adapter)) {
      server.reset();
      server.reply({ status: 307, headers: { location: `${server.url}/elsewhere/v1/chat/completions` }, body: '' });
      await providerError(ask(adapter, form, request(), context()), `${form} must reject`);
      mustEqual(server.calls.length, 1, `${form}: requests`);
    }
  });

  onWire('shows no key, prompt or header in an error', [], async ({ openServer, server, request, context }) => {
    const said = `bad key ${API_KEY} in: ${SECRET_PROMPT}`;
    const secret = 'header-5a1b9e';
    const adapter = await openServer();
    for (const form of formsOf(adapter)) {
      server.reply({ error: 'authentication', message: said }, { error: 'invalid_response', message: `<p>${said}</p>` }, { status: 500, body: said, headers: { 'set-cookie': secret } });
      if (form === 'stream') server.reply({ text: [SECRET_PROMPT], ending: { error: 'server_error', message: said } }, { text: [SECRET_PROMPT], ending: 'malformed' });
      for (let call = 0; call < (form === 'stream' ? 5 : 3); call++) {
        const asked = request({ messages: [{ role: 'user', content: SECRET_PROMPT }] });
        const error = await providerError(ask(adapter, form, asked, context({ headers: { 'x-secret': secret } })), `${form} must reject`);
        const shown = await everythingShown(error);
        for (const hidden of [API_KEY, SECRET_PROMPT, secret]) must(!shown.includes(hidden), `${form}: the error must not show ${JSON.stringify(hidden)}`, shown);
      }
    }
  });
}

async function providerError(work: Promise<unknown>, wanted: string): Promise<ProviderError> {
  const error = await rejectionOf(work, wanted);
  must(error instanceof ProviderError, `${wanted} with a ProviderError`, error);
  return error;
}

/** The stream must give what came before the break, and no finish; `throw`: and say so. */
async function mustBreak(adapter: Awaited<ReturnType<Trial['open']>>, { request, context }: Pick<Trial, 'request' | 'context'>, how: 'throw' | 'either'): Promise<void> {
  const events: AdapterEvent[] = [];
  let failure: unknown;
  try {
    for await (const event of adapter.stream?.(request(), context()) ?? []) events.push(event);
  } catch (error) {
    failure = error;
  }
  mustEqual(told(events).finishReason, undefined, 'finish of a broken stream');
  must(failure === undefined || failure instanceof ProviderError, 'a broken stream must throw a ProviderError', failure);
  must(how === 'either' || failure !== undefined, 'this stream must throw, not end');
}

async function everythingShown(error: ProviderError): Promise<string> {
  const shown = [String(error), error.stack ?? '', JSON.stringify(error)];
  try {
    const { inspect } = await import('node:util');
    shown.push(inspect(error, { depth: 10, showHidden: true }));
  } catch {
    // no node:util here: nobody inspects with it either
  }
  return shown.join('\n');
}
