export { telemetry } from './telemetry.js';
export type { TelemetryOptions } from './settings.js';
export type { ConventionVersion } from './conventions.js';
