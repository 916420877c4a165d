import { describe, it } from 'vitest';
import { casesOf, runCell } from './run-cell.js';
import { statusScenarios } from './status-scenarios.js';

describe('an answer with a bad status', () => {
  it.each(casesOf(statusScenarios))('%s', (_title, cell) => runCell(cell));
});
