import { formatReport, type CallReport } from 'headgate';
import type { MadeCall } from './caller.ts';
import type { Simulation } from './run.ts';

/** What happened in a seed's world, for people. */
export function storyOf({ seed, world, steps, calls, broken }: Simulation): string {
  return [
    `seed ${seed}`,
    JSON.stringify(world, (_key, value: unknown) => (value === Infinity ? 'Infinity' : value), 2),
    ...steps,
    ...calls.map(callStory),
    broken.length === 0 ? 'no promise was broken' : `broken:\n${broken.map((problem) => `  ${problem}`).join('\n')}`,
  ].join('\n');
}

/** Like the report that its caller got, but with what came after it. */
function callStory(made: MadeCall): string {
  const { decisions, callId = '', startedAt, settledAt = startedAt, model } = made;
  const attempts = decisions.flatMap((decision) => (decision.what === 'attempt-end' ? [decision.report] : []));
  const report: CallReport = made.report ?? { callId, requested: model, served: undefined, attempts, cache: 'none', cost: { totalUsd: undefined, servedUsd: undefined, savedUsd: 0 }, durationMs: settledAt - startedAt, decisions };
  const how = `${made.streaming ? 'streamed' : 'whole'}, deadline ${made.timeoutMs ?? 'none'}${made.givenUp === undefined ? '' : `, ${made.givenUp.how} at ${made.givenUp.at} ms`}`;
  return `\ncall ${made.number} at ${startedAt} ms (${how}): ${made.outcome ?? 'no end'}\n${formatReport({ ...report, decisions })}`;
}
