import { expect } from "../../e2e/support/fixtures";
import type { Gatehouse } from "../../e2e/support/gatehouse";
import { type HttpAnswer, send } from "../../e2e/support/http";
import { actAs } from "./actors";

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The answer names one decision, which is in the audit log, and which who may see decisions opens (F95). */
export async function expectDecision(
  { database, url }: Gatehouse,
  answer: HttpAnswer,
): Promise<void> {
  const told = answer.text.slice(0, 500);
  const { rows } = await database.query<{ id: string }>(
    "SELECT id FROM audit_events WHERE id = ANY($1::uuid[]) AND action = 'authorization.denied'",
    [answer.text.match(ID) ?? []],
  );
  expect(rows, told).toHaveLength(1);
  const reader = await actAs(database, "holder", ["view_decisions"]);
  const path = `/admin/decisions/${rows[0]?.id}`;
  const page = await send(url, { path, headers: reader.cookie });
  expect(page.status, told).toBe(200);
  expect(page.text, told).toContain("Denied");
}
