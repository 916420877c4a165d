import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { answerError, factsOf, malformed, streamError } from '../../src/dialects/failure.js';
import { ProviderError } from '../../src/errors.js';
import { parseToolInput } from '../../src/message/tool-input.js';
import type { FakeServer } from '../../src/testing/index.js';
import type { AdapterContext, AdapterEvent, AdapterResponse, ProviderAdapter } from '../../src/types/adapter.js';
import type { ChatRequest, FinishReason } from '../../src/types/chat.js';
import type { AssistantPart } from '../../src/types/message.js';
import type { Usage } from '../../src/types/usage.js';

/** What to get wrong. */
export type Fault =
  | 'finish-always' | 'usage-as-zero' | 'untyped-errors' | 'ignore-abort' | 'keep-socket-on-leave' | 'key-in-error' | 'lose-last-event' | 'unhandled'
  | 'one-chunk' | 'sent-twice' | 'no-headers' | 'follow-redirects' | 'listener-left' | 'finish-reason' | 'ignore-retry-after';

interface Wire {
  readonly choices?: readonly { readonly message?: Said; readonly delta?: Said; readonly finish_reason?: string | null }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly prompt_tokens_details?: { readonly cached_tokens: number } } | null;
  readonly error?: { readonly code?: string | null; readonly type?: string; readonly message?: string };
  readonly id: string;
  readonly model: string;
}
interface Said {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly { readonly index?: number; readonly id?: string; readonly function: { readonly name?: string; readonly arguments: string } }[];
}

