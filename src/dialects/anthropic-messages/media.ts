import { RejectedError } from '../../errors.js';
import { readMedia, type Media } from '../../message/media.js';
import type { JsonObject } from '../../types/json.js';
import type { FilePart, ImagePart } from '../../types/message.js';
import type { RequestContext } from '../dialect.js';
import { dataOf } from './wire.js';

/** An image or document block. Undefined, with a warning, where the API has none for it. */
export function toMediaBlock(part: ImagePart | FilePart, path: string, context: RequestContext): JsonObject | undefined {
  const media = readMedia(part.data, part.mediaType);
  if (media.kind === 'url' && !/^https?:/i.test(media.url)) {
    context.warn({ kind: 'dropped', setting: path, detail: `${context.provider} can read https links and inline bytes only` });
    return undefined;
  }
  const type = media.kind === 'base64' ? media.mediaType : part.mediaType;
  return part.type === 'image' || type?.startsWith('image/') ? toImage(part, media, path, context) : toDocument(part, media, type, path, context);
}

function toImage(part: ImagePart | FilePart, media: Media, path: string, context: RequestContext): JsonObject | undefined {
  if (part.type === 'image' && part.detail !== undefined && part.detail !== 'auto') {
    context.warn({ kind: 'dropped', setting: `${path}.detail`, detail: `${context.provider} chooses the resolution itself` });
  }
  const extras = dataOf(part, context);
  if (media.kind === 'url') return { ...extras, type: 'image', source: { type: 'url', url: media.url } };
  if (media.mediaType === undefined) {
    throw new RejectedError('invalid_request', `${path}.mediaType: missing, and inline bytes do not say what they are; set it, for example to 'image/png'`);
  }
  const mediaType = media.mediaType === 'image/jpg' ? 'image/jpeg' : media.mediaType;
  if (!IMAGE_TYPES.has(mediaType)) {
    context.warn({ kind: 'dropped', setting: path, detail: `${context.provider} cannot read ${mediaType}; give JPEG, PNG, GIF or WebP` });
    return undefined;
  }
  return { ...extras, type: 'image', source: { type: 'base64', media_type: mediaType, data: media.base64 } };
}

const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** PDFs by link or inline, plain text inline. */
function toDocument(part: FilePart, media: Media, type: string | undefined, path: string, context: RequestContext): JsonObject | undefined {
  const source = sourceOf(media, type);
  if (source === undefined) {
    context.warn({ kind: 'dropped', setting: path, detail: `${context.provider} cannot read ${type ?? 'such files'}${media.kind === 'url' ? ' from a link' : ''}` });
    return undefined;
  }
  return { ...dataOf(part, context), type: 'document', source, ...(part.name !== undefined && { title: part.name }) };
}

function sourceOf(media: Media, type: string | undefined): JsonObject | undefined {
  if (type === 'application/pdf') {
    return media.kind === 'url' ? { type: 'url', url: media.url } : { type: 'base64', media_type: type, data: media.base64 };
  }
  if (media.kind === 'url' || !isText(type)) return undefined;
  // The block has one name for all kinds of text.
  return { type: 'text', media_type: 'text/plain', data: new TextDecoder().decode(bytesOf(media.base64)) };
}

function isText(type: string | undefined): boolean {
  return type !== undefined && (type.startsWith('text/') || type === 'application/json');
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
