import { ANY_NUMBER, TEXT_ONLY, WITH_IMAGES, type Preset } from './preset.js';

/** Servers that people run themselves. One row each; the page named in it says what the row says. */
export const LOCAL_PRESETS = {
  // https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md (it reads tool_choice as a string: an object means auto)
  'llama.cpp': {
    baseUrl: 'http://localhost:8080/v1',
    variables: ['LLAMA_API_KEY'],
    keyRequired: false,
    quirks: {
      maxTokensField: 'max_tokens',
      stopLimit: ANY_NUMBER,
      refusals: 'text',
      toolChoices: ['auto', 'none', 'required'],
      unsupported: ['strictTools'],
      reasoningRequest: 'none',
      reasoningHistory: 'reasoning_content',
      toolCallIds: 'any',
      files: 'none',
    },
  },
  // https://lmstudio.ai/docs/developer/openai-compat/chat-completions, and what it answers 400 to: a tool_choice that is an object,
  // a response_format of json_object, an image that is a link
  lmstudio: {
    baseUrl: 'http://localhost:1234/v1',
    variables: ['LM_API_TOKEN'],
    keyRequired: false,
    quirks: {
      ...WITH_IMAGES,
      imageLinks: false,
      maxTokensField: 'max_tokens',
      stopLimit: ANY_NUMBER,
      refusals: 'text',
      anyJson: 'json_schema',
      toolChoices: ['auto', 'none', 'required'],
      unsupported: ['parallelToolCalls', 'strictTools'],
    },
  },
  // https://docs.ollama.com/api/openai-compatibility (no tool_choice; images inline only)
  ollama: {
    baseUrl: 'http://localhost:11434/v1',
    variables: ['OLLAMA_API_KEY'],
    keyRequired: false,
    quirks: {
      ...WITH_IMAGES,
      imageLinks: false,
      maxTokensField: 'max_tokens',
      stopLimit: ANY_NUMBER,
      refusals: 'text',
      toolChoices: [],
      unsupported: ['topK', 'parallelToolCalls', 'strictTools'],
      reasoningEfforts: ['none', 'low', 'medium', 'high'],
      reasoningHistory: 'reasoning',
    },
  },
  // https://docs.vllm.ai/en/latest/serving/openai_compatible_server (audio in whatever its libraries read)
  vllm: {
    baseUrl: 'http://localhost:8000/v1',
    variables: ['VLLM_API_KEY'],
    keyRequired: false,
    quirks: { ...TEXT_ONLY, stopLimit: ANY_NUMBER, refusals: 'text', unsupported: [], reasoningHistory: 'reasoning', media: ['image', 'audio', 'video'], audioFormats: 'any' },
  },
} as const satisfies Readonly<Record<string, Preset>>;
