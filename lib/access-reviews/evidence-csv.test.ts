import { expect, test } from "vitest";
import { evidenceCsv, hashOf } from "@/lib/access-reviews/evidence-csv";
import type { ItemRow } from "@/lib/access-reviews/item-store";
import { csvCell as cell } from "@/lib/shared/csv";

const ITEM: ItemRow = {
  id: "0198c0de-0000-7000-8000-000000000001",
  position: 1,
  kind: "user-role",
  grantId: "0198c0de-0000-7000-8000-000000000002",
  userId: "0198c0de-0000-7000-8000-000000000003",
  teamId: null,
  clientId: null,
  roleId: "0198c0de-0000-7000-8000-000000000004",
  subject: "ada@example.com",
  subjectName: "=HYPERLINK(1)",
  grantName: 'Cashier "front"',
  everywhere: false,
  grantedByName: null,
  grantedAt: new Date("2026-01-02T03:04:05.678Z"),
  expiresAt: null,
  lastUsedAt: null,
  reviewerId: "0198c0de-0000-7000-8000-000000000005",
  reviewerName: "bea@example.com",
  decision: "keep",
  note: "-1, needed",
  decidedById: "0198c0de-0000-7000-8000-000000000005",
  decidedByName: "bea@example.com",
  decidedAt: new Date("2026-01-03T00:00:00.000Z"),
  outcome: "kept",
  endedAt: new Date("2026-01-04T00:00:00.000Z"),
};

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])(
  "no spreadsheet takes %j for a formula",
  (text) => {
    expect(cell(text)).toBe(`"'${text}"`);
  },
);

test("other text stays as it is, and a quote is two", () => {
  expect(cell("a=b, c")).toBe('"a=b, c"');
  expect(cell('say "x"')).toBe('"say ""x"""');
  expect(cell("")).toBe('""');
});

test("every line has as many cells as there are names, and the same items the same hash", () => {
  const csv = evidenceCsv([ITEM]);
  const [names = "", line = "", rest] = csv.split("\r\n");
  expect(rest).toBe("");
  expect(names.split('","')).toHaveLength(19);
  expect(line).toContain(`"'=HYPERLINK(1)","0198c0de-0000-7000-8000-000000000003"`);
  expect(line).toContain('"Cashier ""front"""');
  expect(line).toContain(`"'-1, needed","kept","2026-01-04T00:00:00.000Z"`);
  expect(hashOf(csv)).toBe(hashOf(evidenceCsv([{ ...ITEM }])));
  expect(hashOf(csv)).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf(csv)).not.toBe(hashOf(evidenceCsv([{ ...ITEM, note: "" }])));
});
