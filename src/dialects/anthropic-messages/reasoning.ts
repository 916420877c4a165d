import type { ChatRequest } from '../../types/chat.js';
import type { JsonObject } from '../../types/json.js';
import type { RequestContext } from '../dialect.js';
import type { ModelTraits } from './models.js';
import { isForced } from './tools.js';

/** The least `budget_tokens` that the API takes. */
const MIN_BUDGET = 1024;

/** The share of `max_tokens` that an effort may think, for models that know budgets only. Source: the table OpenRouter publishes for the same case. */
const SHARES = { minimal: 0.1, low: 0.2, medium: 0.5, high: 0.8, xhigh: 0.95, max: 0.95 } as const;
/** The most that a share comes to. Source: the same table. */
const MAX_SHARE = 32_000;

export interface ThinkingPlan {
  readonly maxTokens: number;
  readonly thinking?: JsonObject;
  readonly effort?: string;
}

/**
 * Reasoning and `max_tokens` belong together here: thinking counts as output. `maxTokens` of the request is the whole of it, as at
 * other providers, so a budget that does not fit is made smaller. Without it the budget comes on top of the default.
 */
export function planThinking(request: ChatRequest, defaultMaxTokens: number, traits: ModelTraits, context: RequestContext): ThinkingPlan {
  const maxTokens = request.maxTokens ?? defaultMaxTokens;
  const { effort, maxTokens: budget } = request.reasoning ?? {};
  if (effort === undefined && budget === undefined) return { maxTokens };
  if (effort === 'none' || budget === 0) return { maxTokens, ...withoutThinking(traits, context) };
  if (budget === undefined ? traits.thinking === 'budget' : traits.thinking !== 'adaptive') {
    const room = request.maxTokens ?? (budget === undefined ? maxTokens : Math.min(maxTokens + budget, traits.maxOutput));
    const wanted = budget ?? Math.min(room * SHARES[effort ?? 'medium'], MAX_SHARE);
    const thinking = budgetOf(request, wanted, room, context);
    const level = budget === undefined || effort === undefined ? undefined : effortOf(effort, traits, context);
    return { maxTokens: thinking === undefined ? maxTokens : room, ...(thinking && { thinking }), ...(level !== undefined && { effort: level }) };
  }
  if (budget !== undefined) {
    context.warn({ kind: 'approximated', setting: 'reasoning.maxTokens', detail: `${context.model} takes no budget; it decides itself how much to think` });
  }
  const level = effort === undefined ? undefined : effortOf(effort, traits, context);
  return { maxTokens, thinking: { type: 'adaptive' }, ...(level !== undefined && { effort: level }) };
}

function withoutThinking(traits: ModelTraits, context: RequestContext): Omit<ThinkingPlan, 'maxTokens'> {
  switch (traits.thinkingOff) {
    case 'disabled':
      return { thinking: { type: 'disabled' } };
    case 'between_tools':
      context.warn({ kind: 'approximated', setting: 'reasoning', detail: `${context.model} cannot stop thinking between tool calls` });
      return { thinking: { type: 'between_tools' } };
    case 'never':
      context.warn({ kind: 'approximated', setting: 'reasoning', detail: `${context.model} always thinks; it is asked for its lowest effort` });
      return { effort: 'low' };
    default:
      return traits.thinkingOff satisfies never;
  }
}

function budgetOf(request: ChatRequest, wanted: number, room: number, context: RequestContext): JsonObject | undefined {
  if (isForced(request.toolChoice)) {
    context.warn({ kind: 'dropped', setting: 'reasoning', detail: 'with a thinking budget no tool can be forced; the tool was kept' });
    return undefined;
  }
  // `max_tokens` must exceed the budget, or nothing is left to answer with.
  const budget = Math.min(Math.max(Math.floor(wanted), MIN_BUDGET), room - 1);
  if (budget < MIN_BUDGET) {
    context.warn({ kind: 'dropped', setting: 'reasoning', detail: `maxTokens of ${room} leaves no room for the ${MIN_BUDGET} tokens that thinking takes at least` });
    return undefined;
  }
  if (budget !== wanted && request.reasoning?.maxTokens !== undefined) {
    context.warn({ kind: 'approximated', setting: 'reasoning.maxTokens', detail: `set to ${budget}: at least ${MIN_BUDGET} and less than maxTokens` });
  }
  return { type: 'enabled', budget_tokens: budget };
}

type Effort = Exclude<NonNullable<NonNullable<ChatRequest['reasoning']>['effort']>, 'none'>;

/** The level itself, or the next lower one that the model has: never dearer than asked. Undefined where the model has no levels, and the budget has to do. */
function effortOf(asked: Effort, traits: ModelTraits, context: RequestContext): string | undefined {
  if (traits.efforts.size === 0) return undefined;
  if (traits.efforts.has(asked)) return asked;
  const level = asked === 'minimal' ? 'low' : asked === 'max' && traits.efforts.has('xhigh') ? 'xhigh' : 'high';
  context.warn({ kind: 'approximated', setting: 'reasoning.effort', detail: `${context.model} has no effort '${asked}'; '${level}' was asked for` });
  return level;
}
