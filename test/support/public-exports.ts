/** What each subpath gives at run time. A name that is not here is public by accident. */
export const publicExports: Readonly<Record<string, readonly string[]>> = {
  '.': [
    'CancelledError', 'ConfigError', 'ExhaustedError', 'GatewayError', 'ProviderError', 'RejectedError', 'circuitBreaker', 'complete', 'createGateway', 'createLiveness', 'derive',
    'fallback', 'formatReport', 'isContent', 'isGatewayError', 'localKey', 'observe', 'resume', 'retry', 'settle', 'share', 'timeout', 'transform',
  ],
  './providers/openai': ['openai'],
  './providers/anthropic': ['anthropic'],
  './providers/google': ['google'],
  './providers/openai-compatible': ['openaiCompatible'],
  './testing': ['ConformanceError', 'UnexpectedCallError', 'fakeServer', 'interceptorSuite', 'mockProvider', 'providerSuite', 'storeSuite'],
};
