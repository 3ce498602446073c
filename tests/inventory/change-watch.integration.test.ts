import { expect, test } from "vitest";
import { pool } from "@/lib/platform/db/pool";
import { newId } from "@/lib/platform/id";
import { lastChange } from "@/tests/inventory/change-watch";
import { aUser } from "@/tests/support/builders";

test("what comes, changes and goes is noted, but for somebody's own rows, and what merely counts", async () => {
  const [user, other] = [await aUser(), await aUser()];
  const before = await lastChange(pool());
  await pool().query("UPDATE users SET last_sign_in_at = now() WHERE id = $1", [user.id]);
  expect(await lastChange(pool())).toBe(before);
  await pool().query("UPDATE users SET name = 'Another' WHERE id = $1", [user.id]);
  expect(await lastChange(pool())).toMatch(/users UPDATE$/);
  expect(await lastChange(pool(), user.id)).toBe(before);
  expect(await lastChange(pool(), other.id)).toMatch(/users UPDATE$/);
});

test("a row that goes from one to another is neither's own doing", async () => {
  const [user, other] = [await aUser(), await aUser()];
  const id = newId();
  await pool().query(
    "INSERT INTO saved_views (id, user_id, list, name, parameters) VALUES ($1, $2, 'users', 'Mine', '{}')",
    [id, user.id],
  );
  const before = [await lastChange(pool(), user.id), await lastChange(pool(), other.id)];
  await pool().query("UPDATE saved_views SET user_id = $2 WHERE id = $1", [id, other.id]);
  const after = [await lastChange(pool(), user.id), await lastChange(pool(), other.id)];
  expect(after).toEqual([after[0], after[0]]);
  expect(before).not.toContain(after[0]);
});
