// An interceptor is one function around the call: `await next(call)` is the part before the first content,
// `observe` tells how it ended, `transform` rewrites what comes. One of each serves chat, streams and embeddings.
import { createGateway, derive, observe, transform, type Interceptor } from 'headgate';
import { mockProvider } from 'headgate/testing';

// #region observe
/** Logs one line per call, however it ended. */
const timing: Interceptor = {
  name: 'timing',
  stage: 'observe',
  intercept: (call, next) =>
    observe(call, next, (outcome) => {
      console.log(`${call.request.model}: ${outcome.status} in ${outcome.durationMs < 1000 ? 'under a second' : 'over a second'}`);
    }),
};
// #endregion observe

// #region transform
/** Swaps a word in every answer, streamed or not, and keeps deltas, text and content in agreement. */
const politeness: Interceptor = {
  name: 'politeness',
  stage: 'guard',
  async intercept(call, next) {
    const reply = await next(call);
    if (reply.operation !== 'chat') return reply;
    return transform(reply, { delta: (delta) => [delta.type === 'text-delta' ? { ...delta, text: delta.text.replace('Nope', 'No') } : delta] });
  },
};
// #endregion transform

// #region retry
/** Tries once more when the provider says that it is overloaded. Nothing is retried once content has come: by then `next` has resolved. */
const onceMore: Interceptor = {
  name: 'once-more',
  stage: 'retry',
  async intercept(call, next) {
    try {
      return await next(call);
    } catch {
      call.trace.record('once-more', { what: 'retry', waitMs: 0, code: 'overloaded' });
      return next(derive(call, { attempt: 2, kind: 'retry' }));
    }
  },
};
// #endregion retry

const mock = mockProvider();
mock.fail('overloaded').reply({ text: ['Nope', ', it is not.'] });
const gateway = createGateway({ providers: [mock], interceptors: [timing, politeness, onceMore] });
const response = await gateway.chat({ model: 'mock/any', messages: [{ role: 'user', content: 'Is it so?' }] });
console.log(response.text);
console.log(response.gateway?.attempts.map(({ index, kind, outcome }) => `${index} ${kind}: ${outcome}`).join(', '));

await gateway.close();
