export { allowTools, type AllowToolsOptions } from './allow-tools.js';
export { httpService, type HttpServiceOptions } from './http-service.js';
export { longestPrompt, type LongestPromptOptions } from './longest-prompt.js';
export { matchesSchema, type MatchesSchemaOptions } from './matches-schema.js';
export { moderation, type ModerationOptions } from './moderation.js';
export { allowPatterns, denyPatterns, type DenyPatternOptions, type PatternOptions } from './patterns.js';
export { promptInjection, type PromptInjectionOptions } from './prompt-injection.js';
export type { RuleSettings } from './settings.js';
export type { Finding, GuardRule, GuardSubject, Rewriting, Span } from '../guarding/rule.js';
