import { describe, expect, it } from 'vitest';
import { complete, observe, settle, transform, type Call, type ChatResponse, type Interceptor } from '../../src/index.js';
import { interceptorSuite } from '../../src/testing/index.js';

const good: Record<string, () => Interceptor> = {
  'does nothing': () => ({ name: 'nothing', intercept: (call, next) => next(call) }),
  observes: () => ({ name: 'observing', intercept: (call, next) => observe(call, next, async () => new Promise((resolve) => setTimeout(resolve, 1))) }),
  'transforms to the same': () => ({
    name: 'same',
    async intercept(call, next) {
      const reply = await next(call);
      return reply.operation === 'chat' ? transform(reply, { delta: (delta) => [delta] }) : reply;
    },
  }),
};

describe.each(Object.entries(good))('interceptorSuite passes an interceptor that %s', (_what, create) => {
  for (const { name, run } of interceptorSuite({ create })) it(name, run);
});

describe('interceptorSuite, told that content changes, passes an interceptor that rewrites it', () => {
  const create = (): Interceptor => ({
    name: 'shouting',
    async intercept(call, next) {
      const reply = await next(call);
      return reply.operation === 'chat' ? transform(reply, { delta: (delta) => [delta.type === 'text-delta' ? { ...delta, text: delta.text.toUpperCase() } : delta] }) : reply;
    },
  });
  for (const { name, run } of interceptorSuite({ create, changes: ['content'] })) it(name, run);

  it('but not when it was not told', async () => {
    const found = interceptorSuite({ create }).find(({ name }) => name === 'passes text on, whole');
    await expect(found?.run()).rejects.toThrow('GOOD MORNING');
  });
});

const EMPTY: ChatResponse = { id: 'x', provider: 'mock', model: 'm', content: [], text: '', toolCalls: [], finishReason: 'stop', usage: { inputTokens: 0, outputTokens: 0 }, warnings: [] };

describe('interceptorSuite fails an interceptor that', () => {
  let last: Call | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  const broken: Record<string, { readonly intercept: Interceptor['intercept']; readonly failing: string; readonly create?: () => void }> = {
    'waits for the whole stream': {
      async intercept(call, next) {
        const reply = await next(call);
        return reply.operation === 'chat' && call.operation === 'chat' ? complete(call, await settle(reply), reply.facts) : reply;
      },
      failing: 'never turns a stream into one chunk',
    },
    'swallows failures': {
      async intercept(call, next) {
        try {
          return await next(call);
        } catch {
          return call.operation === 'chat' ? complete(call, EMPTY) : next(call);
        }
      },
      failing: 'hands on a failure that nobody can repair',
    },
    'calls a cut stream finished': {
      async intercept(call, next) {
        const reply = await next(call);
        if (reply.operation !== 'chat' || call.operation !== 'chat' || !call.streaming) return reply;
        try {
          return complete(call, await settle(reply));
        } catch {
          return call.operation === 'chat' ? complete(call, EMPTY) : next(call);
        }
      },
      failing: 'hands on that a stream was cut, and never ends it well',
    },
    'hides the abort from what is below': { intercept: (call, next) => next({ ...call, signal: new AbortController().signal }), failing: 'hands on the abort of a call, and stops the provider' },
    'mixes up calls': {
      async intercept(call, next) {
        last = call;
        await new Promise((resolve) => setTimeout(resolve, 1));
        return next(last);
      },
      failing: 'keeps calls at once apart',
    },
    'changes the request of its caller': {
      intercept(call, next) {
        Object.assign(call.request, { temperature: 0 });
        return next(call);
      },
      failing: 'leaves the request of its caller alone',
    },
    'loses the end of a text': {
      async intercept(call, next) {
        const reply = await next(call);
        let held = '';
        if (reply.operation !== 'chat') return reply;
        return transform(reply, {
          delta(delta) {
            if (delta.type !== 'text-delta') return [delta];
            const out = held;
            held = delta.text;
            return [{ ...delta, text: out }];
          },
        });
      },
      failing: 'passes text on, streamed',
    },
    'keeps a timer': {
      intercept: (call, next) => next(call),
      create() {
        timer = setInterval(() => undefined, 1000);
      },
      failing: 'leaves no timer behind when it is closed, and may be closed twice',
    },
    'leaves a rejection to nobody': {
      intercept(call, next) {
        void Promise.reject(new Error('nobody listens'));
        return next(call);
      },
      failing: 'passes text on, whole',
    },
  };

  for (const [what, { intercept, failing, create }] of Object.entries(broken)) {
    it(what, async () => {
      const suite = interceptorSuite({
        create() {
          create?.();
          return { name: 'broken', intercept };
        },
      });
      const found = suite.find(({ name }) => name === failing);
      expect(found).toBeDefined();
      await expect(found?.run()).rejects.toBeInstanceOf(Error);
      clearInterval(timer);
    });
  }
});
