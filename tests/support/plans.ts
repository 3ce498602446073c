import { expect } from "vitest";
import { pool } from "@/lib/platform/db/pool";
import type { Statement } from "@/tests/support/statements";

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/**
 * The nodes of a statement's plan as the pool's connections would run it, behind the wall of the tenant
 * or, for null, in front of it. The generic plan is that of a prepared statement which has been used often.
 */
export async function planOf(
  { text, values }: Statement,
  tenant: string | null,
  options: "ANALYZE" | "GENERIC_PLAN" | "COSTS",
): Promise<Plan[]> {
  const client = await pool().connect();
  try {
    await client.query("BEGIN");
    if (tenant !== null) {
      await client.query(
        "SELECT set_config('role', tenant_role(), true), set_config('gatehouse.organization', $1, true)",
        [tenant],
      );
    }
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
      `EXPLAIN (FORMAT JSON, ${options}) ${text}`,
      options === "GENERIC_PLAN" ? [] : values,
    );
    const plan = rows[0]?.["QUERY PLAN"][0].Plan;
    if (plan === undefined) throw new Error("no plan");
    return nodesOf(plan);
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

/** The tables that a plan reads whole. */
export const namesReadWhole = (nodes: Plan[]): string[] =>
  nodes
    .filter((node) => node["Node Type"].includes("Seq Scan"))
    .map((node) => node["Relation Name"] ?? "");

export const usesIndex = (nodes: Plan[]): boolean =>
  nodes.some((node) => node["Index Name"] !== undefined);

/** As counted: a guess from a sample of a table is another one after each sample. */
const rowsOf = (node: Plan): number => (node["Actual Rows"] ?? 0) * (node["Actual Loops"] ?? 0);

const isBitmap = (node: Plan): boolean => node["Node Type"] === "Bitmap Index Scan";

/** How many entries of indexes a plan has put into bitmaps. */
export const entriesMapped = (nodes: Plan[]): number =>
  nodes.filter(isBitmap).reduce((sum, node) => sum + rowsOf(node), 0);

/** How many rows a plan has fetched, with those that it has left out again. */
export const rowsRead = (nodes: Plan[]): number =>
  nodes
    .filter((node) => node["Node Type"].includes("Scan") && !isBitmap(node))
    .reduce(
      (sum, node) =>
        sum +
        rowsOf(node) +
        ((node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0)) *
          (node["Actual Loops"] ?? 1),
      0,
    );

/** Nothing but `counted` is read whole, behind the wall or before it; what is sorted is at most so many rows. */
export async function expectByIndex(
  statement: Statement,
  organizationId: string,
  sortedMax: number,
  counted: string[] = [],
): Promise<void> {
  for (const tenant of [organizationId, null]) {
    const nodes = await planOf(statement, tenant, "ANALYZE");
    const told = nodes.map((node) => `${node["Node Type"]} ${node["Index Name"] ?? ""}`).join(", ");
    expect(
      namesReadWhole(nodes).filter((name) => !counted.includes(name)),
      told,
    ).toEqual([]);
    expect(usesIndex(nodes), told).toBe(true);
    for (const sort of nodes.filter((node) => node["Node Type"].includes("Sort"))) {
      const input = Math.max(...(sort.Plans ?? []).map(rowsOf));
      expect(input, told).toBeLessThanOrEqual(sortedMax);
    }
  }
}

/** How many rows a statement has looked at and left out, behind the wall. */
export async function countPassed(statement: Statement, organizationId: string): Promise<number> {
  const nodes = await planOf(statement, organizationId, "ANALYZE");
  return nodes.reduce((sum, node) => sum + (node["Rows Removed by Filter"] ?? 0), 0);
}
