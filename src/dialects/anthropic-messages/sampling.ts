import type { ChatRequest } from '../../types/chat.js';
import type { JsonObject } from '../../types/json.js';
import type { RequestContext } from '../dialect.js';
import type { ModelTraits } from './models.js';

/** `temperature`, `top_p` and `top_k`, as far as the model takes them, alone and together. */
export function toSampling(request: ChatRequest, thinks: boolean, traits: ModelTraits, context: RequestContext): JsonObject {
  const { temperature, topP, topK } = request;
  const drop = (setting: string, detail: string): void => context.warn({ kind: 'dropped', setting, detail });
  const wire: { temperature?: number; top_p?: number; top_k?: number } = {};

  if (temperature !== undefined) {
    // 1 is the default: leaving it out changes nothing.
    if (traits.sampling !== 'none' && !thinks) wire.temperature = atMostOne(temperature, context);
    else if (temperature !== 1) drop('temperature', thinks ? THINKING : refused(context));
  }
  if (topP !== undefined) {
    if (traits.sampling === 'none') {
      if (topP !== 1) drop('topP', refused(context));
    } else if (thinks && topP < 0.95) drop('topP', 'it cannot be less than 0.95 while the model thinks');
    else if (traits.sampling === 'one' && wire.temperature !== undefined) drop('topP', `${context.model} takes temperature or topP, not both`);
    else wire.top_p = topP;
  }
  if (topK !== undefined) {
    if (traits.sampling === 'none' || thinks) drop('topK', thinks ? THINKING : refused(context));
    else wire.top_k = topK;
  }
  return wire;
}

const THINKING = 'it cannot be changed while the model thinks';

function refused(context: RequestContext): string {
  return `${context.model} does not take it`;
}

function atMostOne(temperature: number, context: RequestContext): number {
  if (temperature <= 1) return temperature;
  context.warn({ kind: 'approximated', setting: 'temperature', detail: `${context.provider} takes at most 1` });
  return 1;
}
