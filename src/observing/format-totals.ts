import type { LedgerTotal } from '../types/store.js';
import { plainText } from './plain-text.js';

/** Totals of a ledger as a table for people, in the order they came: a column for each name they are grouped by, the start of the bucket if there are buckets, then the figures. Costs in USD. */
export function formatTotals(totals: readonly LedgerTotal[]): string {
  const names = Object.keys(totals[0]?.group ?? {});
  const bucketed = totals.some(({ bucket }) => bucket !== undefined);
  const head = [...(bucketed ? ['from'] : []), ...names.map((name) => plainText(name, 40)), 'calls', 'attempts', 'errors', 'hits', 'input', 'output', 'cost', 'saved', 'unpriced'];
  const words = head.length - 9; // the columns before the figures
  const rows = totals.map((total) => [
    ...(bucketed ? [total.bucket === undefined ? '' : new Date(total.bucket).toISOString().slice(0, 16)] : []),
    ...names.map((name) => plainText(total.group[name] ?? '', 40)),
    ...[total.calls, total.attempts, total.errors, total.hits, total.inputTokens, total.outputTokens].map(String),
    total.costUsd.toFixed(6),
    total.savedUsd.toFixed(6),
    String(total.unpriced),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string => cells.map((cell, column) => (column < words ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}
