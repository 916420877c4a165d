import type { Gateway } from '../../gateway.js';
import type { ChatRequest, ChatResponse, Interceptor, StreamEvent } from '../../index.js';
import type { MockProvider } from '../mock-provider.js';
import type { TimerWatch } from './leaks.js';

/** One case's gateway with the interceptor, and one without: what the first must equal. */
export interface InterceptorTrial {
  readonly gateway: Gateway;
  readonly mock: MockProvider;
  /** The same calls past the interceptor. Its mock answers from a script of its own. */
  readonly bare: { readonly gateway: Gateway; readonly mock: MockProvider };
  readonly interceptors: readonly Interceptor[];
  /** Since before the interceptor was made. */
  readonly timers: TimerWatch;
  /** True unless the interceptor rewrites content on purpose. */
  readonly comparesContent: boolean;
  /** A request nobody made before, so that no cache answers it. */
  request(changes?: Partial<ChatRequest>): ChatRequest;
}

export type InterceptorTest = (name: string, body: (trial: InterceptorTrial) => Promise<void>, around?: { readonly outside?: readonly Interceptor[] }) => void;

/** An answer without what differs from call to call. */
export function comparable(response: ChatResponse, comparesContent: boolean): object {
  const { gateway: _report, content, text, toolCalls, ...rest } = response;
  return comparesContent ? { ...rest, content, text, toolCalls } : rest;
}

/** Every event of a stream, with the moment it came. */
export async function readAll(events: AsyncIterable<StreamEvent>): Promise<readonly { readonly event: StreamEvent; readonly at: number }[]> {
  const all: { event: StreamEvent; at: number }[] = [];
  for await (const event of events) all.push({ event, at: performance.now() });
  return all;
}
