import { GatewayError, ProviderError, RejectedError } from '../errors.js';
import type { Target } from '../types/report.js';

/** What an interceptor threw. Its own GatewayError passes; anything else is reduced to its class and the places it came through. */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return keepFrames(
    new RejectedError('interceptor_failed', 'an interceptor threw something that is not a GatewayError; throw a RejectedError to refuse a call on purpose', { cause: error }),
    error,
  );
}

/** What an adapter threw. */
export function toAdapterError(error: unknown, target: Target): GatewayError {
  if (error instanceof GatewayError) return error;
  return keepFrames(
    new ProviderError('server_error', `the adapter '${target.provider}' threw something that is not a GatewayError; throw a ProviderError with the code that fits`, { cause: error, target }),
    error,
  );
}

/** Frames name code, never content; the first line of a foreign stack may quote a prompt. */
function keepFrames(wrapped: GatewayError, original: unknown): GatewayError {
  const stack = original instanceof Error ? original.stack : undefined;
  const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line));
  if (frames !== undefined && frames.length > 0) wrapped.stack = `${wrapped.name}: ${wrapped.message}\n${frames.join('\n')}`;
  return wrapped;
}
