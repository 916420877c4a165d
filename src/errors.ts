import { reduceCause, type ReducedCause } from './cause.js';
import type { AnswerFacts } from './types/adapter.js';
import type { ChatResponse } from './types/chat.js';
import type { CancelledCode, ErrorCode, ProviderCode, RejectedCode } from './types/codes.js';
import type { Json } from './types/json.js';
import type { CallReport, Certainty, Target } from './types/report.js';

/** What an error may carry. Everything here is optional; nothing of it but `retryAfterMs`, `target`, `certainty`, status, request id and cause is ever printed. */
export interface ErrorDetails {
  /** @default by code, see `docs/errors.md` */
  readonly retryable?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly target?: Target | undefined;
  /** @default 'possibly_billed' for a ProviderError */
  readonly certainty?: Certainty | undefined;
  readonly facts?: AnswerFacts | undefined;
  readonly partial?: ChatResponse | undefined;
  /** Reduced to its class name and its code: a vendor's error may print keys, cookies and prompts. */
  readonly cause?: unknown;
  /** The provider's own words. Never printed: it may echo the prompt or a key. Read it as `error.providerMessage`. */
  readonly providerMessage?: string | undefined;
  /** What else the failure may be, where the provider's answer does not tell: Gemini's `500 INTERNAL` is also how a prompt that is too long may fail. */
  readonly mayMean?: ProviderCode | undefined;
}

// Two copies of the package (ESM and CJS) may meet in one process, so membership is a registered symbol, not a prototype.
const KIND: unique symbol = Symbol.for('headgate.error.kind') as never;
const INSPECT = Symbol.for('nodejs.util.inspect.custom');
type Kind = 'gateway' | 'config' | 'rejected' | 'provider' | 'cancelled' | 'exhausted';

const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'rate_limited', 'concurrency_exceeded', 'circuit_open', 'store_unavailable',
  'provider_rate_limit', 'overloaded', 'server_error', 'network', 'connect_timeout', 'stream_interrupted', 'invalid_response',
]);

/** Every error that leaves Headgate. `code` for `switch`, the five classes for `catch`. */
export abstract class GatewayError extends Error {
  static readonly [KIND]: Kind = 'gateway';
  abstract readonly code: ErrorCode;
  /** Whether the same request could succeed at the same target. Decided once, where the error is made. */
  readonly retryable: boolean;
  /** Milliseconds to wait, when somebody said so. */
  readonly retryAfterMs: number | undefined;
  readonly target: Target | undefined;
  /** Class name and code of what was caught, and no more. */
  override readonly cause: ReducedCause | undefined;
  // Private fields stay out of `util.inspect`, `JSON.stringify` and structured logs: they hold content.
  readonly #partial: ChatResponse | undefined;
  #report: CallReport | undefined;

  constructor(kind: Kind, code: ErrorCode, message: string, details: ErrorDetails) {
    super(message);
    this.retryable = details.retryable ?? RETRYABLE.has(code);
    this.retryAfterMs = details.retryAfterMs;
    this.target = details.target;
    this.cause = reduceCause(details.cause);
    this.#partial = details.partial;
    Object.defineProperty(this, KIND, { value: kind });
  }

  /** What the reader had been given when it ended here. */
  get partial(): ChatResponse | undefined {
    return this.#partial;
  }

  /** Set by the gateway on the error it throws, which is a copy: one failure may reach many callers, each with a report of its own. */
  get report(): CallReport | undefined {
    return this.#report;
  }

  /** No request content, no headers, no keys. */
  toJSON(): { readonly [key: string]: Json } {
    const out: Record<string, Json> = { name: this.name, code: this.code, message: this.message, retryable: this.retryable };
    if (this.retryAfterMs !== undefined) out['retryAfterMs'] = this.retryAfterMs;
    if (this.target !== undefined) out['target'] = { ...this.target };
    if (this.cause !== undefined) out['cause'] = { ...this.cause };
    const callId = this.#report?.callId;
    if (callId !== undefined) out['callId'] = callId;
    return out;
  }

  [INSPECT](_depth: number, options: unknown, inspect?: (value: unknown, options: unknown) => string): string {
    const { name: _name, message: _message, ...rest } = this.toJSON();
    const stack = this.stack ?? `${this.name}: ${this.message}`;
    return inspect === undefined ? stack : `${stack} ${inspect(rest, options)}`;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // A subclass of a user's own has no kind of its own: the ordinary rule holds for it.
    if (!Object.hasOwn(this, KIND)) return Function.prototype[Symbol.hasInstance].call(this, value);
    if (typeof value !== 'object' || value === null || !(KIND in value)) return false;
    return this[KIND] === 'gateway' || value[KIND] === this[KIND];
  }

  /** @internal */
  static attachReport(error: GatewayError, report: CallReport): void {
    error.#report = report;
  }
}

/** A wrong configuration, thrown by `createGateway()` and the factories: names the option, what came, what is wanted. */
export class ConfigError extends GatewayError {
  static override readonly [KIND] = 'config';
  override readonly name = 'ConfigError';
  readonly code = 'config';
  constructor(message: string) {
    super('config', 'config', message, {});
  }
}

