import type { Attributes, Context, Logger } from '@opentelemetry/api';
import type { GatewayError } from '../errors.js';
import { shortened } from '../observing/plain-text.js';
import { known } from './attributes.js';
import type { Content } from './content.js';
import type { Vocabulary } from './vocabulary.js';

// SeverityNumber of the logs API, which is a part of the API only since 1.10.
const INFO = 9;
const WARN = 13;

/** A failure that reached the caller. Messages of GatewayErrors hold no content and no keys. */
export function emitException(logger: Logger, error: GatewayError, callId: string, context: Context, { attributes: names, own, events }: Vocabulary): void {
  logger.emit({
    eventName: events.exception,
    severityNumber: WARN,
    severityText: 'WARN',
    context,
    attributes: {
      [names.exceptionType]: error.name,
      [names.exceptionMessage]: shortened(error.message, 1000),
      ...known({ [names.exceptionStack]: error.stack === undefined ? undefined : shortened(error.stack, 8000) }),
      [own.callId]: callId,
    },
  });
}

/** All that is on a call's span in the conventions' names, independent of sampling; content as structures. */
export function emitDetails(logger: Logger, span: Attributes, content: Content, context: Context, { attributes: names, own, events }: Vocabulary): void {
  const standard = new Set<string>(Object.values(names));
  const attributes = Object.fromEntries(Object.entries(span).filter(([name]) => standard.has(name) || name === own.callId));
  logger.emit({
    eventName: events.details,
    severityNumber: INFO,
    severityText: 'INFO',
    context,
    attributes: {
      ...attributes,
      ...known({
        [names.inputMessages]: content.inputMessages,
        [names.outputMessages]: content.outputMessages,
        [names.toolDefinitions]: content.toolDefinitions,
        [names.stopSequences]: content.stopSequences,
      }),
    },
  });
}
