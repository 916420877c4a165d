import type { Scope } from '../dialects/dialect.js';
import { malformed } from '../dialects/failure.js';
import { ProviderError } from '../errors.js';
import type { AdapterEmbedResponse } from '../types/adapter.js';
import type { EmbedRequest } from '../types/embed.js';
import type { JsonObject } from '../types/json.js';
import type { Usage } from '../types/usage.js';

/** One embeddings protocol. */
export interface EmbeddingWire {
  /** Inputs that one request may hold. */
  readonly maxInputs: number;
  readonly path: (model: string) => string;
  readonly toBody: (request: EmbedRequest, inputs: readonly string[], context: Scope & { readonly model: string }) => JsonObject;
  /** Throws ProviderError('invalid_response') when it is not an answer to that many inputs. */
  readonly fromAnswer: (wire: unknown, inputs: number, provider: string) => EmbeddingAnswer;
}

export interface EmbeddingAnswer {
  readonly embeddings: readonly (readonly number[])[];
  /** The model as the provider names it. */
  readonly model: string | undefined;
  readonly usage: Usage | undefined;
}

interface EmbedContext extends Pick<EmbeddingWire, 'maxInputs' | 'toBody' | 'fromAnswer'> {
  readonly scope: Scope;
  readonly model: string;
}

/**
 * Embeds any number of inputs, in requests as large as the provider takes, and gives one answer in the inputs' order.
 *
 * One request after the other: the first failure ends it, so a limit that was hit is not hit again, and nothing more
 * is paid for an answer that will not be given.
 */
export async function embedInBatches(
  request: EmbedRequest,
  { scope, model, maxInputs, toBody, fromAnswer }: EmbedContext,
  post: (body: JsonObject, first: boolean) => Promise<unknown>,
): Promise<AdapterEmbedResponse> {
  const answers: EmbeddingAnswer[] = [];
  for (let from = 0; from < request.input.length; from += maxInputs) {
    const inputs = request.input.slice(from, from + maxInputs);
    const body = toBody(request, inputs, { ...scope, model });
    try {
      answers.push(fromAnswer(await post(body, from === 0), inputs.length, scope.provider));
    } catch (error) {
      throw from > 0 ? afterPaidBatches(error) : error;
    }
  }
  const usage = sumOf(answers);
  return {
    model: answers[0]?.model ?? model,
    embeddings: answers.flatMap((answer) => answer.embeddings),
    ...(usage !== undefined && { usage }),
  };
}

/** Absent as soon as one batch has none: a sum that is too low would pass for the truth. */
function sumOf(answers: readonly EmbeddingAnswer[]): Usage | undefined {
  let inputTokens = 0;
  for (const { usage } of answers) {
    if (usage === undefined) return undefined;
    inputTokens += usage.inputTokens;
  }
  return { inputTokens, outputTokens: 0 };
}

/** Earlier batches were answered and will be billed, whatever this one says. */
function afterPaidBatches(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  const { retryable, retryAfterMs, target, partial, facts, providerMessage, cause } = error;
  return new ProviderError(error.code, error.message, { retryable, retryAfterMs, target, partial, facts, providerMessage, cause, certainty: 'started' });
}

/** A vector of finite numbers, or the error that says what is there instead. */
export function vectorOf(value: unknown, provider: string): readonly number[] {
  if (Array.isArray(value) && value.length > 0 && value.every((number) => Number.isFinite(number))) return value as number[];
  throw malformed(provider, 'an embedding that is not a list of numbers');
}
