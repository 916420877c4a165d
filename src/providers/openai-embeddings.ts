import { malformed } from '../dialects/failure.js';
import { mergeOptions } from '../dialects/options.js';
import { isRecord } from './is-record.js';
import { vectorOf, type EmbeddingWire } from './embed.js';

/** `POST /embeddings` as OpenAI and those compatible with it speak it. */
export function openaiEmbeddings(options: { readonly maxInputs: number; readonly path: (model: string) => string }): EmbeddingWire {
  return {
    maxInputs: options.maxInputs,
    path: options.path,
    toBody(request, inputs, { provider, vendor, model }) {
      const body = { model, input: inputs, ...(request.dimensions !== undefined && { dimensions: request.dimensions }) };
      return mergeOptions(body, request, [provider, vendor]);
    },
    fromAnswer(wire, inputs, provider) {
      if (!isRecord(wire) || !Array.isArray(wire['data'])) throw malformed(provider, 'an answer without embeddings');
      const embeddings = Array.from<readonly number[] | undefined>({ length: inputs });
      for (const [position, item] of wire['data'].entries()) {
        if (!isRecord(item)) throw malformed(provider, 'an embedding that is not an object');
        const index = typeof item['index'] === 'number' ? item['index'] : position;
        if (!(index in embeddings) || embeddings[index] !== undefined) throw malformed(provider, 'an embedding of an input that was not sent, or two of one');
        embeddings[index] = typeof item['embedding'] === 'string' ? decoded(item['embedding'], provider) : vectorOf(item['embedding'], provider);
      }
      const whole = embeddings.filter((embedding) => embedding !== undefined);
      if (whole.length !== inputs) throw malformed(provider, `${whole.length} embeddings for ${inputs} inputs`);
      return { embeddings: whole, model: typeof wire['model'] === 'string' ? wire['model'] : undefined, usage: usageOf(wire['usage']) };
    },
  };
}

function usageOf(usage: unknown): { readonly inputTokens: number; readonly outputTokens: number } | undefined {
  const tokens = isRecord(usage) ? (usage['prompt_tokens'] ?? usage['total_tokens']) : undefined;
  return typeof tokens === 'number' && tokens >= 0 && Number.isFinite(tokens) ? { inputTokens: tokens, outputTokens: 0 } : undefined;
}

/** What `encoding_format: 'base64'` gives: 32-bit floats, little-endian. */
function decoded(base64: string, provider: string): readonly number[] {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    throw malformed(provider, 'an embedding that is text but not base64');
  }
  const view = new DataView(bytes.buffer);
  return vectorOf(Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getFloat32(index * 4, true)), provider);
}
