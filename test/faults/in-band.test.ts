import { describe, it } from 'vitest';
import { inBandScenarios } from './in-band-scenarios.js';
import { casesOf, runCell } from './run-cell.js';

describe('an answer of status 200 that fails inside', () => {
  it.each(casesOf(inBandScenarios))('%s', (_title, cell) => runCell(cell));
});