/** Refused by the gateway itself. Nothing was sent, unless an earlier attempt of the same call says otherwise in `report`. */
export class RejectedError extends GatewayError {
  static override readonly [KIND] = 'rejected';
  override readonly name = 'RejectedError';
  readonly code: RejectedCode;
  constructor(code: RejectedCode, message: string, details: ErrorDetails = {}) {
    super('rejected', code, message, details);
    this.code = code;
  }
}

/** A provider failed, refused or could not be reached. */
export class ProviderError extends GatewayError {
  static override readonly [KIND] = 'provider';
  override readonly name = 'ProviderError';
  readonly code: ProviderCode;
  readonly certainty: Certainty;
  /** What else the failure may be. It is retried once, and then goes the way of that code where the route has one. */
  readonly mayMean: ProviderCode | undefined;
  readonly #facts: AnswerFacts | undefined;
  readonly #providerMessage: string | undefined;
  constructor(code: ProviderCode, message: string, details: ErrorDetails = {}) {
    super('provider', code, message, details);
    this.code = code;
    this.certainty = details.certainty ?? 'possibly_billed';
    this.mayMean = details.mayMean;
    this.#facts = details.facts;
    this.#providerMessage = details.providerMessage;
  }

  /** HTTP status, when there was an answer. */
  get status(): number | undefined {
    return this.#facts?.status;
  }

  /** The provider's own id of the request, for its support desk. */
  get requestId(): string | undefined {
    return this.#facts?.requestId;
  }

  /** What the answer said beside its body, allow-listed. */
  get facts(): AnswerFacts | undefined {
    return this.#facts;
  }

  /** The provider's own words. May echo the prompt or a key: log it only if that is all right. */
  get providerMessage(): string | undefined {
    return this.#providerMessage;
  }

  override toJSON(): { readonly [key: string]: Json } {
    const out: Record<string, Json> = { ...super.toJSON(), certainty: this.certainty };
    if (this.status !== undefined) out['status'] = this.status;
    if (this.requestId !== undefined) out['requestId'] = this.requestId;
    if (this.mayMean !== undefined) out['mayMean'] = this.mayMean;
    return out;
  }
}

/** The caller aborted, the reader left, or the deadline passed. */
export class CancelledError extends GatewayError {
  static override readonly [KIND] = 'cancelled';
  override readonly name = 'CancelledError';
  readonly code: CancelledCode;
  constructor(code: CancelledCode, message: string, details: ErrorDetails = {}) {
    super('cancelled', code, message, details);
    this.code = code;
  }
}

/** Every candidate was tried; `errors` has one entry each, in order. */
export class ExhaustedError extends GatewayError {
  static override readonly [KIND] = 'exhausted';
  override readonly name = 'ExhaustedError';
  readonly code = 'exhausted';
  readonly errors: readonly GatewayError[];
  constructor(errors: readonly GatewayError[], details: ErrorDetails = {}) {
    const codes = errors.map((error) => `${error.target ? `${error.target.provider}/${error.target.model} ` : ''}${error.code}`);
    super('exhausted', 'exhausted', `no target could answer: ${codes.join(', ')}`, details);
    this.errors = errors;
  }

  override toJSON(): { readonly [key: string]: Json } {
    return { ...super.toJSON(), errors: this.errors.map((error) => error.toJSON()) };
  }
}

/** Holds for errors of any copy of the package. */
export function isGatewayError<C extends ErrorCode = ErrorCode>(error: unknown, code?: C): error is GatewayError & { readonly code: C } {
  return error instanceof GatewayError && (code === undefined || error.code === code);
}

/**
 * The same error with something added. Always a copy, with the stack of the original: one failure may reach many callers.
 * @internal
 */
export function copyError(error: GatewayError, changes: Pick<ErrorDetails, 'partial' | 'target' | 'certainty'> & { readonly report?: CallReport | undefined }): GatewayError {
  const copy = rebuild(error, {
    retryable: error.retryable,
    retryAfterMs: error.retryAfterMs,
    target: error.target ?? changes.target,
    partial: changes.partial ?? error.partial,
    cause: error.cause,
    certainty: changes.certainty,
  });
  if (error.stack !== undefined) Object.defineProperty(copy, 'stack', { value: error.stack, writable: true, configurable: true, enumerable: false });
  const report = changes.report ?? error.report;
  if (report !== undefined) GatewayError.attachReport(copy, report);
  return copy;
}

function rebuild(error: GatewayError, details: ErrorDetails): GatewayError {
  if (error instanceof ProviderError) {
    return new ProviderError(error.code, error.message, { ...details, certainty: details.certainty ?? error.certainty, facts: error.facts, providerMessage: error.providerMessage, mayMean: error.mayMean });
  }
  if (error instanceof RejectedError) return new RejectedError(error.code, error.message, details);
  if (error instanceof CancelledError) return new CancelledError(error.code, error.message, details);
  if (error instanceof ExhaustedError) return new ExhaustedError(error.errors, details);
  return new ConfigError(error.message);
}
