import type { ChatRequest } from '../../types/chat.js';
import type { JsonObject } from '../../types/json.js';
import type { Translation } from './translation.js';

type Reasoning = NonNullable<ChatRequest['reasoning']>;
type Effort = NonNullable<Reasoning['effort']>;

/** Token budgets that Google's own OpenAI-compatible endpoint gives for an effort (ai.google.dev/gemini-api/docs/openai). */
const BUDGET: Readonly<Record<Effort, number>> = { none: 0, minimal: 1024, low: 1024, medium: 8192, high: 24_576, xhigh: 24_576, max: 24_576 };
/** The least that the Pro models of Gemini 2.5 think; they refuse 0. */
const PRO_MINIMUM_BUDGET = 128;
const LEVEL: Readonly<Record<Effort, string>> = { none: 'MINIMAL', minimal: 'MINIMAL', low: 'LOW', medium: 'MEDIUM', high: 'HIGH', xhigh: 'HIGH', max: 'HIGH' };

/** Level or budget, by what the model takes; a request with both is refused there. Whoever asks for reasoning wants to read it. */
export function toThinkingConfig(reasoning: Reasoning, translation: Translation): JsonObject {
  const { effort, maxTokens } = reasoning;
  if (effort === undefined && maxTokens === undefined) return { includeThoughts: true };
  if (translation.thirdGeneration && effort !== undefined) {
    if (maxTokens !== undefined) dropped(translation, 'reasoning.maxTokens', 'this model takes an effort or a budget, not both; the effort was kept');
    return { thinkingLevel: level(effort, translation), includeThoughts: effort !== 'none' };
  }
  const thinkingBudget = maxTokens ?? budget(effort ?? 'medium', translation);
  if (maxTokens !== undefined && effort !== undefined) dropped(translation, 'reasoning.effort', 'this model takes a budget only; reasoning.maxTokens was kept');
  return { thinkingBudget, includeThoughts: effort !== 'none' && thinkingBudget !== 0 };
}

function level(effort: Effort, translation: Translation): string {
  const wanted = LEVEL[effort];
  if (effort === 'none') approximated(translation, 'this model cannot be told not to think; it was asked for its lowest level');
  if (effort === 'xhigh' || effort === 'max') approximated(translation, 'the highest level of this model is high');
  if (wanted !== 'MINIMAL' || !isPro(translation)) return wanted;
  if (effort === 'minimal') approximated(translation, 'the lowest level of this model is low');
  return 'LOW';
}

function budget(effort: Effort, translation: Translation): number {
  if (effort === 'xhigh' || effort === 'max') approximated(translation, `it was asked to think for ${BUDGET[effort]} tokens at most, as for high`);
  if (effort !== 'none' || !isPro(translation)) return BUDGET[effort];
  approximated(translation, `this model always thinks; it was asked for ${PRO_MINIMUM_BUDGET} tokens at most`);
  return PRO_MINIMUM_BUDGET;
}

function isPro(translation: Translation): boolean {
  return /\bpro\b/.test(translation.model);
}

function approximated(translation: Translation, detail: string): void {
  translation.warn({ kind: 'approximated', setting: 'reasoning.effort', detail });
}

function dropped(translation: Translation, setting: string, detail: string): void {
  translation.warn({ kind: 'dropped', setting, detail });
}
