import type { JsonObject } from '../../types/json.js';
import type { ToolMessage } from '../../types/message.js';
import { mediaPart } from './content.js';
import type { Translation } from './translation.js';
import { isObject, stringIn } from './wire.js';

/** What Gemini 3 reads inside a function response; other media stand beside it. */
const READ_INSIDE = /^(?:image\/(?:png|jpeg|webp)|application\/pdf|text\/plain)$/;

/** The result of a call, and after it the media that the model cannot read inside a result. */
export function toolResult(message: ToolMessage, name: string, path: string, translation: Translation): readonly JsonObject[] {
  const texts: string[] = [];
  const inside: JsonObject[] = [];
  const beside: JsonObject[] = [];
  const content = typeof message.content === 'string' ? [{ type: 'text' as const, text: message.content }] : message.content;
  for (const [at, part] of content.entries()) {
    if (part.type === 'text') {
      texts.push(part.text);
      continue;
    }
    const partPath = `${path}.content[${at}]`;
    const media = mediaPart(part, partPath, translation);
    if (translation.thirdGeneration && READ_INSIDE.test(mimeTypeOf(media))) {
      inside.push(media);
    } else {
      translation.warn({ kind: 'approximated', setting: partPath, detail: 'this model does not read such media inside a tool result; it was sent beside it' });
      beside.push(media);
    }
  }
  // `output` and `error` are the two members that the API knows; any other would be read as part of the output.
  const response = { [message.isError === true ? 'error' : 'output']: texts.join('\n') };
  return [{ functionResponse: { id: message.toolCallId, name, response, ...(inside.length > 0 && { parts: inside }) } }, ...beside];
}

function mimeTypeOf(media: JsonObject): string {
  const payload = media['inlineData'] ?? media['fileData'];
  return (isObject(payload) && stringIn(payload['mimeType'])) || '';
}
