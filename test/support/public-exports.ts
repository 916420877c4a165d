/** What each subpath gives at run time. A name that is not here is public by accident. */
export const publicExports: Readonly<Record<string, readonly string[]>> = {
  '.': [
    'CancelledError', 'ConfigError', 'ExhaustedError', 'GatewayError', 'ProviderError', 'RejectedError', 'circuitBreaker', 'complete', 'concurrency', 'costMeter', 'costOf', 'createGateway', 'createLiveness', 'derive', 'estimateTokens',
    'exactCache', 'fallback', 'formatReport', 'formatTotals', 'guardrails', 'isContent', 'isGatewayError', 'ledger', 'ledgerCsv', 'loadPrices', 'localKey', 'log', 'memoryCache', 'memoryLedger', 'observe', 'priceCatalogueDate', 'priceOf', 'recommended', 'refreshPrices', 'resume', 'retry', 'safeViewKey', 'settle', 'share', 'stats', 'throttle', 'timeout', 'transform',
  ],
  './providers/openai': ['openai'],
  './providers/anthropic': ['anthropic'],
  './providers/google': ['google'],
  './providers/openai-compatible': ['openaiCompatible'],
  './stores/sqlite': ['sqliteLedger'],
  './telemetry': ['telemetry'],
  './redact': ['redact'],
  './guardrails': ['allowPatterns', 'allowTools', 'denyPatterns', 'httpService', 'longestPrompt', 'matchesSchema', 'moderation', 'promptInjection'],
  './tokens/tiktoken': ['createTokenCounter'],
  './testing': ['ConformanceError', 'UnexpectedCallError', 'fakeServer', 'interceptorSuite', 'ledgerSuite', 'mockProvider', 'providerSuite', 'storeSuite'],
};
