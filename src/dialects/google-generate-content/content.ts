import { readMedia } from '../../message/media.js';
import type { JsonObject } from '../../types/json.js';
import type { AssistantPart, AudioPart, FilePart, ImagePart, ToolCallPart, UserPart } from '../../types/message.js';
import { dataFor } from '../options.js';
import type { Translation } from './translation.js';
import { isEmpty, isObject } from './wire.js';

/**
 * What Google's documentation gives for a call that another model made: Gemini 3 refuses the first call of a turn
 * without a signature (ai.google.dev/gemini-api/docs/thought-signatures). Bytes on this wire, so base64 of
 * `skip_thought_signature_validator`.
 */
const NO_SIGNATURE = 'c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=';

/** By file extension, because a link to an image need not say its type, and Vertex AI wants it. */
const IMAGE_TYPES: Readonly<Record<string, string>> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp', gif: 'image/gif', heic: 'image/heic', heif: 'image/heif' };

/** Undefined for a part that says nothing: the API refuses parts without content. */
export function userPart(part: UserPart, path: string, translation: Translation): JsonObject | undefined {
  if (part.type !== 'text') return mediaPart(part, path, translation);
  const extra = dataFor(part.providerData, [translation.vendor]) ?? {};
  return part.text === '' && isEmpty(extra) ? undefined : { ...extra, text: part.text };
}

/** `isFirstCall`: whether this part would be the first call of its turn. */
export function assistantPart(part: AssistantPart, path: string, translation: Translation, isFirstCall: boolean): JsonObject | undefined {
  switch (part.type) {
    case 'text':
    case 'image':
    case 'audio':
      return userPart(part, path, translation);
    case 'reasoning': {
      const extra = dataFor(part.providerData, [translation.vendor]) ?? {};
      if (part.text !== '' || !isEmpty(extra)) return { ...extra, text: part.text, thought: true };
      translation.warn({ kind: 'dropped', setting: path, detail: 'another provider keeps the text of this reasoning to itself' });
      return undefined;
    }
    case 'tool-call':
      return callPart(part, path, translation, isFirstCall);
    case 'refusal':
      translation.warn({ kind: 'approximated', setting: path, detail: 'this API has no refusals; it was sent as text' });
      return part.text === '' ? undefined : { text: part.text };
    case 'opaque':
      if (part.provider === translation.vendor && isObject(part.data)) return part.data;
      translation.warn({ kind: 'dropped', setting: path, detail: `only ${part.provider} understands this ${part.kind} part` });
      return undefined;
    default:
      return part satisfies never;
  }
}

/** `inlineData`, or `fileData` for what lies elsewhere: a web address, Cloud Storage, the Files API. */
export function mediaPart(part: ImagePart | AudioPart | FilePart, path: string, translation: Translation): JsonObject {
  warnOfMedia(part, path, translation);
  const extra = dataFor(part.providerData, [translation.vendor]);
  const media = readMedia(part.data, part.mediaType);
  if (media.kind === 'base64') return { ...extra, inlineData: { mimeType: media.mediaType ?? 'image/png', data: media.base64 } };
  const mimeType = part.mediaType ?? IMAGE_TYPES[/\.([a-z]{3,4})(?:[?#]|$)/i.exec(media.url)?.[1]?.toLowerCase() ?? ''];
  return { ...extra, fileData: { ...(mimeType !== undefined && { mimeType }), fileUri: media.url } };
}

function warnOfMedia(part: ImagePart | AudioPart | FilePart, path: string, { warn }: Translation): void {
  if (part.type === 'image' && part.detail !== undefined && part.detail !== 'auto') {
    warn({ kind: 'dropped', setting: `${path}.detail`, detail: 'set mediaResolution in the part\'s providerData, or in providerOptions.generationConfig, instead' });
  }
  if (part.type === 'audio' && part.transcript !== undefined) {
    warn({ kind: 'dropped', setting: `${path}.transcript`, detail: 'this API takes the sound alone' });
  }
  if (part.type === 'file' && part.name !== undefined) {
    warn({ kind: 'dropped', setting: `${path}.name`, detail: 'this API takes files without a name' });
  }
}

function callPart(part: ToolCallPart, path: string, translation: Translation, isFirstCall: boolean): JsonObject {
  const extra = dataFor(part.providerData, [translation.vendor]);
  const needsSignature = translation.thirdGeneration && isFirstCall && extra?.['thoughtSignature'] === undefined;
  return {
    ...extra,
    ...(needsSignature && { thoughtSignature: NO_SIGNATURE }),
    functionCall: { id: part.id, name: part.name, args: argumentsOf(part, path, translation) },
  };
}

/** An object is all that this wire takes. */
function argumentsOf(part: ToolCallPart, path: string, { warn }: Translation): JsonObject {
  if (part.invalidInput === undefined && isObject(part.input)) return part.input;
  if (part.invalidInput === undefined && part.input === null) return {};
  warn({ kind: 'approximated', setting: `${path}.input`, detail: 'this API takes arguments as an object; these were sent as its member "input"' });
  return { input: part.invalidInput ?? part.input };
}
