import type { JsonObject } from '../../types/json.js';
import type { Citation } from '../../types/message.js';
import { isObject, objectsIn, stringIn } from './wire.js';

/** What one source supports, before it is known in which text. Positions count UTF-8 bytes. */
interface Claim {
  readonly source: Pick<Citation, 'url' | 'title'>;
  readonly quote: string | undefined;
  readonly startByte: number;
  readonly endByte: number | undefined;
}

/**
 * The citations of a text, from grounding supports and recitation marks. Positions become string indices of that text;
 * a claim whose words are not in this text is left to the others. `isLast`: nothing else could hold a claim without words.
 */
export function citationsOf(candidate: JsonObject, text: string, isLast: boolean): readonly Citation[] {
  if (candidate['groundingMetadata'] === undefined && candidate['citationMetadata'] === undefined) return [];
  const claims = [...grounding(candidate['groundingMetadata']), ...recitations(candidate['citationMetadata'])];
  const here = claims.filter((claim) => (claim.quote === undefined ? isLast : text.includes(claim.quote)));
  const indexOf = byteIndex(text, here.flatMap((claim) => [claim.startByte, claim.endByte ?? 0]));
  return here.map((claim) => ({ ...claim.source, ...(claim.quote !== undefined && { quote: claim.quote }), ...place(claim, text, indexOf) }));
}

function grounding(metadata: unknown): readonly Claim[] {
  if (!isObject(metadata)) return [];
  const chunks = objectsIn(metadata['groundingChunks']);
  return objectsIn(metadata['groundingSupports']).flatMap((support) => {
    const segment = isObject(support['segment']) ? support['segment'] : {};
    const indices = Array.isArray(support['groundingChunkIndices']) ? support['groundingChunkIndices'] : [];
    return indices.flatMap((index): readonly Claim[] => {
      const chunk = typeof index === 'number' ? chunks[index] : undefined;
      return chunk === undefined ? [] : [{ source: sourceOf(chunk), quote: stringIn(segment['text']) || undefined, ...span(segment) }];
    });
  });
}

/** Vertex AI says `citations`, the Gemini API `citationSources`. */
function recitations(metadata: unknown): readonly Claim[] {
  if (!isObject(metadata)) return [];
  return [...objectsIn(metadata['citations']), ...objectsIn(metadata['citationSources'])].map((citation) => ({
    source: described(citation['uri'], citation['title']),
    quote: undefined,
    ...span(citation),
  }));
}

/** A chunk is `{web}`, `{retrievedContext}`, `{maps}` or `{image}`, all with a uri and a title. */
function sourceOf(chunk: JsonObject): Claim['source'] {
  const source = Object.values(chunk).find(isObject) ?? {};
  return described(source['uri'] ?? source['sourceUri'], source['title']);
}

function described(url: unknown, title: unknown): Claim['source'] {
  return { ...(typeof url === 'string' && { url }), ...(typeof title === 'string' && { title }) };
}

function span(value: JsonObject): Pick<Claim, 'startByte' | 'endByte'> {
  const { startIndex, endIndex } = value; // a start of zero is left out on this wire
  return { startByte: typeof startIndex === 'number' ? startIndex : 0, endByte: typeof endIndex === 'number' ? endIndex : undefined };
}

function place(claim: Claim, text: string, indexOf: ReadonlyMap<number, number>): Pick<Citation, 'start' | 'end'> {
  const start = indexOf.get(claim.startByte);
  const end = claim.endByte === undefined ? undefined : indexOf.get(claim.endByte);
  if (start !== undefined && end !== undefined && start < end && (claim.quote === undefined || text.slice(start, end) === claim.quote)) return { start, end };
  if (claim.quote === undefined) return {};
  const found = text.indexOf(claim.quote); // the positions count another part's bytes
  return { start: found, end: found + claim.quote.length };
}

/** String indices of byte offsets, in one walk however many there are. Offsets outside the text, or inside a character, are absent. */
function byteIndex(text: string, offsets: readonly number[]): ReadonlyMap<number, number> {
  const wanted = new Set(offsets);
  const found = new Map<number, number>();
  let bytes = 0;
  for (let at = 0; at <= text.length; at++) {
    if (wanted.has(bytes)) found.set(bytes, at);
    const code = text.codePointAt(at);
    if (code === undefined) break;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (code >= 0x10000) at++;
  }
  return found;
}
