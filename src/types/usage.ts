/**
 * Token counts, in tokens. `inputTokens` and `outputTokens` are totals; every other count is a part of one of them.
 * Providers disagree on whether prompt counts include cached tokens: each dialect converts to this rule.
 */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens`. */
  readonly cacheReadTokens?: number;
  /** Part of `inputTokens`, all lifetimes together. */
  readonly cacheWriteTokens?: number;
  /** Part of `cacheWriteTokens`: the longer, dearer lifetime (Anthropic's one hour). */
  readonly cacheWriteLongTokens?: number;
  /** Part of `outputTokens`. */
  readonly reasoningTokens?: number;
  /** Part of `inputTokens`. */
  readonly audioInputTokens?: number;
  /** Part of `outputTokens`. */
  readonly audioOutputTokens?: number;
  /** Part of `inputTokens`. */
  readonly imageInputTokens?: number;
  /** Part of `outputTokens`. */
  readonly imageOutputTokens?: number;
  /** What the provider says it charged for this very answer, in USD. Few do (OpenRouter, xAI). */
  readonly reportedUsd?: number;
  /** True when the gateway counted because the provider did not say (a cancelled stream, for example). */
  readonly estimated?: boolean;
}
