import { RejectedError } from '../../errors.js';
import { readMedia, toUrl, type Media } from '../../message/media.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { AudioPart, FilePart, ImagePart, TextPart, UserPart } from '../../types/message.js';
import type { RequestContext } from '../dialect.js';
import { dataFor } from '../options.js';
import type { ChatQuirks } from './quirks.js';
import { DIALECT } from './wire.js';

/** What every converter of a request needs. */
export interface Outgoing {
  readonly context: RequestContext;
  readonly quirks: ChatQuirks;
  /** The names under which provider data of parts is read. */
  readonly names: readonly string[];
}

export function outgoing(context: RequestContext, quirks: ChatQuirks): Outgoing {
  return { context, quirks, names: [context.vendor, DIALECT] };
}

/** Text content: a string where one part without marks is all there is, or where the server takes nothing else. */
export function textContent(parts: readonly TextPart[], out: Outgoing): Json {
  if (out.quirks.textContent === 'string') return parts.map((part) => part.text).join('');
  const only = parts.length === 1 ? parts[0] : undefined;
  return only !== undefined && cacheMark(only, out) === undefined ? only.text : parts.map((part) => textItem(part, out));
}

/** Content of a user message; undefined when nothing of it can be sent. */
export function userContent(parts: readonly UserPart[], out: Outgoing): Json | undefined {
  if (parts.length === 0) return undefined;
  if (parts.every((part) => part.type === 'text')) return textContent(parts, out);
  const items = parts.map((part) => userItem(part, out)).filter((item) => item !== undefined);
  return items.length > 0 ? items : undefined;
}

export function textItem(part: TextPart, out: Outgoing): JsonObject {
  return { type: 'text', text: part.text, ...cacheMark(part, out) };
}

function userItem(part: UserPart, out: Outgoing): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return textItem(part, out);
    case 'image':
      return out.quirks.media.includes('image') ? imageItem(part, out) : dropped(out, 'image', 'this server takes no images');
    case 'audio':
      return out.quirks.media.includes('audio') ? audioItem(part, out) : dropped(out, 'audio', 'this server takes no audio');
    case 'file':
      return fileItem(part, out);
    default:
      return part satisfies never;
  }
}

function imageItem(part: ImagePart, out: Outgoing): JsonObject | undefined {
  const media = readMedia(part.data, part.mediaType);
  if (media.kind === 'url' && !out.quirks.imageLinks) return dropped(out, 'image', 'this server takes no links to images, only inline ones');
  return { type: 'image_url', image_url: { url: toUrl(media, 'image/png'), ...(part.detail !== undefined && { detail: part.detail }) }, ...cacheMark(part, out) };
}

function audioItem(part: AudioPart, out: Outgoing): JsonObject | undefined {
  const media = readMedia(part.data, part.mediaType);
  if (media.kind === 'url') return dropped(out, 'audio', 'audio cannot be sent as a link, only inline');
  const subtype = (media.mediaType ?? part.mediaType).replace(/^audio\/(?:x-)?|;.*$/g, '');
  const format = AUDIO_FORMATS[subtype] ?? subtype;
  const { audioFormats } = out.quirks;
  if (audioFormats !== 'any' && !audioFormats.includes(format)) return dropped(out, 'audio', `this server takes audio as ${audioFormats.join(' or ')} only`);
  return { type: 'input_audio', input_audio: { data: media.base64, format }, ...cacheMark(part, out) };
}

const AUDIO_FORMATS: Readonly<Record<string, string>> = { mpeg: 'mp3', wave: 'wav', 'vnd.wave': 'wav', mp4: 'm4a' };

function fileItem(part: FilePart, out: Outgoing): JsonObject | undefined {
  const { quirks } = out;
  const fileId = dataFor(part.providerData, out.names)?.['file_id'];
  const mark = cacheMark(part, out);
  if (typeof fileId === 'string') return { type: 'file', file: { file_id: fileId }, ...mark };
  if (part.data === '') throw new RejectedError('invalid_request', `a file part without data, and without a file id that ${out.context.provider} knows; give its bytes`);
  const media = readMedia(part.data, part.mediaType);
  if (part.mediaType.startsWith('video/') && quirks.media.includes('video')) return { type: 'video_url', video_url: { url: toUrl(media, part.mediaType) }, ...mark };
  if (media.kind === 'base64' && part.mediaType.startsWith('text/')) return inlinedText(part, media.base64, mark, out);
  if (quirks.files === 'none') return dropped(out, 'file', 'this server takes no files');
  if (quirks.files === 'document_url') {
    return { type: 'document_url', document_url: toUrl(media, part.mediaType), ...(part.name !== undefined && { document_name: part.name }), ...mark };
  }
  if (media.kind === 'url' && quirks.files === 'file') return dropped(out, 'file', 'a file cannot be sent as a link, only inline');
  return { type: 'file', file: { filename: part.name ?? 'file', file_data: fileData(media, part) }, ...mark };
}

function fileData(media: Media, part: FilePart): string {
  return media.kind === 'url' ? media.url : toUrl({ ...media, mediaType: media.mediaType ?? part.mediaType }, part.mediaType);
}

/** The file input takes documents; plain text is read by every model as it is. */
function inlinedText(part: FilePart, base64: string, mark: JsonObject | undefined, out: Outgoing): JsonObject {
  out.context.warn({ kind: 'approximated', setting: 'file', detail: 'a text file was put into the prompt as text' });
  const text = decoded(base64);
  return { type: 'text', text: part.name === undefined ? text : `${part.name}:\n${text}`, ...mark };
}

function decoded(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  } catch {
    throw new RejectedError('invalid_request', 'a file part whose data is not base64; give bytes, base64, a data: URL or a link');
  }
}

/** `cache_control`, where the server understands it. Anthropic's name for it counts too: the mark is theirs. */
export function cacheMark(marked: { readonly providerData?: Parameters<typeof dataFor>[0] }, { quirks, names }: Outgoing): JsonObject | undefined {
  if (!quirks.cacheControl || marked.providerData === undefined) return undefined;
  const mark = dataFor(marked.providerData, names)?.['cache_control'] ?? dataFor(marked.providerData, ['anthropic'])?.['cache_control'];
  return mark === undefined ? undefined : { cache_control: mark };
}

/** Says what is left out. */
export function dropped(out: Outgoing, setting: string, detail: string): undefined {
  out.context.warn({ kind: 'dropped', setting, detail });
  return undefined;
}
