import { ConfigError } from '../errors.js';
import type { GuardRule } from '../guarding/rule.js';
import { settled, type RuleSettings } from './settings.js';

export interface AllowToolsOptions extends Omit<RuleSettings, 'scope'> {
  /** Names of tools; a star at the end stands for any rest: `'search'`, `'read_*'`. */
  readonly tools: readonly string[];
}

/**
 * Only these tools may be offered, and only these may be called; a name that a model makes up is none of them. The arguments of a
 * call are held back until they are whole. @default name 'allow-tools', stage 'both', action 'block', on streams nothing but tool calls held back
 */
export function allowTools(options: AllowToolsOptions): GuardRule {
  const { tools } = options;
  if (!Array.isArray(tools) || tools.some((name: unknown) => typeof name !== 'string' || name === '')) throw new ConfigError("allowTools: tools: wanted a list of names, such as ['search', 'read_*']");
  if (options.action === 'rewrite') throw new ConfigError("allowTools: action: wanted 'flag' or 'block': a tool call cannot be rewritten into another");
  const names = new Set(tools.filter((name: string) => !name.endsWith('*')));
  const beginnings = tools.filter((name: string) => name.endsWith('*')).map((name: string) => name.slice(0, -1));
  const allowed = (name: string): boolean => names.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
  return {
    // A window of one character: text passes as it comes, one character late.
    ...settled(options, { name: 'allow-tools', stage: 'both', action: 'block', stream: { windowCharacters: 1 } }),
    check: (subject) => (subject.tools.every(allowed) ? undefined : { reason: subject.stage === 'input' ? 'a tool is offered that is not allowed' : 'a tool was called that is not allowed' }),
  };
}
