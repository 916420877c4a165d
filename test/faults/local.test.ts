import { describe, it } from 'vitest';
import { localScenarios } from './local-scenarios.js';
import { casesOf, runCell } from './run-cell.js';

describe('a call that this process does not let through', () => {
  it.each(casesOf(localScenarios))('%s', (_title, cell) => runCell(cell));
});
