import type { ChatRequest } from '../types/chat.js';
import type { Json, JsonObject } from '../types/json.js';

// By the vendors' own pages on reasoning, a family a line. A model that is wrongly here only lets a stalled call wait longer;
// one that is wrongly missing has healthy calls cut off. So whole families are named, and what follows is taken to be like them.
const FAMILIES = [
  'o[1-9](?![a-z0-9])', // OpenAI: o1, o3-pro, o4-mini
  'gpt-(?:[5-9](?!\\d)|1\\d)(?!.*-chat)', // OpenAI: gpt-5-chat-latest does not reason
  'gpt-oss',
  'codex-',
  'gemini-(?:2\\.5|[3-9]|1\\d)(?!.*-(?:embedding|image|tts))', // Google: on by default since 2.5
  'gemini-[a-z-]*latest$',
  'claude-(?:fable|mythos|[a-z]+-[5-9])', // Anthropic: on by default since 5; before that it must be asked for
  'grok-(?:[4-9]|3-mini|code)(?!.*non-reasoning)', // xAI
  'deepseek-(?:r[1-9]|v[4-9])',
  'q[wv]q',
  'qwen-?3(?!.*-(?:instruct|coder|embedding|reranker))', // Alibaba: hybrid models think unless told not to
  'glm-(?:4\\.[5-9]|[5-9])', // Z.ai
  'kimi-k(?:2\\.[5-9]|[3-9])', // Moonshot
  'minimax-m',
  'magistral', // Mistral
  'seed-(?:1\\.[6-9]|[2-9])', // ByteDance
];

/** A family's name begins the model's, or follows what hosts put before it: `openai/`, `models/`, `us.anthropic.`, `prod-`. */
const REASONING_FAMILY = new RegExp(`(?:^|[/.:@_-])(?:${FAMILIES.join('|')})`);
/** Said in the name itself, by any vendor: `kimi-k2-thinking`, `sonar-reasoning-pro`, `deepseek-reasoner`, `…:thinking`. */
const SAYS_SO = /(?<!no-|non-|non)(?:thinking|reasoning|reasoner|deep-research)/;
/** No name is longer, and none is looked at any further. */
const MAX_NAME = 200;

/** Whether a model of this name reasons before it answers, perhaps for minutes and without a word, though nobody asked it to. By the name alone: that of a deployment of your own may tell nothing. */
export function reasonsUnasked(model: string): boolean {
  const name = model.slice(0, MAX_NAME).toLowerCase();
  return REASONING_FAMILY.test(name) || SAYS_SO.test(name);
}

/** Whether a request asks for reasoning: by its own setting, or in the words of a provider. */
export function asksToReason({ reasoning, providerOptions }: Pick<ChatRequest, 'reasoning' | 'providerOptions'>): boolean {
  if (reasoning !== undefined && (reasoning.effort === undefined ? reasoning.maxTokens !== 0 : reasoning.effort !== 'none')) return true;
  return providerOptions !== undefined && Object.values(providerOptions).some(hasSwitch);
}

/** Where vendors have the switch. Google's is one level down, in `generationConfig`. */
const SWITCHES = ['reasoning', 'reasoning_effort', 'thinking', 'thinkingConfig', 'enable_thinking'];

function hasSwitch(options: Json | undefined): boolean {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return false;
  return SWITCHES.some((name) => Object.hasOwn(options, name)) || hasSwitch((options as JsonObject)['generationConfig']); // no array, no null: an object
}
