import { LOCAL_PRESETS } from './local-presets.js';
import { ANY_NUMBER, TEXT_ONLY, WITH_IMAGES, type Preset } from './preset.js';

/** One row a server; the page named in it says what the row says. Quirks left out are as OpenAI has them. */
export const PRESETS = {
  // https://help.aliyun.com/zh/model-studio/compatibility-of-openai-with-dashscope (embeddings: 10 texts)
  alibaba: {
    baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    variables: ['DASHSCOPE_API_KEY'],
    quirks: {
      ...TEXT_ONLY,
      maxTokensField: 'max_tokens',
      stopLimit: ANY_NUMBER,
      refusals: 'text',
      unsupported: [],
      reasoningRequest: 'none',
      media: ['image', 'audio', 'video'],
      audioFormats: 'any',
    },
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
  // https://deepinfra.com/docs/openai_api, https://api.deepinfra.com/openapi.json (no tool can be forced; embeddings: 1024 inputs)
  deepinfra: {
    baseUrl: 'https://api.deepinfra.com/v1/openai',
    variables: ['DEEPINFRA_API_KEY', 'DEEPINFRA_TOKEN'],
    quirks: {
      ...WITH_IMAGES,
      maxTokensField: 'max_tokens',
      stopLimit: 16,
      refusals: 'text',
      toolChoices: ['auto', 'none'],
      unsupported: ['parallelToolCalls', 'strictTools'],
    },
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
      stopLimit: 16,
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
  // https://huggingface.co/docs/inference-providers/tasks/chat-completion (a router: what a model takes depends on who serves it)
  huggingface: {
    baseUrl: 'https://router.huggingface.co/v1',
    variables: ['HF_TOKEN'],
    quirks: { ...WITH_IMAGES, maxTokensField: 'max_tokens', refusals: 'text', unsupported: ['topK', 'parallelToolCalls', 'strictTools'] },
    embeddings: 'none',
  },
  // https://docs.mistral.ai/api (an unknown field, stream_options among them, is a 422)
  mistral: {
    baseUrl: 'https://api.mistral.ai/v1',
    variables: ['MISTRAL_API_KEY'],
    quirks: {
      maxTokensField: 'max_tokens',
      streamUsage: false,
      stopLimit: ANY_NUMBER,
      refusals: 'text',
      requiredToolChoice: 'any',
      seedField: 'random_seed',
      reasoningEfforts: ['none', 'high'],
      reasoningHistory: 'thinking',
      toolCallIds: 'alphanumeric-9',
      files: 'document_url',
    },
  },
  // https://platform.kimi.ai/docs/api/chat, https://platform.kimi.ai/docs/guide/use-kimi-k2-thinking-model (its models think unless told not to, and then no tool can be forced)
  moonshot: {
    baseUrl: 'https://api.moonshot.ai/v1',
    variables: ['MOONSHOT_API_KEY'],
    quirks: {
      ...TEXT_ONLY,
      stopLimit: 5,
      refusals: 'text',
      toolChoices: ['auto', 'none'],
      unsupported: ['topK', 'seed', 'parallelToolCalls'],
      reasoningRequest: 'thinking',
      reasoningHistory: 'reasoning_content',
      media: ['image', 'video'],
    },
    embeddings: 'none',
  },
  // https://docs.api.nvidia.com/nim/reference/nvidia-nemotron-3-super-120b-a12b-infer, …/nvidia-nemotron-3-nano-omni-30b-a3b-reasoning-infer (lists of content for users only)
  nvidia: {
    baseUrl: 'https://integrate.api.nvidia.com/v1',
    variables: ['NVIDIA_API_KEY'],
    quirks: {
      ...TEXT_ONLY,
      maxTokensField: 'max_tokens',
      textContent: 'string',
      stopLimit: ANY_NUMBER,
      refusals: 'text',
      unsupported: ['topK', 'strictTools'],
      reasoningEfforts: ['none', 'low', 'medium', 'high'],
      media: ['image', 'audio', 'video'],
    },
  },
  // https://openrouter.ai/docs/api/api-reference/chat/send-chat-completion-request, https://openrouter.ai/docs/use-cases/reasoning-tokens (max_tokens is deprecated; usage always comes, stream_options has no effect)
  openrouter: {
    baseUrl: 'https://openrouter.ai/api/v1',
    variables: ['OPENROUTER_API_KEY'],
    quirks: {
      streamUsage: false,
      refusals: 'text',
      unsupported: [],
      reasoningRequest: 'reasoning',
      reasoningHistory: 'reasoning_details',
      toolCallIds: 'any',
      cacheControl: true,
      files: 'file-or-url',
      media: ['image', 'audio', 'video'],
      audioFormats: ['wav', 'mp3', 'aiff', 'aac', 'ogg', 'flac', 'm4a', 'pcm16', 'pcm24'],
    },
  },
  // https://docs.perplexity.ai/api-reference/chat-completions-post (usage comes with every chunk; a response_format of json_object is none of theirs)
  perplexity: {
    baseUrl: 'https://api.perplexity.ai',
    variables: ['PERPLEXITY_API_KEY'],
    quirks: {
      ...WITH_IMAGES,
      maxTokensField: 'max_tokens',
      streamUsage: false,
      stopLimit: ANY_NUMBER,
      refusals: 'text',
      anyJson: 'json_schema',
      toolChoices: ['auto', 'none', 'required'],
      unsupported: ['seed'],
      reasoningEfforts: ['minimal', 'low', 'medium', 'high'],
      media: ['image', 'video'],
    },
    embeddings: 'none',
  },
  // https://docs.together.ai/reference/chat-completions-1 (audio as WAV only)
  together: {
    baseUrl: 'https://api.together.xyz/v1',
    variables: ['TOGETHER_API_KEY'],
    quirks: {
      ...TEXT_ONLY,
      maxTokensField: 'max_tokens',
      stopLimit: ANY_NUMBER,
      refusals: 'text',
      unsupported: ['parallelToolCalls', 'strictTools'],
      reasoningEfforts: ['low', 'medium', 'high'],
      media: ['image', 'audio', 'video'],
      audioFormats: ['wav'],
    },
  },
  // https://docs.x.ai/developers/model-capabilities/text/reasoning (penalties and stop are an error with its reasoning models)
  xai: {
    baseUrl: 'https://api.x.ai/v1',
    variables: ['XAI_API_KEY'],
    quirks: { ...WITH_IMAGES, stopLimit: 0, refusals: 'text', unsupported: ['topK', 'presencePenalty', 'frequencyPenalty'], reasoningEfforts: ['none', 'low', 'medium', 'high'] },
    embeddings: 'none',
  },
  // https://docs.z.ai/api-reference/llm/chat-completion (tool_choice: only auto; one stop sequence; efforts from GLM-5.2 on, and of GLM-5.3 these three)
  zai: {
    baseUrl: 'https://api.z.ai/api/paas/v4',
    variables: ['ZAI_API_KEY'],
    quirks: {
      ...TEXT_ONLY,
      maxTokensField: 'max_tokens',
      streamUsage: false,
      textContent: 'string',
      stopLimit: 1,
      refusals: 'text',
      jsonSchema: 'json_object',
      toolChoices: ['auto'],
      unsupported: ['topK', 'seed', 'presencePenalty', 'frequencyPenalty', 'parallelToolCalls', 'strictTools'],
      reasoningRequest: 'thinking-and-effort',
      reasoningEfforts: ['none', 'low', 'high', 'max'],
      reasoningHistory: 'reasoning_content',
      media: ['image', 'video'],
    },
    embeddings: 'none',
  },
  ...LOCAL_PRESETS,
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof PRESETS;
