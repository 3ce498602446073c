import "server-only";
import { createHash } from "node:crypto";
import type { ItemRow } from "@/lib/access-reviews/item-store";
import { csvOf } from "@/lib/shared/csv";

const instant = (at: Date | null): string => at?.toISOString() ?? "";

/** By name, in their order. A program reads these: a name never changes what it means. */
const COLUMNS: [name: string, valueOf: (item: ItemRow) => string][] = [
  ["item", ({ position }) => String(position)],
  ["kind", ({ kind }) => kind],
  ["holder", ({ subject }) => subject],
  ["holder_name", ({ subjectName }) => subjectName ?? ""],
  ["holder_id", ({ userId, teamId, clientId, kind }) => idOf(kind, { userId, teamId, clientId })],
  ["grant", ({ grantName }) => grantName],
  ["grant_id", ({ kind, roleId, teamId }) => (kind === "team-membership" ? teamId : roleId) ?? ""],
  ["holds", ({ everywhere }) => (everywhere ? "everywhere" : "organization")],
  ["granted_by", ({ grantedByName }) => grantedByName ?? ""],
  ["granted_at", ({ grantedAt }) => instant(grantedAt)],
  ["expires_at", ({ expiresAt }) => instant(expiresAt)],
  ["last_used_at", ({ lastUsedAt }) => instant(lastUsedAt)],
  ["reviewer", ({ reviewerName }) => reviewerName],
  ["decision", ({ decision }) => decision ?? ""],
  ["decided_by", ({ decidedByName }) => decidedByName ?? ""],
  ["decided_at", ({ decidedAt }) => instant(decidedAt)],
  ["note", ({ note }) => note],
  ["outcome", ({ outcome }) => outcome ?? ""],
  ["ended_at", ({ endedAt }) => instant(endedAt)],
];

const idOf = (
  kind: ItemRow["kind"],
  { userId, teamId, clientId }: Pick<ItemRow, "userId" | "teamId" | "clientId">,
): string => (kind === "team-role" ? teamId : kind === "service-role" ? clientId : userId) ?? "";

/** A review's items as CSV: the same items give the same bytes. */
export const evidenceCsv = (items: ItemRow[]): string =>
  csvOf(
    COLUMNS.map(([name]) => name),
    items.map((item) => COLUMNS.map(([, valueOf]) => valueOf(item))),
  );

export const hashOf = (csv: string): string =>
  createHash("sha256").update(csv, "utf8").digest("hex");
