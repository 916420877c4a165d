/** One HTTP exchange: what a provider asks of the transport. */
export interface WireRequest {
  /** The adapter's name, for messages. */
  readonly provider: string;
  readonly method: 'POST' | 'GET';
  readonly url: string;
  /** Lower-case names, values already checked. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
  /** How long the server may be silent, in milliseconds, where that is longer than the transport's own limit. `Infinity`: as long as it likes. @default the transport's own limit */
  readonly patienceMs?: number | undefined;
  /** Called once when the request has been handed to the socket. */
  readonly sent: () => void;
}

/** Receives a body as it arrives; must not throw. After `end` or `fail` nothing more comes. When the request's signal fires, `fail` gets its reason. */
export interface ByteSink {
  chunk(bytes: Uint8Array): void;
  end(): void;
  fail(error: unknown): void;
}

/** The head of an answer, and its body still on the wire. */
export interface WireAnswer {
  readonly status: number;
  /** Lower-case names; of a repeated header all values, joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Starts the flow into `sink`. Called at most once. */
  read(sink: ByteSink): void;
  /** Backpressure: what has arrived already may still come. */
  pause(): void;
  resume(): void;
  /** Closes the socket at once; the sink hears nothing more. Safe to repeat, before `read`, and from inside `chunk`. */
  cancel(): void;
}

/** Sends requests. Rejects with a ProviderError whose certainty says whether the provider may have seen the request; follows no redirect. */
export interface Transport {
  send(request: WireRequest): Promise<WireAnswer>;
  close(): Promise<void>;
}

/** Size caps, in bytes. */
export interface BodyLimits {
  /** One server-sent event. @default 8 MiB */
  readonly maxEventBytes: number;
  /** A whole answer. @default 64 MiB */
  readonly maxBodyBytes: number;
}
