import "server-only";
import "#node-only";
import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry,
} from "prom-client";
import type { RouteClass } from "@/lib/platform/metrics/route-class";
import { processSingleton } from "@/lib/platform/process-singleton";

/** From a decision out of memory to a page that waits for a provider. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** One for the process: the fast lane and Next are bundled apart and count together. */
const metrics = () => processSingleton("metrics", create);

function create() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    signIns: new Counter({
      name: "gatehouse_sign_ins_total",
      help: "Sign-ins that ended in a session (success) or did not (failure), and those refused by a rule (denied).",
      labelNames: ["outcome"] as const,
      registers,
    }),
    events: new Counter({
      name: "gatehouse_audit_events_total",
      help: "Events handed to the audit log, by outcome.",
      labelNames: ["outcome"] as const,
      registers,
    }),
    denials: new Counter({
      name: "gatehouse_denials_total",
      help: "Refusals for want of a permission or by a rule, as far as they are recorded one by one.",
      registers,
    }),
    tokens: new Counter({
      name: "gatehouse_tokens_issued_total",
      help: "Tokens that the authorization server issued, by kind.",
      labelNames: ["kind"] as const,
      registers,
    }),
    requests: new Histogram({
      name: "gatehouse_http_request_duration_seconds",
      help: "How long answers took, by class of route and of status.",
      labelNames: ["route", "status"] as const,
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    shed: new Counter({
      name: "gatehouse_requests_shed_total",
      help: "Requests that were answered 503 at once because the process was saturated, by what was.",
      labelNames: ["by"] as const,
      registers,
    }),
    fallbacks: new Counter({
      name: "gatehouse_rate_limit_fallbacks_total",
      help: "Requests that the database counted because Redis did not, by why.",
      labelNames: ["reason"] as const,
      registers,
    }),
    droppedSpans: new Counter({
      name: "gatehouse_trace_spans_dropped_total",
      help: "Spans of traces that were not delivered: too many waited (queue), or the collector did not take them (collector).",
      labelNames: ["by"] as const,
      registers,
    }),
    replicaReads: new Counter({
      name: "gatehouse_replica_reads_total",
      help: "Lists that the read replica answered (replica), and those for which the primary was asked because it lacked the reader's last change (behind) or could not answer (failed).",
      labelNames: ["outcome"] as const,
      registers,
    }),
    jobs: new Counter({
      name: "gatehouse_job_runs_total",
      help: "Runs of work in the background, by job and outcome.",
      labelNames: ["task", "outcome"] as const,
      registers,
    }),
    pool: new Gauge({
      name: "gatehouse_database_connections",
      help: "Connections of the pool of this process that are in use or idle.",
      labelNames: ["state"] as const,
      registers,
    }),
    poolWaiting: new Gauge({
      name: "gatehouse_database_waiting",
      help: "Who waits for a connection of the pool.",
      registers,
    }),
    databaseUp: new Gauge({
      name: "gatehouse_database_up",
      help: "1 when the database answered the scrape.",
      registers,
      aggregator: "min",
    }),
    outbox: new Gauge({
      name: "gatehouse_outbox_messages",
      help: "Messages that wait to be sent: due for the first time, or tried already. The same on every instance.",
      labelNames: ["channel", "state"] as const,
      registers,
      aggregator: "max",
    }),
  };
}

/** An action of the audit log that says how a sign-in ended. */
const SIGN_IN_OUTCOMES: ReadonlySet<string> = new Set(["session.created", "session.rejected"]);

/** Counts an event as it is handed to the audit log; one whose transaction is rolled back is counted, too. */
export function countEvent(action: string, outcome: "success" | "failure" | "denied"): void {
  const { events, signIns, denials } = metrics();
  events.inc({ outcome });
  if (SIGN_IN_OUTCOMES.has(action)) signIns.inc({ outcome });
  else if (outcome === "denied") denials.inc();
}

export type TokenKind = "access" | "client" | "refresh";

export const countToken = (kind: TokenKind): void => metrics().tokens.inc({ kind });

export const countJobRun = (job: string, outcome: "success" | "failure"): void =>
  metrics().jobs.inc({ task: job, outcome });

export type Bottleneck = "event-loop" | "database";

export const countShed = (by: Bottleneck): void => metrics().shed.inc({ by });

/** `paused` is not being asked for a while, after one of the others. */
export type FallbackReason = "unreachable" | "late" | "refused" | "paused";

export const countFallback = (reason: FallbackReason): void => metrics().fallbacks.inc({ reason });

export const countDroppedSpans = (by: "collector" | "queue", count: number): void =>
  metrics().droppedSpans.inc({ by }, count);

export const countReplicaRead = (outcome: "replica" | "behind" | "failed"): void =>
  metrics().replicaReads.inc({ outcome });

/** One answer: its status is kept as a class alone, such as `2xx`. */
export function observeRequest(route: RouteClass, status: number, seconds: number): void {
  metrics().requests.observe({ route, status: `${Math.floor(status / 100)}xx` }, seconds);
}

export interface Snapshot {
  connections: { total: number; idle: number; waiting: number };
  /** Null when the database did not answer. */
  outbox: readonly { channel: string; state: "due" | "retrying"; count: number }[] | null;
}

/** Takes what is true now rather than counted, for the scrape that follows. */
export function takeSnapshot({ connections, outbox }: Snapshot): void {
  const gauges = metrics();
  gauges.pool.set({ state: "idle" }, connections.idle);
  gauges.pool.set({ state: "used" }, connections.total - connections.idle);
  gauges.poolWaiting.set(connections.waiting);
  gauges.databaseUp.set(outbox === null ? 0 : 1);
  // What is not known is not told: an old number would look like a new one.
  gauges.outbox.reset();
  for (const { channel, state, count } of outbox ?? [])
    gauges.outbox.set({ channel, state }, count);
}

/** In Prometheus' text format 0.0.4, of this process. */
export const metricsText = (): Promise<string> => metrics().registry.metrics();

/** Lets whoever adds up several processes have what this one has counted. */
export const shareMetrics = (): void => AggregatorRegistry.setRegistries(metrics().registry);

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** The name of every metric that there is, without the suffixes of histograms. */
export const metricNames = (): string[] =>
  metrics()
    .registry.getMetricsAsArray()
    .map(({ name }) => name);
