// The conformance suites need no test runner: with vitest or node:test each is one line,
//   for (const { name, run } of suite) it(name, run);
import { observe, type AdapterEvent, type Interceptor, type ProviderAdapter } from 'headgate';
import { openaiCompatible } from 'headgate/providers/openai-compatible';
import { interceptorSuite, providerSuite, type AnswerReply } from 'headgate/testing';
import { setTimeout } from 'node:timers/promises';

// #region interceptor
const timing = (): Interceptor => ({
  name: 'timing',
  intercept: (call, next) => observe(call, next, ({ durationMs }) => console.assert(durationMs >= 0)),
});

const interceptorCases = interceptorSuite({ create: timing });
// #endregion interceptor

// #region provider
const providerCases = providerSuite({
  connect: (server, apiKey) => openaiCompatible({ name: 'mine', apiKey, baseUrl: server.baseUrls.openai }),
  without: ['embed'], // what it cannot do
});
// #endregion provider

// #region scripted
/** Not over HTTP: it says what the suite wants it to say. */
const parrot = (replies: AnswerReply[]): ProviderAdapter => ({
  name: 'parrot',
  async *stream(_request, context): AsyncGenerator<AdapterEvent> {
    const reply = replies.shift() ?? {};
    context.signal.throwIfAborted();
    context.sent();
    context.answered({ status: 200, headers: {} });
    for (const text of [reply.text ?? ''].flat()) {
      await setTimeout(reply.chunkDelayMs);
      yield { type: 'text-delta', text };
    }
    yield { type: 'finish', finishReason: reply.finishReason ?? 'stop' };
  },
});

const scriptedCases = providerSuite({
  scripted: (replies) => parrot(replies.filter((reply) => !('error' in reply || 'embeddings' in reply))),
  without: ['chat', 'embed', 'tools', 'reasoning', 'refusal', 'usage', 'content-filter', 'failures'],
});
// #endregion scripted

for (const { name, run } of [...interceptorCases, ...providerCases, ...scriptedCases]) {
  await run().catch((error: unknown) => {
    throw new Error(`it must hold that it ${name}`, { cause: error });
  });
}
console.log(`the interceptor keeps ${interceptorCases.length} promises, the provider over HTTP ${providerCases.length}, the parrot ${scriptedCases.length}`);
