import type { JsonObject, ProviderData } from '../../types/json.js';
import type { AssistantPart } from '../../types/message.js';
import { isEmpty, isObject, stringIn } from './wire.js';

/** Text, or a piece of it. `extra` is what stands beside the payload: signatures above all. */
export interface TextPiece {
  readonly kind: 'text' | 'reasoning';
  readonly text: string;
  readonly extra: JsonObject;
}

/** A part of an answer by what can be done with it. */
export type WirePart =
  | TextPiece
  | { readonly kind: 'call'; readonly call: JsonObject; readonly extra: JsonObject }
  | { readonly kind: 'whole'; readonly part: AssistantPart };

/** Members that may stand beside any payload. */
const BESIDE: ReadonlySet<string> = new Set(['thought', 'thoughtSignature', 'partMetadata', 'videoMetadata', 'mediaResolution', 'mediaProcessing', 'speechMetadata']);

/** Undefined for a part that says nothing. What is not known is opaque, and keeps the whole wire part. */
export function readPart(wire: JsonObject, vendor: string): WirePart | undefined {
  if (isEmpty(wire)) return undefined;
  if (isObject(wire['functionCall'])) {
    const { functionCall: call, ...extra } = wire;
    return { kind: 'call', call: isObject(call) ? call : {}, extra };
  }
  if (typeof wire['text'] === 'string') {
    const { text: _text, thought, ...extra } = wire;
    if (wire['text'] === '' && isEmpty(extra)) return undefined;
    return { kind: thought === true ? 'reasoning' : 'text', text: wire['text'], extra };
  }
  return { kind: 'whole', part: mediaPart(wire, vendor) ?? opaquePart(wire, vendor) };
}

/** Whether a call, or a piece of one, says anything at all: the last piece of a streamed call may be `{}`. */
export function opaqueCall(call: JsonObject, extra: JsonObject, vendor: string): AssistantPart | undefined {
  return isEmpty(call) ? undefined : opaquePart({ functionCall: call, ...extra }, vendor);
}

export function providerData(extra: JsonObject, vendor: string): { readonly providerData?: ProviderData } {
  return isEmpty(extra) ? {} : { providerData: { [vendor]: extra } };
}

/** The id that the wire gives, or one made of the answer's own id and the call's place; never the same one twice in an answer. */
export function createCallIds(): (given: unknown, answerId: string) => string {
  const used = new Set<string>();
  let calls = 0;
  return (given, answerId) => {
    const place = calls++;
    let id = typeof given === 'string' && given !== '' ? given : `call_${answerId === '' ? '' : `${answerId}_`}${place}`;
    while (used.has(id)) id += `_${place}`;
    used.add(id);
    return id;
  };
}

function mediaPart(wire: JsonObject, vendor: string): AssistantPart | undefined {
  const { inlineData, fileData, ...extra } = wire;
  const media = isObject(inlineData) ? inlineData : isObject(fileData) ? fileData : undefined;
  const mediaType = stringIn(media?.['mimeType']);
  const data = stringIn(media?.['data'] ?? media?.['fileUri']);
  if (mediaType === undefined || data === undefined) return undefined;
  const family = /^(image|audio)\//.exec(mediaType)?.[1];
  if (family === 'image') return { type: 'image', data, mediaType, ...providerData(extra, vendor) };
  if (family === 'audio') return { type: 'audio', data, mediaType, ...providerData(extra, vendor) };
  return undefined;
}

function opaquePart(wire: JsonObject, vendor: string): AssistantPart {
  const kind = Object.keys(wire).find((key) => !BESIDE.has(key)) ?? 'empty';
  return { type: 'opaque', provider: vendor, kind, data: wire };
}
