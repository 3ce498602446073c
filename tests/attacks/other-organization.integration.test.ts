import { beforeAll, expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { send } from "@/tests/support/api";
import { aUser } from "@/tests/support/builders";
import { anOrganization, aSessionIn, join } from "@/tests/support/organizations";
import { give, roleIdNamed } from "@/tests/support/roles";
import { fingerprint, makeSubjects } from "../inventory/subjects";
import { addressOf, ENDPOINT_SURFACES } from "../inventory/surfaces";

// Whoever may do everything in one organization, and nothing elsewhere, calls every endpoint with
// the ids of another one (F81, ATK-43).

let cookie: string;
let callerId: string;

beforeAll(async () => {
  await aUser({ roles: ["Admin"] });
  const { id: organizationId } = await anOrganization();
  const user = await aUser({ roles: [] });
  callerId = user.id;
  await join(callerId, organizationId);
  await prisma().membership.deleteMany({
    where: { userId: callerId, organizationId: { not: organizationId } },
  });
  await give(callerId, await roleIdNamed("Admin"), { organizationId });
  cookie = await aSessionIn(callerId, organizationId);
});

const SWEPT = Object.entries(ENDPOINT_SURFACES).filter(
  ([name, { access, params }]) =>
    params !== undefined &&
    access !== "anonymous" &&
    // A role of the whole installation is read from everywhere; a client that has no roles yet
    // belongs to no organization, and to the first that gives it some.
    !/^GET \/api\/v1\/roles\/|\/clients\/\{id\}\/roles/.test(name),
);

test("the sweep has something to sweep", () => {
  expect(SWEPT.length).toBeGreaterThan(25);
});

test.each(SWEPT)("%s does nothing to what is another organization's", async (name, surface) => {
  const subjects = await makeSubjects(pool());
  const before = await fingerprint(pool(), callerId);
  const [method = "GET"] = name.split(" ");
  const path = addressOf(name, surface.params?.(subjects), surface.query?.(subjects));
  const answer = await send(cookie, method, path, surface.body?.(subjects), surface.headers);
  expect([403, 404], JSON.stringify(answer.body)).toContain(answer.status);
  expect(await fingerprint(pool(), callerId)).toBe(before);
});
