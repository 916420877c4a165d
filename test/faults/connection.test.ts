import { describe, it } from 'vitest';
import { connectionScenarios } from './connection-scenarios.js';
import { casesOf, runCell } from './run-cell.js';

describe('a connection that fails', () => {
  it.each(casesOf(connectionScenarios))('%s', (_title, cell) => runCell(cell));
});
