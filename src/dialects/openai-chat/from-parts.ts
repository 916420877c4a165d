import { readMedia } from '../../message/media.js';
import type { ProviderData } from '../../types/json.js';
import type { AudioPart, FilePart, ImagePart, TextPart, UserPart } from '../../types/message.js';
import { checkedList, checkedName, checkedObject, checkedString, optional, refuse } from '../checked.js';
import { asJson, DIALECT, isObject, textOr, type WireObject } from './wire.js';

/** Content of a message that may hold text only. */
export function readTextContent(value: unknown, field: string): string | readonly TextPart[] {
  if (typeof value === 'string') return value;
  return checkedList(value, field).map((item, index) => {
    const part = readPart(item, `${field}[${index}]`);
    return part.type === 'text' ? part : refuse(`${field}[${index}].type`, 'text', part.type);
  });
}

/** Content of a user message. */
export function readUserContent(value: unknown, field: string): string | readonly UserPart[] {
  if (typeof value === 'string') return value;
  return checkedList(value, field).map((item, index) => readPart(item, `${field}[${index}]`));
}

function readPart(item: unknown, field: string): UserPart {
  const wire = checkedObject(item, field);
  const marks = cacheMarks(wire);
  switch (wire['type']) {
    case 'text':
      return { type: 'text', text: checkedString(wire['text'], `${field}.text`), ...marks };
    case 'image_url':
      return { ...readImage(wire['image_url'], `${field}.image_url`), ...marks };
    case 'input_audio':
      return { ...readAudio(wire['input_audio'], `${field}.input_audio`), ...marks };
    case 'file':
      return readFile(wire, field, marks);
    case 'document_url': {
      const name = optional(wire['document_name'], `${field}.document_name`, checkedString);
      return { ...linked(wire['document_url'], `${field}.document_url`, 'application/pdf'), ...(name !== undefined && { name }), ...marks };
    }
    case 'video_url':
      return { ...linked(wire['video_url'], `${field}.video_url`, 'video/mp4'), ...marks };
    default:
      return refuse(`${field}.type`, 'text, image_url, input_audio, file, document_url or video_url', wire['type']);
  }
}

function readImage(value: unknown, field: string): ImagePart {
  if (typeof value === 'string') return { type: 'image', data: checkedName(value, field) };
  const wire = checkedObject(value, field);
  const { detail } = wire;
  return { type: 'image', data: checkedName(wire['url'], `${field}.url`), ...((detail === 'auto' || detail === 'low' || detail === 'high') && { detail }) };
}

function readAudio(value: unknown, field: string): AudioPart {
  const wire = checkedObject(value, field);
  const format = checkedName(wire['format'], `${field}.format`);
  return { type: 'audio', data: checkedName(wire['data'], `${field}.data`), mediaType: format === 'mp3' ? 'audio/mpeg' : `audio/${format}` };
}

function readFile(part: WireObject, field: string, marks: Marks | undefined): FilePart {
  const wire = checkedObject(part['file'], `${field}.file`);
  const name = optional(wire['filename'], `${field}.file.filename`, checkedString);
  const fileId = textOr(wire['file_id']);
  const data = fileId === undefined ? checkedName(wire['file_data'], `${field}.file.file_data`) : '';
  const marked = marks?.providerData;
  const providerData: ProviderData | undefined = fileId === undefined ? marked : { ...marked, [DIALECT]: { ...marked?.[DIALECT], file_id: fileId } };
  return { type: 'file', data, mediaType: mediaTypeOf(data, 'application/pdf'), ...(name !== undefined && { name }), ...(providerData !== undefined && { providerData }) };
}

/** A link as a string, or as an object with `url`. */
function linked(value: unknown, field: string, fallbackType: string): FilePart {
  const data = isObject(value) ? checkedName(value['url'], `${field}.url`) : checkedName(value, field);
  return { type: 'file', data, mediaType: mediaTypeOf(data, fallbackType) };
}

function mediaTypeOf(data: string, fallback: string): string {
  const media = readMedia(data);
  return media.kind === 'base64' ? (media.mediaType ?? fallback) : fallback;
}

interface Marks {
  readonly providerData: ProviderData;
}

/** A `cache_control` mark, kept under Anthropic's name too: the mark is theirs, wherever the request goes. */
export function cacheMarks(wire: WireObject): Marks | undefined {
  const mark = wire['cache_control'];
  if (!isObject(mark)) return undefined;
  const data = { cache_control: asJson(mark) };
  return { providerData: { [DIALECT]: data, anthropic: data } };
}
