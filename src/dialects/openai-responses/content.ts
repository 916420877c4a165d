import { RejectedError } from '../../errors.js';
import { readMedia, toUrl } from '../../message/media.js';
import type { JsonObject } from '../../types/json.js';
import type { FilePart, ImagePart, UserPart } from '../../types/message.js';
import type { RequestContext } from '../dialect.js';
import { dataFor } from '../options.js';
import { namesOf } from './wire.js';

/** What users, system prompts and tools say. What only this vendor understands about a part (cache breakpoints, `detail: 'original'`) goes along. */
export function toContent(content: string | readonly UserPart[], path: string, context: RequestContext): string | readonly JsonObject[] {
  if (typeof content === 'string') return content;
  const names = namesOf(context);
  return content.flatMap((part, index): readonly JsonObject[] => {
    const data = dataFor(part.providerData, names);
    switch (part.type) {
      case 'text':
        return [{ type: 'input_text', text: part.text, ...data }];
      case 'image':
        return [{ type: 'input_image', ...imageSource(part, data, `${path}[${index}]`), detail: part.detail ?? 'auto', ...data }];
      case 'file':
        return [{ type: 'input_file', ...fileSource(part, data, `${path}[${index}]`), ...data }];
      case 'audio':
        context.warn({ kind: 'dropped', setting: `${path}[${index}]`, detail: `${context.provider} takes no audio in its Responses API` });
        return [];
      default:
        return part satisfies never;
    }
  });
}

/** A file that the vendor stores is named by `providerData` and needs no data. */
function imageSource({ data, mediaType }: ImagePart, own: JsonObject | undefined, path: string): JsonObject {
  if (own?.['file_id'] !== undefined) return {};
  if (data.length === 0) throw withoutData(path);
  return { image_url: toUrl(readMedia(data, mediaType), 'image/png') };
}

function fileSource({ data, mediaType, name }: FilePart, own: JsonObject | undefined, path: string): JsonObject {
  if (own?.['file_id'] !== undefined) return {};
  if (data.length === 0) throw withoutData(path);
  const media = readMedia(data, mediaType);
  return media.kind === 'url' ? { file_url: media.url } : { filename: name ?? defaultName(mediaType), file_data: toUrl(media, mediaType) };
}

function withoutData(path: string): RejectedError {
  return new RejectedError('invalid_request', `${path}.data: empty, and no file_id that this provider knows; give bytes, base64, a data: URL or a link`);
}

/** Inline files need a name, and its ending has to fit. */
function defaultName(mediaType: string): string {
  const subtype = mediaType.split('/')[1] ?? '';
  return `file.${mediaType === 'text/plain' ? 'txt' : /^[a-z0-9]+$/.test(subtype) ? subtype : 'pdf'}`;
}
