import type { GuardRule } from '../guarding/rule.js';

/** What may be said of every rule here, beside its own options. */
export type RuleSettings = Partial<Pick<GuardRule, 'name' | 'stage' | 'action' | 'onError' | 'timeoutMs' | 'sample' | 'scope' | 'stream'>>;

type Settled = Pick<GuardRule, 'name' | 'stage' | 'action'> & Omit<RuleSettings, 'name' | 'stage' | 'action'>;

/** The settings of a rule: those given, over its defaults. What is undefined is not given. */
export function settled(given: RuleSettings, defaults: Settled): Settled {
  const { name, stage, action, onError, timeoutMs, sample, scope, stream } = given;
  const named = Object.entries({ name, stage, action, onError, timeoutMs, sample, scope, stream }).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(named) };
}
