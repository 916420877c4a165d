import { CancelledError } from '../errors.js';
import { onAbort } from './abort.js';
import type { Call } from './call.js';
import type { Next } from './interceptor.js';
import { ReplyLayer, type Reply } from './reply.js';

/** How long interceptors have to notice that the call was aborted, before it ends without them. */
const NOTICE_MS = 50;

/** Sends the call down the pipeline. An interceptor that ignores an abort cannot hang it either; a reply that it gives later is cancelled. */
export function run(pipeline: Next, call: Call): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const undo = onAbort(call.signal, () => {
      timer = setTimeout(() => {
        gone = true;
        reject(call.signal.reason);
      }, NOTICE_MS);
    });
    const settled = (): void => {
      undo();
      clearTimeout(timer);
    };
    pipeline(call).then(
      (reply) => {
        settled();
        if (gone) cancelLate(reply);
        else resolve(reply);
      },
      (error: unknown) => {
        settled();
        reject(error);
      },
    );
  });
}

/** What an interceptor made itself cannot be cancelled, and there is nobody left to tell. */
function cancelLate(reply: Reply): void {
  if (reply instanceof ReplyLayer) void reply.fail(new CancelledError('cancelled', 'the call was over before its answer came'));
}
