import { ConfigError, ProviderError } from '../errors.js';
import { readCatalogue } from './check-catalogue.js';
import { catalogueDate, replaceCatalogue, type PriceCatalogueDate } from './loaded.js';

export interface RefreshPricesOptions {
  /** Where the catalogue is; `https:` only. @default where @pydantic/genai-prices publishes it, on GitHub */
  readonly url?: string;
  /** @default the global `fetch` */
  readonly fetch?: typeof globalThis.fetch;
  /** For the whole of it, in milliseconds. @default 15000 */
  readonly timeoutMs?: number;
}

/** Many times what the catalogue has, in bytes. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Fetches the newest published catalogue and uses it from now on, in the whole process. Only ever when asked for. If it cannot be
 * fetched, or is not what it should be, everything stays as it was and this throws a ProviderError.
 */
export async function refreshPrices({ url, fetch = globalThis.fetch, timeoutMs = 15_000 }: RefreshPricesOptions = {}): Promise<PriceCatalogueDate> {
  const { REMOTE_DATA_JSON_URL } = await import('@pydantic/genai-prices');
  const from = httpsUrl(url ?? REMOTE_DATA_JSON_URL);
  if (!(Number.isFinite(timeoutMs) && timeoutMs > 0)) throw new ConfigError(`refreshPrices: timeoutMs: wanted milliseconds above 0, got ${String(timeoutMs)}`);
  const { text, modifiedAt } = await download(from, fetch, AbortSignal.timeout(timeoutMs));
  await replaceCatalogue(parse(text), modifiedAt);
  return catalogueDate();
}

function httpsUrl(url: string): string {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') throw new ConfigError('refreshPrices: url: wanted an address that begins with https:');
  return url;
}

function parse(text: string): ReturnType<typeof readCatalogue> {
  try {
    return readCatalogue(JSON.parse(text));
  } catch (error) {
    // A syntax error quotes what it met; where our own reading stopped is safe to say.
    const why = error instanceof Error && !(error instanceof SyntaxError) ? `: ${error.message.slice(0, 200)}` : '';
    throw failed('invalid_response', `what was fetched is no price catalogue${why}`, error);
  }
}

interface Download {
  readonly text: string;
  readonly modifiedAt: number;
}

async function download(url: string, fetch: typeof globalThis.fetch, signal: AbortSignal): Promise<Download> {
  try {
    const response = await fetch(url, { redirect: 'error', signal, headers: { accept: 'application/json' } });
    if (!response.ok) {
      await response.body?.cancel();
      throw failed('server_error', `the price catalogue could not be fetched: status ${response.status}`);
    }
    const modifiedAt = Date.parse(response.headers.get('last-modified') ?? '');
    return { text: await readWithin(response), modifiedAt: Number.isNaN(modifiedAt) ? Date.now() : modifiedAt };
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    throw failed(signal.aborted ? 'attempt_timeout' : 'network', signal.aborted ? 'the price catalogue did not come in time' : 'the price catalogue could not be fetched', error);
  }
}

async function readWithin(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > MAX_BYTES) throw failed('invalid_response', `what was fetched is larger than ${MAX_BYTES} bytes: no price catalogue is`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function failed(code: 'invalid_response' | 'server_error' | 'network' | 'attempt_timeout', message: string, cause?: unknown): ProviderError {
  return new ProviderError(code, `refreshPrices: ${message}; the prices stay as they were`, { certainty: 'not_sent', cause });
}
