import type { ChatQuirks } from '../dialects/openai-chat/quirks.js';

/** A server known to speak OpenAI's chat protocol: where it is, how it takes its key, and where it differs. */
export interface Preset {
  /** Absent where every customer has a URL of their own. */
  readonly baseUrl?: string;
  /** Environment variables that may hold the key. */
  readonly variables: readonly string[];
  /** False for servers of one's own that ask for no key. @default true */
  readonly keyRequired?: false;
  /** The header that carries the key. @default 'authorization', as a bearer token */
  readonly auth?: 'api-key';
  readonly quirks: Partial<ChatQuirks>;
  /** Inputs of one embeddings request. `none`: no embeddings endpoint. @default 2048 */
  readonly embeddings?: number | 'none';
}

// Where a server documents no such field, what a request asks for is dropped with a warning rather than ignored there.
const TEXT_ONLY = { files: 'none', media: [] } as const satisfies Partial<ChatQuirks>;
const WITH_IMAGES = { files: 'none', media: ['image'] } as const satisfies Partial<ChatQuirks>;

/** One row a server; the page named in it says what the row says. Quirks left out are as OpenAI has them. */
export const PRESETS = {
  // https://help.aliyun.com/zh/model-studio/compatibility-of-openai-with-dashscope (embeddings: 10 texts)
  alibaba: {
    baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    variables: ['DASHSCOPE_API_KEY'],
    quirks: { maxTokensField: 'max_tokens', refusals: 'text', unsupported: [], reasoningRequest: 'none', files: 'none', media: ['image', 'audio', 'video'] },
    embeddings: 10,
  },
  // https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle
  azure: {
    variables: ['AZURE_OPENAI_API_KEY'],
    auth: 'api-key',
    quirks: {},
  },
  // https://inference-docs.cerebras.ai/resources/openai (penalties are a 400)
  cerebras: {
    baseUrl: 'https://api.cerebras.ai/v1',
    variables: ['CEREBRAS_API_KEY'],
    quirks: { ...TEXT_ONLY, refusals: 'text', unsupported: ['topK', 'presencePenalty', 'frequencyPenalty'], reasoningEfforts: ['none', 'low', 'medium', 'high'] },
    embeddings: 'none',
  },
  // https://deepinfra.com/docs/openai_api (embeddings: 1024 inputs)
  deepinfra: {
    baseUrl: 'https://api.deepinfra.com/v1/openai',
    variables: ['DEEPINFRA_API_KEY', 'DEEPINFRA_TOKEN'],
    quirks: { ...WITH_IMAGES, maxTokensField: 'max_tokens', refusals: 'text', unsupported: [], reasoningEfforts: ['none', 'low', 'medium', 'high'] },
    embeddings: 1024,
  },
  // https://api-docs.deepseek.com/guides/thinking_mode, https://api-docs.deepseek.com/api/create-chat-completion
  deepseek: {
    baseUrl: 'https://api.deepseek.com',
    variables: ['DEEPSEEK_API_KEY'],
    quirks: {
      ...TEXT_ONLY,
      maxTokensField: 'max_tokens',
      textContent: 'string',
      refusals: 'text',
      jsonSchema: 'json_object',
      unsupported: ['topK', 'seed', 'parallelToolCalls', 'strictTools'],
      reasoningRequest: 'thinking-and-effort',
      reasoningEfforts: ['none', 'low', 'high', 'max'],
      reasoningHistory: 'reasoning_content',
    },
    embeddings: 'none',
  },
  // https://docs.fireworks.ai/api-reference/post-chatcompletions, https://docs.fireworks.ai/guides/reasoning
  fireworks: {
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    variables: ['FIREWORKS_API_KEY'],
    quirks: { ...WITH_IMAGES, maxTokensField: 'max_tokens', refusals: 'text', unsupported: [], reasoningEfforts: ['none', 'low', 'medium', 'high'], reasoningHistory: 'reasoning_content' },
  },
  // https://console.groq.com/docs/openai, https://console.groq.com/docs/reasoning
  groq: {
    baseUrl: 'https://api.groq.com/openai/v1',
    variables: ['GROQ_API_KEY'],
    quirks: { ...WITH_IMAGES, refusals: 'text', reasoningEfforts: ['none', 'low', 'medium', 'high'], reasoningHistory: 'reasoning' },
    embeddings: 'none',
  },
  // https://huggingface.co/docs/inference-providers (a router: what a model takes depends on who serves it)
  huggingface: {
    baseUrl: 'https://router.huggingface.co/v1',
    variables: ['HF_TOKEN'],
    quirks: { ...WITH_IMAGES, maxTokensField: 'max_tokens', refusals: 'text' },
    embeddings: 'none',
  },
  // https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
  'llama.cpp': {
    baseUrl: 'http://localhost:8080/v1',
    variables: ['LLAMA_API_KEY'],
    keyRequired: false,
    quirks: { maxTokensField: 'max_tokens', refusals: 'text', unsupported: ['strictTools'], reasoningRequest: 'none', reasoningHistory: 'reasoning_content', files: 'none' },
  },
  // https://lmstudio.ai/docs/developer/openai-compat/chat-completions
  lmstudio: {
    baseUrl: 'http://localhost:1234/v1',
    variables: ['LM_API_TOKEN'],
    keyRequired: false,
    quirks: { ...WITH_IMAGES, maxTokensField: 'max_tokens', refusals: 'text', unsupported: ['parallelToolCalls', 'strictTools'] },
  },
  // https://docs.mistral.ai/api (an unknown field, stream_options among them, is a 422)
  mistral: {
    baseUrl: 'https://api.mistral.ai/v1',
    variables: ['MISTRAL_API_KEY'],
    quirks: {
      maxTokensField: 'max_tokens',
      streamUsage: false,
      refusals: 'text',
      requiredToolChoice: 'any',
      seedField: 'random_seed',
      reasoningEfforts: ['none', 'high'],
      reasoningHistory: 'thinking',
      toolCallIds: 'alphanumeric-9',
      files: 'document_url',
    },
  },
  // https://platform.kimi.ai/docs/api/chat
  moonshot: {
    baseUrl: 'https://api.moonshot.ai/v1',
    variables: ['MOONSHOT_API_KEY'],
    quirks: {
      refusals: 'text',
      jsonSchema: 'json_object',
      unsupported: ['topK', 'seed', 'parallelToolCalls', 'strictTools'],
      reasoningRequest: 'thinking',
      reasoningHistory: 'reasoning_content',
      files: 'none',
      media: ['image', 'video'],
    },
    embeddings: 'none',
  },
  // https://docs.api.nvidia.com/nim/reference/llm-apis
  nvidia: {
    baseUrl: 'https://integrate.api.nvidia.com/v1',
    variables: ['NVIDIA_API_KEY'],
    quirks: { ...WITH_IMAGES, maxTokensField: 'max_tokens', refusals: 'text', unsupported: ['topK', 'strictTools'] },
  },
  // https://docs.ollama.com/api/openai-compatibility
  ollama: {
    baseUrl: 'http://localhost:11434/v1',
    variables: ['OLLAMA_API_KEY'],
    keyRequired: false,
    quirks: {
      ...WITH_IMAGES,
      maxTokensField: 'max_tokens',
      refusals: 'text',
      unsupported: ['topK', 'parallelToolCalls', 'strictTools'],
      reasoningEfforts: ['none', 'low', 'medium', 'high'],
      reasoningHistory: 'reasoning',
    },
  },
  // https://openrouter.ai/docs/api/reference/parameters, https://openrouter.ai/docs/use-cases/reasoning-tokens
  openrouter: {
    baseUrl: 'https://openrouter.ai/api/v1',
    variables: ['OPENROUTER_API_KEY'],
    quirks: {
      maxTokensField: 'max_tokens',
      refusals: 'text',
      unsupported: [],
      reasoningRequest: 'reasoning',
      reasoningHistory: 'reasoning_details',
      cacheControl: true,
      files: 'file-or-url',
      media: ['image', 'audio', 'video'],
    },
  },
  // https://docs.perplexity.ai/docs/sonar/openai-compatibility (usage comes with every chunk)
  perplexity: {
    baseUrl: 'https://api.perplexity.ai',
    variables: ['PERPLEXITY_API_KEY'],
    quirks: {
      ...WITH_IMAGES,
      maxTokensField: 'max_tokens',
      streamUsage: false,
      refusals: 'text',
      unsupported: ['seed', 'parallelToolCalls', 'strictTools'],
      reasoningEfforts: ['minimal', 'low', 'medium', 'high'],
    },
    embeddings: 'none',
  },
  // https://docs.together.ai/docs/openai-api-compatibility
  together: {
    baseUrl: 'https://api.together.xyz/v1',
    variables: ['TOGETHER_API_KEY'],
    quirks: { ...WITH_IMAGES, maxTokensField: 'max_tokens', refusals: 'text', unsupported: ['strictTools'], reasoningEfforts: ['low', 'medium', 'high'] },
  },
  // https://docs.vllm.ai/en/latest/serving/openai_compatible_server
  vllm: {
    baseUrl: 'http://localhost:8000/v1',
    variables: ['VLLM_API_KEY'],
    keyRequired: false,
    quirks: { refusals: 'text', unsupported: [], reasoningHistory: 'reasoning', files: 'none', media: ['image', 'audio', 'video'] },
  },
  // https://docs.x.ai/developers/model-capabilities/text/reasoning (penalties are an error with its reasoning models)
  xai: {
    baseUrl: 'https://api.x.ai/v1',
    variables: ['XAI_API_KEY'],
    quirks: { ...WITH_IMAGES, unsupported: ['topK', 'presencePenalty', 'frequencyPenalty'], reasoningEfforts: ['none', 'low', 'medium', 'high'] },
    embeddings: 'none',
  },
  // https://docs.z.ai/api-reference/llm/chat-completion
  zai: {
    baseUrl: 'https://api.z.ai/api/paas/v4',
    variables: ['ZAI_API_KEY'],
    quirks: {
      maxTokensField: 'max_tokens',
      streamUsage: false,
      refusals: 'text',
      jsonSchema: 'json_object',
      unsupported: ['topK', 'seed', 'presencePenalty', 'frequencyPenalty', 'parallelToolCalls', 'strictTools'],
      reasoningRequest: 'thinking',
      reasoningHistory: 'reasoning_content',
      files: 'none',
      media: ['image', 'video'],
    },
    embeddings: 'none',
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof PRESETS;
