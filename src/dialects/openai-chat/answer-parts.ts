import { readMedia } from '../../message/media.js';
import type { Json, JsonObject, ProviderData } from '../../types/json.js';
import type { AssistantPart, AudioPart, Citation, ImagePart, OpaquePart } from '../../types/message.js';
import { asJson, isObject, listOf, objectOf, otherMembers, textOr, type WireObject } from './wire.js';

/** Kind of the opaque part that holds members of the assistant message which must go back to the server as they came. */
export const MESSAGE_MEMBERS = 'chat-message-members';
/** Kind of the opaque part that holds an item of a content list which has no part of its own here. */
export const CONTENT_ITEM = 'chat-content-item';

/** One item of a content list: text to append, or a whole part. */
export type ContentItem =
  | { readonly type: 'text' | 'reasoning' | 'refusal'; readonly text: string }
  | { readonly type: 'part'; readonly part: AssistantPart };

/** Reads an item of a content list (Mistral and newer servers send lists where others send text). */
export function readContentItem(item: unknown, vendor: string): ContentItem | undefined {
  if (typeof item === 'string') return { type: 'text', text: item };
  if (!isObject(item)) return undefined;
  switch (item['type']) {
    case 'text':
    case 'output_text':
      return { type: 'text', text: textOr(item['text']) ?? '' };
    case 'thinking':
      return { type: 'reasoning', text: textOr(item['thinking']) ?? listOf(item['thinking']).map((inner) => textOr(objectOf(inner)['text']) ?? '').join('') };
    case 'refusal':
      return { type: 'refusal', text: textOr(item['refusal']) ?? '' };
    case 'image_url': {
      const part = readImage(item);
      return part && { type: 'part', part };
    }
    default:
      return { type: 'part', part: { type: 'opaque', provider: vendor, kind: CONTENT_ITEM, data: asJson(item) } };
  }
}

/** `{ image_url: { url } }`, as OpenRouter sends generated images. */
export function readImage(image: unknown): ImagePart | undefined {
  const inner = objectOf(image)['image_url'];
  const url = textOr(inner) ?? textOr(objectOf(inner)['url']);
  if (url === undefined) return undefined;
  const media = readMedia(url);
  return { type: 'image', data: url, ...(media.kind === 'base64' && media.mediaType !== undefined && { mediaType: media.mediaType }) };
}

/** Spoken output. The answer does not say its format, so the first bytes do. */
export function readAudio(audio: unknown, vendor: string): AudioPart | undefined {
  if (!isObject(audio)) return undefined;
  const data = textOr(audio['data']) ?? '';
  const transcript = textOr(audio['transcript']);
  if (data === '' && transcript === undefined) return undefined;
  const rest = otherMembers(audio, AUDIO_MEMBERS);
  return {
    type: 'audio',
    data,
    mediaType: AUDIO_TYPES.find(([start]) => data.startsWith(start))?.[1] ?? 'audio/pcm',
    ...(transcript !== undefined && { transcript }),
    ...(rest !== undefined && { providerData: { [vendor]: rest } }),
  };
}

const AUDIO_MEMBERS: ReadonlySet<string> = new Set(['data', 'transcript']);

/** The first bytes of the formats, in base64. */
const AUDIO_TYPES: readonly (readonly [start: string, mediaType: string])[] = [
  ['UklGR', 'audio/wav'],
  ['T2dn', 'audio/ogg'],
  ['ZkxhQ', 'audio/flac'],
  ['SUQz', 'audio/mpeg'],
  ['//', 'audio/mpeg'],
];

/** What closes a text part: its citations, and annotations of other kinds under the vendor's name. */
export interface TextEnd {
  readonly citations?: readonly Citation[];
  readonly providerData?: ProviderData;
}

/** Reads `annotations`, and Perplexity's lists of sources beside the message. Undefined when there are none. */
export function readAnnotations(annotations: unknown, answer: WireObject, vendor: string): TextEnd | undefined {
  const citations: Citation[] = [];
  const others: Json[] = [];
  for (const annotation of listOf(annotations)) {
    const wire = objectOf(annotation);
    if (wire['type'] === 'url_citation') citations.push(readUrlCitation(objectOf(wire['url_citation'])));
    else if (isObject(annotation)) others.push(asJson(annotation));
  }
  if (citations.length === 0) citations.push(...readSources(answer));
  if (citations.length === 0 && others.length === 0) return undefined;
  return {
    ...(citations.length > 0 && { citations }),
    ...(others.length > 0 && { providerData: { [vendor]: { annotations: others } } }),
  };
}

function readUrlCitation(wire: WireObject): Citation {
  const url = textOr(wire['url']);
  const title = textOr(wire['title']);
  const quote = textOr(wire['content']); // OpenRouter
  const { start_index: start, end_index: end } = wire;
  return {
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    ...(quote !== undefined && { quote }),
    ...(typeof start === 'number' && { start }),
    ...(typeof end === 'number' && { end }),
  };
}

function readSources(answer: WireObject): Citation[] {
  const results = listOf(answer['search_results']).map(objectOf);
  const urls = listOf(answer['citations']).map(textOr).filter((url) => url !== undefined);
  const titles = new Map(results.map((result) => [textOr(result['url']), textOr(result['title'])]));
  return urls.map((url) => {
    const title = titles.get(url);
    return { url, ...(title !== undefined && { title }) };
  });
}

/** Members of the assistant message that must go back: Gemini's thought signatures. */
export function readMessageMembers(message: WireObject, vendor: string): OpaquePart | undefined {
  const extra = message['extra_content'];
  if (!isObject(extra)) return undefined;
  const data: JsonObject = { extra_content: asJson(extra) };
  return { type: 'opaque', provider: vendor, kind: MESSAGE_MEMBERS, data };
}
