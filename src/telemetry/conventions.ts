import type { AttributeEntry, MetricEntry } from './names.js';

// Everything `gen_ai.*` is in development: names will change. So each version of the conventions is one entry here, and nothing
// else in the code spells such a name. The conventions have no releases of their own yet; a version is that of the semantic
// conventions they build on.

const SPAN = ['call', 'details event'] as const;
const EVERYWHERE = ['call', 'client metrics', 'details event'] as const;

const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] as const;
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] as const;
const CLIENT = ['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.request.model', 'gen_ai.response.model', 'server.address', 'server.port'] as const;
const OPENAI = ['openai.response.service_tier'] as const;

/** https://github.com/open-telemetry/semantic-conventions-genai at fe5608e (2026-08-03), on semantic conventions 1.43. */
const V1_43 = {
  attributes: {
    operationName: { name: 'gen_ai.operation.name', type: 'string', on: EVERYWHERE, what: '`chat` or `embeddings`. From the start' },
    providerName: { name: 'gen_ai.provider.name', type: 'string', on: EVERYWHERE, what: 'Who answered, in the well-known spelling; before that, and where nobody did, who was asked last, or would be first. From the start. Not on the duration of a call that asked no provider' },
    requestModel: { name: 'gen_ai.request.model', type: 'string', on: EVERYWHERE, what: 'The model asked at that provider. From the start' },
    serverAddress: { name: 'server.address', type: 'string', on: EVERYWHERE, what: 'Where that provider is, if the adapters of all candidates say so. From the start' },
    serverPort: { name: 'server.port', type: 'int', on: EVERYWHERE, what: 'With `server.address`. From the start' },
    errorType: { name: 'error.type', type: 'string', on: ['call', 'attempt', 'client metrics', 'own metrics', 'details event'], what: 'The error code, one of those in docs/errors.md; absent on success. On the call: only of a failure that reached the caller' },
    conversationId: { name: 'gen_ai.conversation.id', type: 'string', on: SPAN, what: 'The tag `conversation`, if the caller gave one' },
    outputType: { name: 'gen_ai.output.type', type: 'string', on: SPAN, what: '`json` when structured output was asked for' },
    requestStream: { name: 'gen_ai.request.stream', type: 'boolean', on: SPAN, what: '`true` for a stream, else absent' },
    maxTokens: { name: 'gen_ai.request.max_tokens', type: 'int', on: SPAN, what: 'As asked' },
    temperature: { name: 'gen_ai.request.temperature', type: 'double', on: SPAN, what: 'As asked' },
    topP: { name: 'gen_ai.request.top_p', type: 'double', on: SPAN, what: 'As asked' },
    topK: { name: 'gen_ai.request.top_k', type: 'int', on: SPAN, what: 'As asked' },
    seed: { name: 'gen_ai.request.seed', type: 'int', on: SPAN, what: 'As asked' },
    frequencyPenalty: { name: 'gen_ai.request.frequency_penalty', type: 'double', on: SPAN, what: 'As asked' },
    presencePenalty: { name: 'gen_ai.request.presence_penalty', type: 'double', on: SPAN, what: 'As asked' },
    stopSequences: { name: 'gen_ai.request.stop_sequences', type: 'string[]', on: SPAN, what: 'As asked, with `content` on: they are text of the caller' },
    reasoningLevel: { name: 'gen_ai.request.reasoning.level', type: 'string', on: SPAN, what: '`reasoning.effort`, as asked' },
    previousResponse: { name: 'gen_ai.request.previous_response.id', type: 'string', on: SPAN, what: '`previous_response_id` of `providerOptions`' },
    requestTier: { name: 'openai.request.service_tier', type: 'string', on: SPAN, what: 'Of OpenAI: `service_tier` of `providerOptions`, unless it is `auto`' },
    dimensions: { name: 'gen_ai.embeddings.dimension.count', type: 'int', on: ['call'], what: 'Of embeddings, as asked' },
    responseId: { name: 'gen_ai.response.id', type: 'string', on: SPAN, what: 'As the provider names the answer' },
    responseModel: { name: 'gen_ai.response.model', type: 'string', on: EVERYWHERE, what: 'The model that answered, as the provider names it' },
    finishReasons: { name: 'gen_ai.response.finish_reasons', type: 'string[]', on: SPAN, what: '`stop`, `length`, `tool_call`, `content_filter`, `refusal` or `other`' },
    timeToFirstChunk: { name: 'gen_ai.response.time_to_first_chunk', type: 'double', on: SPAN, what: 'Of a stream that a provider answered, in seconds' },
    inputTokens: { name: 'gen_ai.usage.input_tokens', type: 'int', on: SPAN, what: 'As the provider counted, cached ones included; never an estimate; not on a cache hit' },
    outputTokens: { name: 'gen_ai.usage.output_tokens', type: 'int', on: SPAN, what: 'The same, reasoning included' },
    cacheReadTokens: { name: 'gen_ai.usage.cache_read.input_tokens', type: 'int', on: SPAN, what: 'Part of the input tokens' },
    cacheWriteTokens: { name: 'gen_ai.usage.cache_creation.input_tokens', type: 'int', on: SPAN, what: 'Part of the input tokens' },
    reasoningTokens: { name: 'gen_ai.usage.reasoning.output_tokens', type: 'int', on: SPAN, what: 'Part of the output tokens' },
    tokenType: { name: 'gen_ai.token.type', type: 'string', on: ['client metrics'], what: '`input` or `output`, on `gen_ai.client.token.usage`' },
    serviceTier: { name: 'openai.response.service_tier', type: 'string', on: EVERYWHERE, what: 'Of OpenAI, as it reports it; not on the metrics of chunks' },
    inputMessages: { name: 'gen_ai.input.messages', type: 'any', on: SPAN, what: 'With `content` on: what was asked' },
    outputMessages: { name: 'gen_ai.output.messages', type: 'any', on: SPAN, what: 'With `content` on: what was answered' },
    toolDefinitions: { name: 'gen_ai.tool.definitions', type: 'any', on: SPAN, what: 'With `content` on: the names of the tools' },
    exceptionType: { name: 'exception.type', type: 'string', on: ['exception event'], what: 'The class of the error, such as `ProviderError`' },
    exceptionMessage: { name: 'exception.message', type: 'string', on: ['exception event'], what: 'Its message, which holds no content and no keys' },
    exceptionStack: { name: 'exception.stacktrace', type: 'string', on: ['exception event'], what: 'Its stack' },
  },
  metrics: {
    tokenUsage: { name: 'gen_ai.client.token.usage', kind: 'histogram', unit: '{token}', buckets: TOKENS, what: 'Tokens of the answer, as its provider counted them: one record for input, one for output', attributes: [...CLIENT, ...OPENAI, 'gen_ai.token.type'] },
    duration: { name: 'gen_ai.client.operation.duration', kind: 'histogram', unit: 's', buckets: SECONDS, what: 'Every call, retries, fallbacks and the reading of its stream included', attributes: [...CLIENT, ...OPENAI, 'error.type'] },
    timeToFirstChunk: { name: 'gen_ai.client.operation.time_to_first_chunk', kind: 'histogram', unit: 's', buckets: SECONDS, what: 'Of streams that a provider answered: from the call to its first content', attributes: CLIENT },
    timePerChunk: { name: 'gen_ai.client.operation.time_per_output_chunk', kind: 'histogram', unit: 's', buckets: SECONDS, what: 'Of such streams: the time between two chunks of content, as the reader got them', attributes: CLIENT },
  },
  events: { exception: 'gen_ai.client.operation.exception', details: 'gen_ai.client.inference.operation.details' },
} as const satisfies Convention;

interface Convention {
  readonly attributes: Readonly<Record<string, AttributeEntry>>;
  readonly metrics: Readonly<Record<string, MetricEntry>>;
  readonly events: Readonly<Record<'exception' | 'details', string>>;
}

export const CONVENTIONS = { '1.43': V1_43 } as const;

/** A version of the semantic conventions. */
export type ConventionVersion = keyof typeof CONVENTIONS;
