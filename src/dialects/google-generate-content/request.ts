import type { ChatRequest } from '../../types/chat.js';
import type { JsonObject } from '../../types/json.js';
import type { RequestContext } from '../dialect.js';
import { mergeOptions } from '../options.js';
import { isThirdGeneration, type GoogleQuirks } from './generation.js';
import { toContents } from './messages.js';
import { toThinkingConfig } from './thinking.js';
import { toTools } from './tools.js';
import type { Translation } from './translation.js';
import { isEmpty } from './wire.js';

/** The body of a generateContent or streamGenerateContent request. */
export function toRequest(request: ChatRequest, context: RequestContext, quirks: GoogleQuirks): JsonObject {
  const translation: Translation = { ...context, thirdGeneration: isThirdGeneration(context.model, quirks) };
  const generationConfig = toGenerationConfig(request, translation);
  const body: JsonObject = {
    ...toContents(request.messages, translation),
    ...toTools(request, translation, quirks),
    ...(!isEmpty(generationConfig) && { generationConfig }),
  };
  return mergeOptions(body, request, [context.provider, context.vendor]);
}

function toGenerationConfig(request: ChatRequest, translation: Translation): JsonObject {
  const { output, reasoning } = request;
  return {
    ...(request.maxTokens !== undefined && { maxOutputTokens: request.maxTokens }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.topP !== undefined && { topP: request.topP }),
    ...(request.topK !== undefined && { topK: request.topK }),
    ...(request.stop !== undefined && request.stop.length > 0 && { stopSequences: request.stop }),
    ...(request.seed !== undefined && { seed: request.seed }),
    ...(request.presencePenalty !== undefined && { presencePenalty: request.presencePenalty }),
    ...(request.frequencyPenalty !== undefined && { frequencyPenalty: request.frequencyPenalty }),
    // The model is always held to the schema, so `strict` needs no word, and the wire has no place for a name.
    ...(output !== undefined && { responseMimeType: 'application/json', ...(output.schema !== undefined && { responseJsonSchema: output.schema }) }),
    ...(reasoning !== undefined && { thinkingConfig: toThinkingConfig(reasoning, translation) }),
  };
}
