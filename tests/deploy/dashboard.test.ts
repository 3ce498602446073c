import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { metricNames } from "@/lib/platform/metrics/metrics";

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
  templating: { list: { query: string }[] };
}

const dashboard = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, "../../deploy/grafana/gatehouse.json"), "utf8"),
) as Dashboard;

/** What a histogram is called in its samples. */
const SUFFIX = /_(?:bucket|count|sum)$/;
const metricsIn = (text: string): string[] =>
  [...text.matchAll(/\b(?:gatehouse|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);

test("every query of the dashboard names a metric that exists, and every metric of ours is shown (F137)", () => {
  const queries = [
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...dashboard.templating.list.map(({ query }) => query),
  ];
  const shown = new Set(queries.flatMap(metricsIn));
  const known = new Set(metricNames());
  const exists = (name: string) => known.has(name) || known.has(name.replace(SUFFIX, ""));
  expect([...shown].filter((name) => !exists(name))).toEqual([]);
  const bare = new Set([...shown].map((name) => name.replace(SUFFIX, "")));
  const ours = [...known].filter((name) => name.startsWith("gatehouse_"));
  // That of the events is for whoever looks closer.
  expect(ours.filter((name) => !bare.has(name) && !shown.has(name))).toEqual([
    "gatehouse_audit_events_total",
  ]);
  for (const { title, targets } of dashboard.panels)
    expect([title, targets.length]).not.toContain(0);
});
