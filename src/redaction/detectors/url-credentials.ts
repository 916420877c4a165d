import type { PatternDetector } from '../detector.js';

/** `user:password` in a URL or a connection string, up to its `@`. The rest of the URL stays. */
export const urlCredentials: PatternDetector = {
  kind: 'url-credentials',
  maxLength: 200,
  // A password may hold an @ that nobody escaped: the last one before the host counts.
  pattern: /(?<=[a-z\d+]:\/\/)[^\s:@/?#"'<>[\]{}$]{0,80}:(?![[{<$%*])[^\s/"'<>]{1,110}(?=@)/i,
  characters: /[^\s/"'<>]/,
  needs: { any: ['://'] },
};
