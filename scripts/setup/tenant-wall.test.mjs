import { expect, test } from "vitest";
import { withTenantWalls } from "./tenant-wall.mjs";

const NOTES = `-- CreateTable
CREATE TABLE "notes" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "notes_pkey" PRIMARY KEY ("id")
);
`;

test("a table with an organization is made behind the wall (F81)", () => {
  expect(withTenantWalls(NOTES)).toBe(
    `${NOTES}\n-- Rows of one organization are nobody else's\nSELECT build_tenant_wall('notes');\n`,
  );
});

test("what has no organization is left as it is", () => {
  const other = NOTES.replace("organization_id", "default_organization_id");
  expect(withTenantWalls(other)).toBe(other);
  expect(withTenantWalls('ALTER TABLE "notes" ADD COLUMN "x" INT;\n')).not.toContain("wall");
});
