import type { AdapterResponse } from '../../types/adapter.js';
import type { AssistantPart } from '../../types/message.js';
import { safeToolInput } from '../../message/tool-input.js';
import type { Scope } from '../dialect.js';
import { malformed } from '../failure.js';
import { addChunk, createAnswer, isComplete, providerDataOf, refuseMalformedCall, type Answer } from './answer.js';
import { citationsOf } from './citations.js';
import { bodyError } from './error.js';
import { toFinishReason } from './finish-reason.js';
import { createCallIds, opaqueCall, providerData, readPart, type TextPiece } from './part.js';
import { isObject, objectsIn } from './wire.js';

/** A whole answer. Throws a ProviderError when it is none, or carries an error under its status 200. */
export function fromResponse(wire: unknown, scope: Scope): AdapterResponse {
  const error = bodyError(scope.provider, wire);
  if (error !== undefined) throw error;
  const answer = createAnswer();
  if (!isObject(wire)) throw malformed(scope.provider, 'an answer that is not a JSON object');
  const parts = addChunk(answer, wire);
  if (objectsIn(wire['candidates']).length === 0 && !isComplete(answer)) throw malformed(scope.provider, 'an answer without candidates');

  const content: AssistantPart[] = [];
  const callId = createCallIds();
  for (const wirePart of parts) {
    const part = readPart(wirePart, scope.vendor);
    if (part === undefined) continue;
    switch (part.kind) {
      case 'text':
      case 'reasoning':
        addText(content, part, scope.vendor);
        break;
      case 'call': {
        const { name, id, args } = part.call;
        if (typeof name === 'string') {
          content.push({ type: 'tool-call', id: callId(id, answer.id), name, ...safeToolInput(args), ...providerData(part.extra, scope.vendor) });
        } else {
          const opaque = opaqueCall(part.call, part.extra, scope.vendor);
          if (opaque !== undefined) content.push(opaque);
        }
        break;
      }
      case 'whole':
        content.push(part.part);
        break;
      default:
        part satisfies never;
    }
  }
  refuseMalformedCall(answer, content.length > 0, scope.provider);
  return {
    id: answer.id,
    model: answer.model,
    content: cited(content, answer),
    finishReason: answer.isBlocked ? 'content-filter' : toFinishReason(answer.finishReason, content.some((part) => part.type === 'tool-call')),
    ...(answer.usage !== undefined && { usage: answer.usage }),
    ...(answer.serviceTier !== undefined && { serviceTier: answer.serviceTier }),
    providerData: providerDataOf(answer, scope.vendor),
  };
}

/** A signature may come after the text it signs, in a part with empty text: it belongs to that text, which other providers can take then. */
function addText(content: AssistantPart[], part: TextPiece, vendor: string): void {
  const last = content.at(-1);
  if (part.text === '' && last?.type === part.kind && last.providerData === undefined) {
    content[content.length - 1] = { ...last, ...providerData(part.extra, vendor) };
  } else {
    content.push({ type: part.kind, text: part.text, ...providerData(part.extra, vendor) });
  }
}

function cited(content: readonly AssistantPart[], answer: Answer): readonly AssistantPart[] {
  const lastText = content.findLastIndex((part) => part.type === 'text');
  return content.map((part, at) => {
    if (part.type !== 'text') return part;
    const citations = citationsOf(answer.candidate, part.text, at === lastText);
    return citations.length > 0 ? { ...part, citations } : part;
  });
}
