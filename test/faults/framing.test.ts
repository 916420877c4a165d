import { describe, it } from 'vitest';
import { framingScenarios } from './framing-scenarios.js';
import { casesOf, runCell } from './run-cell.js';

describe('an answer whose framing is off', () => {
  it.each(casesOf(framingScenarios))('%s', (_title, cell) => runCell(cell));
});
