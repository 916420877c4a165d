import type { AdapterResponse } from '../../types/adapter.js';
import type { FinishReason } from '../../types/chat.js';
import type { Scope } from '../dialect.js';
import { malformed } from '../failure.js';
import { errorInside } from './error.js';
import { partsOf } from './parts.js';
import { usageOf } from './usage.js';
import { dataField, extrasOf, isObject, objectOf, textOf, type Wire } from './wire.js';

/**
 * An answer. `providerData[vendor]` has what else the message says, under the wire's names: `stop_reason`, `stop_sequence`,
 * `stop_details`, `container`, `context_management`, and `usage` as it came (server-tool counts, iterations, region).
 */
export function fromResponse(wire: unknown, scope: Scope): AdapterResponse {
  const error = errorInside(wire, scope.provider);
  if (error !== undefined) throw error;
  if (!isObject(wire) || !Array.isArray(wire['content'])) throw malformed(scope.provider, 'an answer that is not a message');
  return {
    id: textOf(wire['id']) ?? '',
    model: textOf(wire['model']) ?? '',
    content: partsOf(wire['content'], scope.vendor),
    ...endOf(wire, scope),
  };
}

const NAMED: ReadonlySet<string> = new Set(['id', 'type', 'role', 'model', 'content']);

/** What a message says when it is over; `finish` of a stream and the end of an answer are the same. */
export function endOf(message: Wire, scope: Scope): Pick<AdapterResponse, 'finishReason' | 'usage' | 'serviceTier' | 'providerData'> {
  const usage = usageOf(message['usage']);
  const serviceTier = textOf(objectOf(message['usage'])['service_tier']);
  return {
    finishReason: finishReasonOf(message['stop_reason']),
    ...(usage !== undefined && { usage }),
    ...(serviceTier !== undefined && { serviceTier }),
    ...dataField(scope.vendor, extrasOf(message, NAMED)),
  };
}

function finishReasonOf(reason: unknown): FinishReason {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'tool_use':
      return 'tool-calls';
    case 'refusal':
      return 'refusal';
    default:
      // `pause_turn` and `compaction` want the conversation sent again as it is: neither done nor cut. `providerData` has the word.
      return 'other';
  }
}
