import type { AdapterEvent } from '../types/adapter.js';
import type { Answer } from './answer.js';

type Finish = Extract<AdapterEvent, { readonly type: 'finish' }>;

/** The deltas of an answer: folding them gives the parts of its unary form. */
export function* eventsOf(answer: Answer): Generator<AdapterEvent> {
  for (const { part, chunks } of answer.pieces) {
    switch (part.type) {
      case 'text':
      case 'reasoning':
      case 'refusal': {
        const { type, text: _text, ...end } = part;
        for (const text of chunks) yield { type: `${type}-delta`, text };
        yield { type: 'part-end', ...end };
        break;
      }
      case 'tool-call':
        yield { type: 'tool-call-start', id: part.id, name: part.name };
        for (const json of chunks) yield { type: 'tool-call-delta', id: part.id, json };
        yield { type: 'tool-call-end', id: part.id, ...(part.providerData && { providerData: part.providerData }) };
        break;
      case 'image':
      case 'audio':
      case 'opaque':
        yield { type: 'part', part };
        break;
      default:
        part satisfies never;
    }
  }
}

export function finishOf(answer: Answer): Finish {
  return { type: 'finish', finishReason: answer.finishReason, ...(answer.usage && { usage: answer.usage }) };
}
