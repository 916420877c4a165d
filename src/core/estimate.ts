import { createCorrection } from '../tokens/correction.js';
import { estimateContent, estimateEmbedding, estimateRequest } from '../tokens/estimate-request.js';
import type { ChatRequest } from '../types/chat.js';
import type { AssistantPart } from '../types/message.js';
import type { Usage } from '../types/usage.js';
import type { Call } from './call.js';

/** Stands in for counts that a provider did not send; what it gives is always marked `estimated`. Counts nothing for a call whose provider counts, but for the few it learns from. */
export interface UsageCounter {
  /** Of an answer, or of what came of it. Without `content`: of an attempt of which nothing is known but that it was sent. */
  count(call: Call, content?: readonly AssistantPart[]): Usage;
  /** What a provider reported for a whole call. Looks at few calls of each model. */
  learn(call: Call, reported: Usage): void;
}

/** Beyond this nothing is learned: counting must not be felt, and there will be shorter calls. */
const MAX_CHARACTERS = 100_000;

/** One for a gateway. The expected figure, not the cautious one: it takes the place of a fact, and sums of it must come out right. */
export function createUsageCounter(): UsageCounter {
  const correction = createCorrection();

  return {
    count(call, content = []) {
      const { model } = call.target;
      const factor = correction.factor(model);
      const corrected = (tokens: number): number => Math.round(tokens * factor);
      const inputTokens = corrected(inputOf(call));
      if (content.length === 0) return { inputTokens, outputTokens: 0, estimated: true };
      const output = estimateContent(content, model);
      const reasoningTokens = corrected(output.reasoning);
      return { inputTokens, outputTokens: corrected(output.expected), ...(reasoningTokens > 0 && { reasoningTokens }), estimated: true };
    },
    learn(call, { inputTokens, estimated }) {
      if (estimated === true || !correction.isDue(call.target.model)) return;
      // Pictures are billed by rules that change more often than vocabularies: what is learned is about text.
      if (call.operation === 'chat' ? isPlain(call.request) : lengthOf(call.request.input) <= MAX_CHARACTERS) correction.learn(call.target.model, inputOf(call), inputTokens);
    },
  };
}

function inputOf(call: Call): number {
  return (call.operation === 'chat' ? estimateRequest(call.request, call.target.model) : estimateEmbedding(call.request, call.target.model)).expected;
}

function isPlain({ messages }: ChatRequest): boolean {
  let characters = 0;
  for (const { content } of messages) {
    if (typeof content === 'string') characters += content.length;
    else {
      for (const part of content) {
        if (part.type !== 'text' && part.type !== 'tool-call') return false;
        if (part.type === 'text') characters += part.text.length;
      }
    }
    if (characters > MAX_CHARACTERS) return false;
  }
  return true;
}

function lengthOf(texts: readonly string[]): number {
  let characters = 0;
  for (const text of texts) characters += text.length;
  return characters;
}
