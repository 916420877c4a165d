import type { Certainty } from '../types/report.js';

/** Whether an attempt may cost something: a provider that refused it did no work. */
export function mayBeBilled(certainty: Certainty): boolean {
  return certainty === 'started' || certainty === 'possibly_billed';
}
