import type { CallReport, Decision, Usage } from 'headgate';
import { fact, green, red } from './terminal.ts';

/** What the gateway says of a call, in a few lines. */
export function printReport(report: CallReport | undefined, usage?: Usage): void {
  if (report === undefined) return;
  if (report.served !== undefined) fact('served by', `${report.served.provider}/${report.served.model}`);
  if (usage !== undefined) fact('tokens', `${usage.inputTokens} in, ${usage.outputTokens} out${usage.estimated === true ? ' (estimated)' : ''}`);
  const first = report.timeToFirstContentMs === undefined ? '' : `first content after ${Math.round(report.timeToFirstContentMs)} ms, `;
  fact('time', `${first}all in ${Math.round(report.durationMs)} ms`);
  for (const decision of report.decisions) fact(`+${decision.at - (report.decisions[0]?.at ?? 0)} ms`, describe(decision));
}

function describe(decision: Decision): string {
  switch (decision.what) {
    case 'attempt-start':
      return `attempt ${decision.index} (${decision.kind}) at ${decision.target}`;
    case 'attempt-end': {
      const { outcome, certainty, requestId } = decision.report;
      const id = requestId === undefined ? '' : `, request ${requestId}`;
      return outcome === 'ok' ? green(`attempt ${decision.index} ok${id}`) : red(`attempt ${decision.index} ${outcome}, ${certainty}${id}`);
    }
    case 'warning':
      return `${decision.warning.setting}: ${decision.warning.detail}`;
    default:
      return decision.what;
  }
}
