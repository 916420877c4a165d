import type { OutboundDialect, Scope } from '../dialects/dialect.js';
import { malformed } from '../dialects/failure.js';
import { unfold } from '../message/content.js';
import { readText } from '../transport/read-text.js';
import type { BodyLimits, WireAnswer } from '../transport/transport.js';
import type { AdapterEvent } from '../types/adapter.js';
import { foreignAnswer, isJson, mediaTypeOf } from './media-type.js';

/** The whole body as JSON, or ProviderError('invalid_response'). */
export async function readJson(answer: WireAnswer, limits: BodyLimits, provider: string): Promise<unknown> {
  const mediaType = mediaTypeOf(answer);
  // Some servers label JSON as text; whether it is shows when it is parsed.
  if (mediaType !== '' && mediaType !== 'text/plain' && !isJson(mediaType)) throw foreignAnswer(answer, provider, 'JSON');
  const text = await readText(answer, limits, provider);
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(provider, `an answer of ${text.length} characters that is not JSON; it was cut on the way, or something before the provider answered`);
  }
}

/** The answer of a server that was asked to stream and gave it whole, or (Gemini without `alt=sse`) as an array of what would have been events. */
export async function* wholeAsEvents(wire: unknown, dialect: OutboundDialect, scope: Scope): AsyncGenerator<AdapterEvent> {
  if (Array.isArray(wire)) {
    const decoder = dialect.fromStream(scope);
    for (const event of wire) yield* decoder.push({ data: JSON.stringify(event) });
    yield* decoder.end();
    return;
  }
  const { content, finishReason, id, model, usage, providerData, serviceTier } = dialect.fromResponse(wire, scope);
  yield { type: 'start', id, model };
  yield* unfold(content);
  yield {
    type: 'finish',
    finishReason,
    ...(usage !== undefined && { usage }),
    ...(providerData !== undefined && { providerData }),
    ...(serviceTier !== undefined && { serviceTier }),
  };
}
