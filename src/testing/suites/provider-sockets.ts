import type { ProviderAdapter } from '../../types/adapter.js';
import { ask, formsOf, type Form } from './collect.js';
import { countingSignal, watchTimers } from './leaks.js';
import type { ProviderBench, WatchedContext } from './provider-trial.js';
import { eventually, must, mustEqual, rejectionOf } from './suite.js';

/** How soon the other side must see a socket closed, in milliseconds. */
const CLOSED_WITHIN_MS = 250;

/** Aborts and what is left behind. */
export function socketCases({ test, onWire }: ProviderBench): void {
  test('stops when the signal fires, before its head and in the middle', ['failures'], async ({ open, request, context }) => {
    const adapter = await open();
    for (const form of formsOf(adapter)) {
      for (const reply of [{ text: 'x', delayMs: Infinity }, { text: ['a'], ending: 'hang' } as const]) {
        const hanging = await open(reply);
        const abort = new AbortController();
        const work = ask(hanging, form, request(), context({ signal: abort.signal }));
        setTimeout(() => abort.abort(new Error('conformance abort')), 20);
        await rejectionOf(work, `${form} must reject when its signal fires`);
      }
    }
  });

  test('sends nothing when the signal has fired already', [], async ({ open, request, context }) => {
    const adapter = await open({ text: 'x' }, { text: 'x' });
    for (const form of formsOf(adapter)) {
      const watched = context({ signal: AbortSignal.abort(new Error('conformance abort')) });
      await rejectionOf(ask(adapter, form, request(), watched), `${form} must reject`);
      mustEqual(watched.told.sent, 0, `${form}: calls of sent`);
    }
  });

  onWire('reaches no server when the signal has fired already', [], async ({ openServer, server, request, context }) => {
    const adapter = await openServer({ text: 'x' }, { text: 'x' });
    for (const form of formsOf(adapter)) await rejectionOf(ask(adapter, form, request(), context({ signal: AbortSignal.abort(new Error('conformance abort')) })), `${form} must reject`);
    mustEqual(server.calls.length, 0, 'requests');
  });

  onWire('closes the socket at once when the signal fires, before its head and in the middle', [], async ({ openServer, server, request, context }) => {
    const adapter = await openServer();
    for (const form of formsOf(adapter)) {
      for (const reply of [{ text: 'x', delayMs: Infinity }, { text: ['a'], ending: 'hang' } as const]) {
        server.reply(reply);
        const abort = new AbortController();
        const work = rejectionOf(ask(adapter, form, request(), context({ signal: abort.signal })), `${form} must reject when its signal fires`);
        const call = await server.nextCall();
        await eventually(() => reply.delayMs !== undefined || call.bytesWritten > 0, 'the answer must have begun');
        const firedAt = Date.now();
        abort.abort(new Error('conformance abort'));
        await work;
        await closedWithin(call.closedByClient, firedAt, form);
      }
    }
  });

  onWire('closes the socket at once when the reader leaves early', ['stream'], async ({ openServer, server, request, context }) => {
    const adapter = await openServer({ text: ['a', 'b'], ending: 'hang' });
    const left = leaveAfterFirstText(adapter, request(), context());
    const call = await server.nextCall();
    const leftAt = await left;
    await closedWithin(call.closedByClient, leftAt, 'stream');
  });

  onWire('gives the same for any cut of the bytes', ['stream', 'tools'], async ({ openServer, server, request, context }) => {
    const reply = { text: 'Zürich 👋', toolCalls: [{ id: 'call_a', name: 'weather', input: { city: 'Genève' } }] };
    const adapter = await openServer(reply);
    const wanted = await ask(adapter, 'stream', request(), context());
    for (const write of ['whole', { bytes: 1 }, { bytes: 7 }, { events: 3 }] as const) {
      server.reply({ ...reply, write });
      mustEqual(await ask(adapter, 'stream', request(), context()), wanted, `written as ${JSON.stringify(write)}`);
    }
  });

  onWire('sends its key and the headers of the call', [], async ({ openServer, server, apiKey, request, context }) => {
    const adapter = await openServer({ text: 'x' }, { text: 'x' });
    for (const form of formsOf(adapter)) {
      await ask(adapter, form, request(), context({ headers: { 'x-conformance': 'yes', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } }));
      const { headers = {}, path = '' } = server.calls.at(-1) ?? {};
      mustEqual([headers['x-conformance'], headers['traceparent']?.slice(0, 2)], ['yes', '00'], `${form}: headers of the call`);
      must(path.includes(apiKey) || Object.values(headers).some((value) => value.includes(apiKey)), `${form}: the key must go with the request`);
      mustEqual(server.calls.at(-1)?.model, 'model' in context() ? context().model : '', `${form}: model`);
    }
  });

  onWire('recovers from a kept socket that the server has closed', [], async ({ openServer, server, request, context }) => {
    const adapter = await openServer();
    server.always('hello');
    const [form] = formsOf(adapter);
    if (form === undefined) return; // an adapter that only embeds
    await ask(adapter, form, request(), context());
    server.dropSockets('all');
    // Until the client has heard of it, a request may still meet the dead socket: that is the network's failure, not a lasting one.
    await new Promise((resolve) => setTimeout(resolve, 50));
    mustEqual((await ask(adapter, form, request(), context())).content, [{ type: 'text', text: 'hello' }], 'content');
  });

  onWire('leaves no listener on the signal, and no timer that keeps the process', [], async ({ openServer, server, request, context }) => {
    const timers = await watchTimers();
    const adapter = await openServer({ text: 'x' }, { text: 'x' }, { error: 'server_error' }, { error: 'server_error' });
    const watched = countingSignal();
    for (let round = 0; round < 2; round++) {
      for (const form of formsOf(adapter)) await ask(adapter, form, request(), context({ signal: watched.signal })).catch(() => undefined);
    }
    await adapter.close?.();
    await server.close();
    await eventually(() => watched.count() === 0, 'every listener on the signal must be gone');
    try {
      await timers.mustBeGone();
    } finally {
      timers.stop();
    }
  });

  onWire('leaves no socket when it is closed', [], async ({ openServer, server, request, context }) => {
    const adapter = await openServer({ text: 'x' }, { text: 'x' });
    if (adapter.close === undefined) return; // whoever made its client closes it
    for (const form of formsOf(adapter)) await ask(adapter, form, request(), context());
    await adapter.close();
    await eventually(() => server.openSockets === 0, 'every socket must be closed');
  });
}

async function leaveAfterFirstText(adapter: ProviderAdapter, ...asked: [Parameters<NonNullable<ProviderAdapter['stream']>>[0], WatchedContext]): Promise<number> {
  for await (const event of adapter.stream?.(...asked) ?? []) if (event.type === 'text-delta' && event.text !== '') break;
  return Date.now();
}

async function closedWithin(closed: Promise<number>, since: number, form: Form): Promise<void> {
  let closedAt: number | undefined;
  void closed.then((at) => {
    closedAt = at;
  });
  await eventually(() => closedAt !== undefined, `${form}: the socket must be closed`, CLOSED_WITHIN_MS);
  must((closedAt ?? Infinity) - since <= CLOSED_WITHIN_MS, `${form}: the socket must be closed within ${CLOSED_WITHIN_MS} ms`);
}
