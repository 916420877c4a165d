import { CONVENTIONS, type ConventionVersion } from './conventions.js';
import { namesOf } from './names.js';
import { OWN_ATTRIBUTES, OWN_METRICS } from './own-names.js';

/** Every name that is written anywhere: those of one version of the conventions, and our own. */
export interface Vocabulary {
  readonly attributes: ReturnType<typeof namesOf<(typeof CONVENTIONS)[ConventionVersion]['attributes']>>;
  readonly own: ReturnType<typeof namesOf<typeof OWN_ATTRIBUTES>>;
  readonly metrics: (typeof CONVENTIONS)[ConventionVersion]['metrics'] & typeof OWN_METRICS;
  readonly events: (typeof CONVENTIONS)[ConventionVersion]['events'];
}

export type MetricKey = keyof Vocabulary['metrics'];

export function vocabularyOf(version: ConventionVersion): Vocabulary {
  const { attributes, metrics, events } = CONVENTIONS[version];
  return { attributes: namesOf(attributes), own: namesOf(OWN_ATTRIBUTES), metrics: { ...metrics, ...OWN_METRICS }, events };
}
