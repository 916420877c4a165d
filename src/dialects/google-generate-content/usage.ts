import type { JsonObject } from '../../types/json.js';
import type { Usage } from '../../types/usage.js';
import { objectsIn } from './wire.js';

/**
 * Gemini counts thoughts beside the candidates and tool results beside the prompt; cached content is in the prompt
 * already. A count of zero is left out on this wire, so one count present means that the absent ones are zero.
 */
export function readUsage(metadata: JsonObject): Usage | undefined {
  const prompt = count(metadata['promptTokenCount']);
  const toolUse = count(metadata['toolUsePromptTokenCount']);
  const candidates = count(metadata['candidatesTokenCount']);
  const thoughts = count(metadata['thoughtsTokenCount']);
  if (prompt === undefined && candidates === undefined && thoughts === undefined && toolUse === undefined) return undefined;
  const cached = count(metadata['cachedContentTokenCount']);
  const ofInput = [metadata['promptTokensDetails'], metadata['toolUsePromptTokensDetails']];
  const ofOutput = [metadata['candidatesTokensDetails']];
  const audioInput = tokensOf('AUDIO', ofInput);
  const audioOutput = tokensOf('AUDIO', ofOutput);
  const imageInput = tokensOf('IMAGE', ofInput);
  const imageOutput = tokensOf('IMAGE', ofOutput);
  return {
    inputTokens: (prompt ?? 0) + (toolUse ?? 0),
    outputTokens: (candidates ?? 0) + (thoughts ?? 0),
    ...(cached !== undefined && { cacheReadTokens: cached }),
    ...(thoughts !== undefined && { reasoningTokens: thoughts }),
    ...(audioInput > 0 && { audioInputTokens: audioInput }),
    ...(audioOutput > 0 && { audioOutputTokens: audioOutput }),
    ...(imageInput > 0 && { imageInputTokens: imageInput }),
    ...(imageOutput > 0 && { imageOutputTokens: imageOutput }),
  };
}

function tokensOf(modality: 'AUDIO' | 'IMAGE', details: readonly unknown[]): number {
  let tokens = 0;
  for (const list of details) {
    for (const entry of objectsIn(list)) if (entry['modality'] === modality) tokens += count(entry['tokenCount']) ?? 0;
  }
  return tokens;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
