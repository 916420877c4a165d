export { createGateway, type CloseOptions, type Gateway, type GatewayOptions } from './gateway.js';
export { CancelledError, ConfigError, ExhaustedError, GatewayError, isGatewayError, ProviderError, RejectedError, type ErrorDetails } from './errors.js';

export { derive, type Call, type CallChanges, type CallOf } from './core/call.js';
export { complete } from './core/complete.js';
export { formatReport } from './core/format-report.js';
export type { Interceptor, Next, Queries, Stage } from './core/interceptor.js';
export { createLiveness, type Liveness } from './core/liveness.js';
export { localKey, type LocalKey, type Locals } from './core/locals.js';
export { observe } from './core/observe.js';
export type { EventOf, OperationName, Operations, RequestOf, ResponseOf } from './core/operation.js';
export type { CallOptions } from './core/options.js';
export { settle, type Outcome, type Reply, type ReplyEvent, type ReplyOf } from './core/reply.js';
export { resume } from './core/resume.js';
export { safeViewKey, type SafeView } from './core/safe-view.js';
export type { Candidate, Models, ResolvedRoute, Route, RouteTarget } from './core/route.js';
export { share } from './core/share.js';
export type { Trace } from './core/trace.js';
export { transform, type Rewrite } from './core/transform.js';
export type { ExactCacheOptions } from './caching/exact-cache-options.js';
export { memoryCache, type CacheStore, type MemoryCache, type MemoryCacheOptions } from './caching/memory.js';
export type { CacheScope } from './caching/scope.js';
export { ledgerCsv, type LedgerCsvOptions } from './accounting/csv.js';
export { circuitBreaker, type CircuitBreakerOptions } from './interceptors/circuit-breaker.js';
export { concurrency, type ConcurrencyOptions } from './interceptors/concurrency.js';
export { costMeter, type CostMeterOptions } from './interceptors/cost-meter.js';
export { exactCache, type ExactCache, type Invalidation } from './interceptors/exact-cache.js';
export { fallback, type FallbackOptions } from './interceptors/fallback.js';
export { guardrails, type GuardrailsOptions } from './interceptors/guardrails.js';
export { ledger, type LedgerInterceptor, type LedgerOptions } from './interceptors/ledger.js';
export { log, type Logger, type LogOptions } from './interceptors/log.js';
export { recommended, type RecommendedOptions } from './interceptors/recommended.js';
export { retry, type RetryOptions } from './interceptors/retry.js';
export { stats, type StatsOptions } from './interceptors/stats.js';
export { throttle, type ThrottleOptions } from './interceptors/throttle.js';
export { timeout, type TimeoutOptions } from './interceptors/timeout.js';
export { isContent } from './message/content.js';
export { estimateTokens } from './tokens/estimate-tokens.js';
export type { TokenEstimate } from './tokens/estimate-text.js';
export { formatTotals } from './observing/format-totals.js';
export type { PriceCatalogueDate } from './pricing/loaded.js';
export type { Price, PriceFacts, UnknownPrice } from './pricing/price-book.js';
export { costOf, loadPrices, priceCatalogueDate, priceOf } from './pricing/prices.js';
export { refreshPrices, type RefreshPricesOptions } from './pricing/refresh.js';

export { memoryLedger, type MemoryLedgerOptions } from './stores/memory-ledger.js';

export type { AdapterContext, AdapterEmbedResponse, AdapterEvent, AdapterResponse, AnswerFacts, EagerIterator, ProviderAdapter, ServerAddress } from './types/adapter.js';
export type { ChatRequest, ChatResponse, FinishReason, OutputFormat, TypedRequest, Warning } from './types/chat.js';
export type { CancelledCode, ErrorCode, ProviderCode, RejectedCode } from './types/codes.js';
export type { EmbedRequest, EmbedResponse } from './types/embed.js';
export type { TargetHealth } from './types/health.js';
export type { Json, JsonObject, ProviderData } from './types/json.js';
export type {
  AssistantMessage, AssistantPart, AudioPart, Citation, FilePart, ImagePart, Message, OpaquePart, ReasoningPart, RefusalPart,
  SystemMessage, TextPart, ToolCallPart, ToolMessage, UserMessage, UserPart,
} from './types/message.js';
export type { Cost, CostPart, PriceStatus, PriceTable, Rates, TokenRates } from './types/price.js';
export type { AttemptKind, AttemptReport, CacheHit, CallReport, Certainty, Decision, Fact, Target } from './types/report.js';
export type { CallFigures, Figures, GatewayStats, Percentiles } from './types/stats.js';
export type { StandardResult, StandardSchema } from './types/schema.js';
export type { QuotaLimits } from './routing/quota.js';
export type { SlowCall } from './routing/verdict.js';
export type { Strategy, StrategyContext } from './routing/strategy.js';
export type { Finding, GuardRule, GuardSubject, Rewriting, Span } from './guarding/rule.js';
export type { CounterRequest, CounterState, CounterWindow, Ledger, LedgerEntry, LedgerQuery, LedgerTotal, ReserveResult, Store, VectorStore } from './types/store.js';
export type { ChatDelta, ChatStream, EndEvent, StreamEvent } from './types/stream.js';
export type { JsonSchema, ProviderTool, ToolChoice, ToolDefinition } from './types/tool.js';
export type { Usage } from './types/usage.js';
