import type { JsonObject } from '../../types/json.js';
import type { Usage } from '../../types/usage.js';

export interface VectorAnswer {
  readonly model: string;
  readonly embeddings: readonly (readonly number[])[];
  readonly usage: Usage | undefined;
}

/** `POST /embeddings`. Base64 when asked for: the openai SDK always asks, and decodes. */
export function openaiEmbeddings(answer: VectorAnswer, body: JsonObject): JsonObject {
  const inBase64 = body['encoding_format'] === 'base64';
  return {
    object: 'list',
    data: answer.embeddings.map((vector, index) => ({ object: 'embedding', index, embedding: inBase64 ? base64(vector) : vector })),
    model: answer.model,
    ...(answer.usage && { usage: { prompt_tokens: answer.usage.inputTokens, total_tokens: answer.usage.inputTokens } }),
  };
}

/** `POST /models/{model}:batchEmbedContents`, and `:embedContent` for one. */
export function googleEmbeddings(answer: VectorAnswer, body: JsonObject): JsonObject {
  const vectors = answer.embeddings.map((values) => ({ values }));
  return {
    ...('requests' in body ? { embeddings: vectors } : { embedding: vectors[0] ?? { values: [] } }),
    ...(answer.usage && { usageMetadata: { promptTokenCount: answer.usage.inputTokens, promptTokenDetails: [{ modality: 'TEXT', tokenCount: answer.usage.inputTokens }] } }),
  };
}

/** Little-endian 32-bit floats. */
function base64(vector: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((value, index) => bytes.setFloat32(index * 4, value, true));
  return Buffer.from(bytes.buffer).toString('base64');
}
