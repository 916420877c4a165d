import type { Warning } from './chat.js';
import type { ProviderData } from './json.js';
import type { CallReport } from './report.js';
import type { Usage } from './usage.js';

export interface EmbedRequest {
  /** `provider/model`, or an alias declared in `GatewayOptions.models`. */
  readonly model: string;
  readonly input: readonly string[];
  readonly dimensions?: number;
  readonly providerOptions?: ProviderData;
}

export interface EmbedResponse {
  readonly provider: string;
  readonly model: string;
  /** One vector for each input, in the order of the inputs. */
  readonly embeddings: readonly (readonly number[])[];
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
  readonly gateway?: CallReport;
}
