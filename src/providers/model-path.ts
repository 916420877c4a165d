import { RejectedError } from '../errors.js';

/** A model's name as a part of a URL's path. Slashes in it separate segments; a segment of dots alone would climb out of the base URL, and is refused. */
export function modelPath(model: string): string {
  const segments = model.split('/');
  if (segments.some((segment) => segment === '' || /^\.+$/.test(segment))) {
    throw new RejectedError('invalid_request', `model: ${JSON.stringify(model)} has an empty part or one of dots alone; check the model's name`);
  }
  return segments.map(encodeURIComponent).join('/');
}

/** Gemini's form: `models/{model}`; a name with a slash (`tunedModels/…`, `publishers/google/models/…`) is a path already. */
export function googleModel(model: string): string {
  return model.includes('/') ? model : `models/${model}`;
}
