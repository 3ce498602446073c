import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { schemaDifference } from "./schema-difference.mjs";

const SLOW_MS = 300_000;
const SCHEMA = `
datasource db {
  provider = "postgresql"
}

model Note {
  id   Int    @id
  text String @unique
}
`;
const HAND_WRITTEN = `
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no; never'; END $$;
CREATE TRIGGER notes_are_final BEFORE UPDATE ON "Note" FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE UNIQUE INDEX one_empty_note ON "Note" (id) WHERE text = '';
`;

test(
  "the migrations of this project reach its schema",
  async () => {
    expect(await schemaDifference()).toBe("");
  },
  SLOW_MS,
);

test(
  "a missing change is found, hand-written SQL is left alone",
  async () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), "schema-test-"));
    try {
      const [schemaDir, migrationsDir] = [path.join(dir, "schema"), path.join(dir, "migrations")];
      mkdirSync(schemaDir);
      writeFileSync(path.join(schemaDir, "note.prisma"), SCHEMA);
      const missing = await schemaDifference({ schemaDir, migrationsDir });
      expect(missing).toContain('CREATE TABLE "Note"');
      mkdirSync(path.join(migrationsDir, "20260101000000_notes"), { recursive: true });
      const file = path.join(migrationsDir, "20260101000000_notes", "migration.sql");
      writeFileSync(file, `${missing}${HAND_WRITTEN}`);
      expect(await schemaDifference({ schemaDir, migrationsDir })).toBe("");
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
  SLOW_MS,
);