/** The smallest adapter that keeps the contract over HTTP, by its own reading of OpenAI's chat completions; with a fault, one that does not. */
export function tinyAdapter(server: FakeServer, apiKey: string, fault?: Fault): ProviderAdapter {
  const agent = new Agent({ keepAlive: true });
  const url = `${server.baseUrls.openai}/chat/completions`;

  async function send(body: object, context: AdapterContext): Promise<IncomingMessage> {
    if (context.signal.aborted) throw context.signal.reason;
    const outgoing = httpRequest(url, { method: 'POST', agent, headers: { authorization: `Bearer ${apiKey}`, ...(fault === 'no-headers' ? {} : context.headers) } });
    const abort = (): void => void outgoing.destroy();
    if (fault !== 'ignore-abort') context.signal.addEventListener('abort', abort);
    if (fault === 'unhandled') void once(outgoing, 'response').then(() => {
      throw new Error('nobody listens');
    });
    outgoing.once('socket', (socket) => {
      const wrote = (): void => {
        context.sent();
        if (fault === 'sent-twice') context.sent();
      };
      if (socket.connecting) socket.once('connect', wrote);
      else wrote();
    });
    outgoing.end(JSON.stringify(body));
    try {
      const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
      outgoing.on('error', () => undefined); // told again by the answer
      answer.once('close', () => {
        if (fault !== 'listener-left') context.signal.removeEventListener('abort', abort);
      });
      if (fault === 'follow-redirects' && answer.statusCode === 307) await fetch(String(answer.headers.location), { method: 'POST', body: '{}' });
      return answer;
    } catch (cause) {
      context.signal.removeEventListener('abort', abort);
      if (context.signal.aborted) throw context.signal.reason;
      throw new ProviderError('network', 'the connection failed', { cause, certainty: cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED' ? 'not_sent' : 'possibly_billed' });
    }
  }

  async function open(request: ChatRequest, context: AdapterContext, stream: boolean): Promise<IncomingMessage> {
    const messages = request.messages.map(({ role, content }) => ({ role, content }));
    const answer = await send({ model: context.model, messages, ...(stream && { stream, stream_options: { include_usage: true } }) }, context);
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
    const status = answer.statusCode ?? 0;
    context.answered(factsOf(status, headers));
    if (status === 200) return answer;
    const body = await read(answer, context);
    if (fault === 'untyped-errors') throw new Error('it failed');
    const error = parse(body)?.error;
    if (fault === 'key-in-error') throw new ProviderError(codeOf(status, error?.code), `it said ${body}`, { certainty: 'refused', facts: factsOf(status, headers) });
    if (fault === 'ignore-retry-after') delete headers['retry-after-ms'];
    if (fault === 'ignore-retry-after') delete headers['retry-after'];
    throw answerError(codeOf(status, error?.code), { provider: 'tiny', status, headers, body }, { message: error?.message });
  }

  return {
    name: 'tiny',
    async chat(request, context): Promise<AdapterResponse> {
      const wire = parse(await read(await open(request, context, false), context));
      if (wire === undefined) throw malformed('tiny', 'a body that is not JSON');
      if (wire.error !== undefined) throw streamError('server_error', 'tiny', {});
      const choice = wire.choices?.[0];
      const content: AssistantPart[] = [];
      if (choice?.message?.reasoning_content) content.push({ type: 'reasoning', text: choice.message.reasoning_content });
      if (choice?.message?.content) content.push({ type: 'text', text: choice.message.content });
      if (choice?.message?.refusal) content.push({ type: 'refusal', text: choice.message.refusal });
      for (const call of choice?.message?.tool_calls ?? []) content.push({ type: 'tool-call', id: call.id ?? '', name: call.function.name ?? '', ...parseToolInput(call.function.arguments) });
      const usage = usageOf(wire);
      return { id: wire.id, model: wire.model, content, finishReason: finishOf(choice?.finish_reason, content.some((part) => part.type === 'refusal')), ...(usage && { usage }) };
    },
    async *stream(request, context): AsyncGenerator<AdapterEvent> {
      const answer = await open(request, context, true);
      let finished = false;
      try {
        const held: AdapterEvent[] = [];
        for await (const event of decode(answer, context)) {
          finished ||= event.type === 'finish';
          if (fault === 'one-chunk') held.push(event);
          else yield event;
        }
        yield* held;
        if (fault === 'finish-always' && !finished) yield { type: 'finish', finishReason: 'stop' };
      } finally {
        if (fault !== 'keep-socket-on-leave' && !answer.complete) answer.destroy();
      }
    },
    async close() {
      agent.destroy();
    },
  };

  async function read(answer: IncomingMessage, context: AdapterContext): Promise<string> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch (cause) {
      if (context.signal.aborted) throw context.signal.reason;
      throw new ProviderError('network', 'the answer broke off', { cause, certainty: 'started' });
    }
    return Buffer.concat(chunks).toString();
  }

  async function* decode(answer: IncomingMessage, context: AdapterContext): AsyncGenerator<AdapterEvent> {
    if (!String(answer.headers['content-type']).startsWith('text/event-stream')) throw malformed('tiny', 'an answer that is no stream');
    let finishReason: FinishReason | undefined;
    let usage: Usage | undefined;
    let refused = false;
    let done = false;
    const ids: string[] = [];
    for await (const line of linesOf(answer, context)) {
      if (!line.startsWith('data: ')) continue;
      if (line === 'data: [DONE]') {
        done = true;
        continue;
      }
      const wire = parse(line.slice(6));
      if (wire === undefined) throw malformed('tiny', 'an event that is not JSON');
      if (wire.error !== undefined) throw fault === 'key-in-error' ? new ProviderError('server_error', String(wire.error.message)) : streamError('overloaded', 'tiny', {});
      usage = usageOf(wire) ?? usage;
      const choice = wire.choices?.[0];
      if (choice?.delta?.reasoning_content) yield { type: 'reasoning-delta', text: choice.delta.reasoning_content };
      if (choice?.delta?.content) yield { type: 'text-delta', text: choice.delta.content };
      if (choice?.delta?.refusal) {
        refused = true;
        yield { type: 'refusal-delta', text: choice.delta.refusal };
      }
      for (const call of choice?.delta?.tool_calls ?? []) {
        if (call.id !== undefined) {
          ids.push(call.id);
          yield { type: 'tool-call-start', id: call.id, name: call.function.name ?? '' };
        }
        const id = ids[call.index ?? 0] ?? '';
        if (fault === 'lose-last-event' && call.function.arguments.endsWith('}')) continue;
        if (call.function.arguments !== '') yield { type: 'tool-call-delta', id, json: call.function.arguments };
      }
      if (choice?.finish_reason) finishReason = finishOf(choice.finish_reason, refused);
    }
    for (const id of ids) yield { type: 'tool-call-end', id };
    if (done && finishReason !== undefined) yield { type: 'finish', finishReason, ...(usage && { usage }) };
  }

  async function* linesOf(answer: IncomingMessage, context: AdapterContext): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let rest = '';
    const chunks: AsyncIterable<Buffer> = answer.iterator({ destroyOnReturn: fault !== 'keep-socket-on-leave' });
    try {
      for await (const chunk of chunks) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
    } catch (cause) {
      if (context.signal.aborted) throw context.signal.reason;
      throw new ProviderError('network', 'the stream broke off', { cause, certainty: 'started' });
    }
    if (context.signal.aborted) throw context.signal.reason;
  }

  function usageOf({ usage }: Wire): Usage | undefined {
    if (!usage) return fault === 'usage-as-zero' ? { inputTokens: 0, outputTokens: 0 } : undefined;
    return { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens, cacheReadTokens: usage.prompt_tokens_details?.cached_tokens ?? 0 };
  }

  function finishOf(reason: string | null | undefined, refused: boolean): FinishReason {
    if (fault === 'finish-reason') return 'stop';
    if (refused) return 'refusal';
    return reason === 'length' ? 'length' : reason === 'tool_calls' ? 'tool-calls' : reason === 'content_filter' ? 'content-filter' : 'stop';
  }
}

function parse(text: string): Wire | undefined {
  try {
    return JSON.parse(text) as Wire; // the fake server's own templates
  } catch {
    return undefined;
  }
}

function codeOf(status: number, code: string | null | undefined): ConstructorParameters<typeof ProviderError>[0] {
  const known = { insufficient_quota: 'quota_exhausted', context_length_exceeded: 'context_length', content_policy_violation: 'content_filter' } as const;
  if (code !== undefined && code !== null && code in known) return known[code as keyof typeof known];
  const byStatus = { 400: 'invalid_request', 401: 'authentication', 403: 'permission', 404: 'not_found', 429: 'provider_rate_limit', 503: 'overloaded' } as const;
  return status in byStatus ? byStatus[status as keyof typeof byStatus] : status < 400 ? 'invalid_response' : 'server_error';
}
