import { createGateway, type AdapterContext, type AdapterEvent, type ChatRequest, type Gateway, type GatewayOptions, type Interceptor, type ProviderAdapter, type Reply, type Call, type Next } from 'headgate';

export const text = (value: string): AdapterEvent => ({ type: 'text-delta', text: value });
export const finish: AdapterEvent = { type: 'finish', finishReason: 'stop', usage: { inputTokens: 3, outputTokens: 2 } };
export const begin: AdapterEvent = { type: 'start', id: 'r1', model: 'm-1' };
export const hello: readonly AdapterEvent[] = [begin, text('Hel'), text('lo'), finish];
export const ask: ChatRequest = { model: 'x/m', messages: [{ role: 'user', content: 'hi' }] };

/** What an adapter may be told to do between its events. */
export type Step = AdapterEvent | Error | 'hang' | 'deaf' | ((context: AdapterContext) => void | Promise<void>);

export interface Scripted extends ProviderAdapter {
  readonly contexts: AdapterContext[];
}

/** A streaming adapter that goes through `steps`: events are given, errors thrown; 'hang' waits for the signal, 'deaf' ignores it. */
export function streaming(steps: readonly Step[], name = 'x'): Scripted {
  const contexts: AdapterContext[] = [];
  return {
    name,
    contexts,
    async *stream(_request, context) {
      contexts.push(context);
      for (const step of steps) {
        if (step instanceof Error) throw step;
        if (step === 'hang') await aborted(context.signal);
        else if (step === 'deaf') await new Promise(() => {});
        else if (typeof step === 'function') await step(context);
        else yield step;
      }
    },
  };
}

/** An adapter that has only `chat`, answering with these deltas' text. */
export function answering(content: string, name = 'x'): Scripted {
  const contexts: AdapterContext[] = [];
  return {
    name,
    contexts,
    async chat(_request, context) {
      contexts.push(context);
      return { id: 'r1', model: 'm-1', content: [{ type: 'text', text: content }], finishReason: 'stop', usage: { inputTokens: 3, outputTokens: 2 } };
    },
  };
}

export function gatewayOf(adapter: ProviderAdapter, intercept?: Interceptor['intercept'] | readonly Interceptor[], options: Partial<GatewayOptions> = {}): Gateway {
  const interceptors = intercept === undefined ? [] : typeof intercept === 'function' ? [{ name: 'under-test', intercept }] : intercept;
  return createGateway({ providers: [adapter], interceptors, ...options });
}

/** An interceptor that changes chat replies only. */
export function onChat(change: (reply: Extract<Reply, { operation: 'chat' }>, call: Call) => Reply): (call: Call, next: Next) => Promise<Reply> {
  return async (call, next) => {
    const reply = await next(call);
    return reply.operation === 'chat' ? change(reply, call) : reply;
  };
}

export async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** What a promise rejects with. */
export async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it should have failed');
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
