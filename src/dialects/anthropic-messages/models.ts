/** What one model takes on the wire, as far as its name tells. */
export interface ModelTraits {
  /** `budget`: `thinking.enabled` with `budget_tokens`; `adaptive`: `thinking.adaptive` with `output_config.effort`; each refuses the other's form. */
  readonly thinking: 'budget' | 'both' | 'adaptive';
  /** How thinking is switched off; `never`: it cannot be. */
  readonly thinkingOff: 'disabled' | 'between_tools' | 'never';
  readonly efforts: ReadonlySet<string>;
  /** `one`: `temperature` or `top_p`, not both; `none`: neither, nor `top_k`. */
  readonly sampling: 'all' | 'one' | 'none';
  /** `tool_choice` `any` and `tool`. */
  readonly forcedTools: boolean;
  /** `role: "system"` inside `messages`. */
  readonly systemInside: boolean;
  /** The largest `max_tokens`. */
  readonly maxOutput: number;
}

const NO_EFFORT: ReadonlySet<string> = new Set();
const TO_HIGH: ReadonlySet<string> = new Set(['low', 'medium', 'high']);
const TO_MAX: ReadonlySet<string> = new Set([...TO_HIGH, 'max']);
const ALL: ReadonlySet<string> = new Set([...TO_MAX, 'xhigh']);

/** Servers that speak the protocol with models of their own: the forms that are oldest, so the most widely understood. */
const UNKNOWN: ModelTraits = {
  thinking: 'budget',
  thinkingOff: 'disabled',
  efforts: NO_EFFORT,
  sampling: 'all',
  forcedTools: true,
  systemInside: false,
  maxOutput: 8192,
};

// Names of two ages, with or without a cloud's prefix and a date: claude-opus-4-5-20251101, claude-3-7-sonnet-20250219.
const NEW_NAME = /claude-([a-z]+)-(\d+)(?:[-.](\d{1,2}))?(?!\d)/;
const OLD_NAME = /claude-(\d+)(?:[-.](\d{1,2}))?(?!\d)(?:-([a-z]+))?/;

/**
 * Source: platform.claude.com/docs, pages extended-thinking, adaptive-thinking, effort, mid-conversation-system-messages,
 * the models overview and the "what's new" page of each model since 4.6.
 */
export function traitsOf(model: string): ModelTraits {
  const name = model.toLowerCase();
  if (name.includes('claude-mythos-preview')) return traits('mythos', 406);
  const recent = NEW_NAME.exec(name);
  if (recent !== null) return traits(recent[1] ?? '', version(recent[2], recent[3]));
  const old = OLD_NAME.exec(name);
  return old === null ? UNKNOWN : traits(old[3] ?? '', version(old[1], old[2]));
}

/** 4.5 as 405, so that versions compare as numbers. */
function version(major = '0', minor = '0'): number {
  return Number(major) * 100 + Number(minor);
}

function traits(family: string, at: number): ModelTraits {
  const opus = family === 'opus';
  // Opus changed its wire in the middle of generation 4, every other family with generation 5.
  const adaptiveOnly = at >= (opus ? 407 : 500);
  const always = family === 'fable' || family === 'mythos';
  return {
    thinking: adaptiveOnly ? 'adaptive' : at === 406 && family !== 'haiku' ? 'both' : 'budget',
    thinkingOff: adaptiveOnly && (always || (opus && at >= 505)) ? 'never' : family === 'sonnet' && at >= 505 ? 'between_tools' : 'disabled',
    efforts: adaptiveOnly ? ALL : at === 406 && family !== 'haiku' ? TO_MAX : opus && at === 405 ? TO_HIGH : NO_EFFORT,
    sampling: adaptiveOnly ? 'none' : at >= (opus ? 401 : 405) ? 'one' : 'all',
    forcedTools: !(always && at >= 501) && !((opus || family === 'sonnet') && at >= 505),
    systemInside: at >= (opus ? 408 : 500),
    maxOutput: maxOutput(opus, at),
  };
}

function maxOutput(opus: boolean, at: number): number {
  if (at < 305) return 4096;
  if (at < 307) return 8192;
  if (opus && at >= 400 && at < 405) return 32_000;
  return at >= (opus ? 406 : 500) ? 128_000 : 64_000;
}
