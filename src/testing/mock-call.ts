import type { AdapterContext } from '../types/adapter.js';
import type { ChatRequest } from '../types/chat.js';
import type { EmbedRequest } from '../types/embed.js';
import { lastText, type ScriptCall } from './script-call.js';

interface Asked extends ScriptCall {
  readonly callId: string;
  readonly credential: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Stopped before its reply had been played: by the signal, or by a reader who left. */
  readonly aborted: boolean;
  /** Over, however it went. */
  readonly ended: boolean;
}

/** One call, as the adapter saw it. `operation` narrows `request`. */
export type MockCall =
  | (Asked & { readonly operation: 'chat'; readonly request: ChatRequest })
  | (Asked & { readonly operation: 'embed'; readonly request: EmbedRequest });

export interface RunningCall {
  readonly call: MockCall;
  /** `played`: to its end, or to where it was told to fail. */
  end(played: boolean): void;
}

export function recordCall(...about: [...(['chat', ChatRequest] | ['embed', EmbedRequest]), AdapterContext, boolean]): RunningCall {
  const [operation, request, context, streaming] = about;
  let ended = false;
  let aborted = false;
  const asked: Omit<Asked, 'operation'> = {
    model: context.model,
    streaming,
    text: 'messages' in request ? lastText(request.messages) : request.input.join('\n'),
    callId: context.callId,
    credential: context.credential,
    headers: context.headers,
    // Frozen at the end: whoever made the signal may fire it later, to clean up.
    get aborted() {
      return ended ? aborted : context.signal.aborted;
    },
    get ended() {
      return ended;
    },
  };
  // The tuple ties the request to its operation; a spread cannot carry that, and would freeze the getters.
  const call = Object.defineProperties({ operation, request }, Object.getOwnPropertyDescriptors(asked)) as MockCall;
  return {
    call,
    end(played) {
      if (ended) return;
      aborted = context.signal.aborted || !played;
      ended = true;
    },
  };
}
