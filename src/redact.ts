// A part of its own: its detectors would take as long to load as everything else together.
export { redact, type RedactOptions } from './interceptors/redact.js';
export type { Detector, FindDetector, Match, Needs, PatternDetector } from './redaction/detector.js';
export type { FindSettings, RedactAction, RedactSettings } from './redaction/settings.js';
