import type { PatternDetector } from '../detector.js';

/** JSON web tokens, and whatever else begins with base64 of `{"`, once more encoded too. */
export const jwt: PatternDetector = {
  kind: 'jwt',
  maxLength: 100,
  pattern: /(?<![A-Za-z0-9+/=_-])(?:(?:eyJ|ZXlK)[A-Za-z0-9+/_-]{16}|ey[A-Za-z0-9]{8,60}\.ey[A-Za-z0-9_-]{8})/,
  body: /[A-Za-z0-9+/=._-]/,
  characters: /[A-Za-z0-9+/=._-]/,
  needs: { mixed: 10, any: ['eyj', 'zxlk', '.ey'] },
};
