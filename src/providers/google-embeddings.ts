import { malformed } from '../dialects/failure.js';
import { mergeOptions } from '../dialects/options.js';
import { vectorOf, type EmbeddingWire } from './embed.js';
import { isRecord } from './is-record.js';
import { googleModel, modelPath } from './model-path.js';

/** Requests in one `batchEmbedContents`: https://ai.google.dev/gemini-api/docs/embeddings (100; more is a 400). */
const MAX_INPUTS = 100;

/** `batchEmbedContents` of the Gemini API. `providerOptions` (`taskType`, `title`) go into each of the batch's requests. */
export const googleEmbeddings: EmbeddingWire = {
  maxInputs: MAX_INPUTS,
  path: (model) => `/${modelPath(googleModel(model))}:batchEmbedContents`,
  toBody(request, inputs, { provider, vendor, model }) {
    const name = googleModel(model);
    const requests = inputs.map((text) =>
      mergeOptions(
        { model: name, content: { parts: [{ text }] }, ...(request.dimensions !== undefined && { outputDimensionality: request.dimensions }) },
        request,
        [provider, vendor],
      ));
    return { requests };
  },
  fromAnswer(wire, inputs, provider) {
    const found = isRecord(wire) ? wire['embeddings'] : undefined;
    if (!isRecord(wire) || !Array.isArray(found)) throw malformed(provider, 'an answer without embeddings');
    if (found.length !== inputs) throw malformed(provider, `${found.length} embeddings for ${inputs} inputs`);
    const tokens = isRecord(wire['usageMetadata']) ? wire['usageMetadata']['promptTokenCount'] : undefined;
    return {
      embeddings: found.map((embedding) => vectorOf(isRecord(embedding) ? embedding['values'] : undefined, provider)),
      model: undefined,
      usage: typeof tokens === 'number' && tokens >= 0 ? { inputTokens: tokens, outputTokens: 0 } : undefined,
    };
  },
};
