import { beforeEach, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import {
  deleteView,
  listOwnViews,
  renameView,
  saveView,
  VIEWS_MAX,
  type Viewed,
} from "@/lib/saved-views/own-views";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { aCaller } from "@/tests/support/builders";
import { aCallerHolding } from "@/tests/support/roles";

const USERS: Viewed = { list: "users", permission: USER_PERMISSIONS.view };
const DISABLED = { name: "Disabled", parameters: { status: "disabled" } };

let caller: Caller;
beforeEach(async () => {
  caller = await aCallerHolding({ view_users: "all" });
});

const names = async (of = caller) => (await listOwnViews(of, "users")).map(({ name }) => name);

test("a view is saved, renamed and deleted by its owner, and no list but its own has it", async () => {
  expect(await saveView(caller, USERS, DISABLED)).toEqual({ outcome: "saved" });
  const [view] = await listOwnViews(caller, "users");
  expect(view).toMatchObject(DISABLED);
  expect(await listOwnViews(caller, "audit")).toEqual([]);
  const id = view?.id ?? "";
  expect(await renameView(caller, USERS, { id, name: "Gone" })).toBe("changed");
  expect(await names()).toEqual(["Gone"]);
  expect(await deleteView(caller, USERS, id)).toBe(true);
  expect(await names()).toEqual([]);
  expect(await deleteView(caller, USERS, id)).toBe(false);
  expect(await renameView(caller, USERS, { id, name: "Back" })).toBe("not-found");
});

test("nobody sees, renames or deletes what another has saved", async () => {
  await saveView(caller, USERS, DISABLED);
  const [view] = await listOwnViews(caller, "users");
  const id = view?.id ?? "";
  const other = await aCallerHolding({ view_users: "all" });
  expect(await names(other)).toEqual([]);
  expect(await renameView(other, USERS, { id, name: "Mine" })).toBe("not-found");
  expect(await deleteView(other, USERS, id)).toBe(false);
  expect(await names()).toEqual(["Disabled"]);
});

test("a name is of one view of a list", async () => {
  await saveView(caller, USERS, DISABLED);
  expect(await saveView(caller, USERS, DISABLED)).toEqual({
    outcome: "rejected",
    reason: "name-taken",
  });
  await saveView(caller, USERS, { ...DISABLED, name: "Other" });
  const other = (await listOwnViews(caller, "users")).find(({ name }) => name === "Other");
  expect(await renameView(caller, USERS, { id: other?.id ?? "", name: "Disabled" })).toBe(
    "name-taken",
  );
});

test("a view that says nothing is none", async () => {
  expect(await saveView(caller, USERS, { name: "All", parameters: {} })).toEqual({
    outcome: "rejected",
    reason: "says-nothing",
  });
});

test("of many saved at once there are as many as one can have", async () => {
  const saved = await Promise.all(
    Array.from({ length: VIEWS_MAX + 3 }, (_, index) =>
      saveView(caller, USERS, { ...DISABLED, name: `View ${index}` }),
    ),
  );
  expect(saved.filter(({ outcome }) => outcome === "saved")).toHaveLength(VIEWS_MAX);
  expect(await names()).toHaveLength(VIEWS_MAX);
});

test("whoever may not see the list keeps no views of it", async () => {
  const stranger = await aCaller({ roles: [] });
  const work = [
    () => saveView(stranger, USERS, DISABLED),
    () => renameView(stranger, USERS, { id: stranger.principal.userId, name: "Other" }),
    () => deleteView(stranger, USERS, stranger.principal.userId),
  ];
  for (const attempt of work) await expect(attempt()).rejects.toThrow(AccessDenied);
});

test("views go with their user", async () => {
  await saveView(caller, USERS, DISABLED);
  const { userId } = caller.principal;
  await prisma().user.delete({ where: { id: userId } });
  expect(await prisma().savedView.count({ where: { userId } })).toBe(0);
});
