import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/platform/id";
import { ANSWERS, inHours } from "@/tests/support/access-reviews";
import { type Answer, send } from "@/tests/support/api";
import { aSession, aUser, type TestUser } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { aRole, aUserHolding, give, roleIdsOf } from "@/tests/support/roles";

const PATH = "/api/v1/access-reviews";
let admin: string;
let reviewer: TestUser;
let theirs: string;

beforeAll(async () => {
  // Two, so that neither is the last one.
  await aUser({ roles: ["Admin"] });
  admin = await aSession((await aUser({ roles: ["Admin"] })).id);
  reviewer = await aUserHolding(ANSWERS);
  theirs = await aSession(reviewer.id);
});

const aClerk = (): Promise<TestUser> => aUserHolding({ view_invoice: "all" });

const start = (userIds: string[], change: object = {}): Promise<Answer> =>
  send(admin, "POST", PATH, {
    name: "Spring",
    scope: { grants: "people", userIds },
    reviewerIds: [reviewer.id],
    dueAt: inHours(48).toISOString(),
    ...change,
  });

test("a review is started, read, answered, closed and proven over HTTP", async () => {
  const [kept, revoked, silent] = [await aClerk(), await aClerk(), await aClerk()];
  const started = await start([kept.id, revoked.id, silent.id]);
  expect(started.status, JSON.stringify(started.body)).toBe(201);
  expect(started.body).toMatchObject({ items: 3, leftOut: 0 });
  const own = String(started.headers["location"]);
  expect(own).toBe(`${PATH}/${started.body.id}`);

  const listed = await send(theirs, "GET", PATH);
  expect(listed.body.items.map((review: { id: string }) => review.id)).toEqual([started.body.id]);
  const review = await send(theirs, "GET", own);
  expect(review.body).toMatchObject({
    state: "open",
    progress: [{ reviewerId: reviewer.id, all: 3, done: 0 }],
  });
  const first = await send(theirs, "GET", `${own}/items?limit=2`);
  const rest = await send(theirs, "GET", `${own}/items?limit=2&cursor=${first.body.nextCursor}`);
  const items: { id: string; userId: string; kind: string }[] = [
    ...first.body.items,
    ...rest.body.items,
  ];
  expect(items.map(({ kind }) => kind)).toEqual(["user-role", "user-role", "user-role"]);
  const itemOf = ({ id }: TestUser) => items.find(({ userId }) => userId === id)?.id ?? "";
  const answer = (person: TestUser, body: object) =>
    send(theirs, "PUT", `${own}/items/${itemOf(person)}`, body);
  expect((await answer(kept, { decision: "keep" })).body).toMatchObject({
    decision: "keep",
    outcome: null,
  });
  expect((await answer(revoked, { decision: "revoke", note: "=left" })).body).toMatchObject({
    decision: "revoke",
    outcome: "revoked",
  });
  expect(await answer(revoked, { decision: "keep" })).toMatchObject({
    status: 409,
    body: { code: "review_ended" },
  });
  expect(await send(admin, "GET", `${own}/evidence`)).toMatchObject({
    status: 409,
    body: { code: "review_not_ended" },
  });
  expect(await send(admin, "POST", `${own}/close`, {})).toMatchObject({
    status: 409,
    body: { code: "confirmation_required" },
  });
  expect((await send(admin, "POST", `${own}/close`, { confirm: true })).status).toBe(204);
  expect(await roleIdsOf(silent.id)).toEqual([]);
  expect(await send(admin, "POST", `${own}/cancel`)).toMatchObject({ status: 409 });

  const evidence = await callApi({ method: "GET", path: `${own}/evidence`, cookie: admin });
  expect(evidence.status).toBe(200);
  expect(evidence.headers["content-type"]).toMatch(/^text\/csv/);
  expect(evidence.body).toContain(`"'=left"`);
  const hash = createHash("sha256").update(evidence.body ?? "");
  const { body } = await send(admin, "GET", own);
  expect(body.evidenceSha256).toBe(hash.copy().digest("hex"));
  expect(evidence.headers["repr-digest"]).toBe(`sha-256=:${hash.digest("base64")}:`);
});

test("what does not fit is told by field, and what cannot be by code", async () => {
  const clerk = await aClerk();
  const fieldOf = ({ body }: Answer) => body.errors?.[0]?.path;
  expect(fieldOf(await start([clerk.id], { dueAt: inHours(-1).toISOString() }))).toBe("dueAt");
  expect(fieldOf(await start([clerk.id], { reviewerIds: [newId()] }))).toBe("reviewerIds");
  const unknown = { grants: "roles", roleIds: [newId()] };
  expect(fieldOf(await start([], { scope: unknown }))).toBe("scope.roleIds");
  expect(fieldOf(await start([]))).toBe("scope.userIds");
  expect((await start([newId()])).body.code).toBe("nothing_to_review");
  expect((await start([reviewer.id])).body.code).toBe("own_grant");
  for (const path of [`${PATH}/${newId()}`, `${PATH}/none`, `${PATH}/none/items`]) {
    expect((await send(admin, "GET", path)).status, path).toBe(404);
  }
});

test("a reviewer is told where the author's right ends", async () => {
  const author = await aUserHolding({ manage_reviews: "all", view_invoice: "all" });
  const clerk = await aClerk();
  const started = await send(await aSession(author.id), "POST", PATH, {
    name: "Narrow",
    scope: { grants: "people", userIds: [clerk.id] },
    reviewerIds: [reviewer.id],
    dueAt: inHours(48).toISOString(),
  });
  await give(clerk.id, await aRole({ delete_invoice: "all" }));
  const items = await send(theirs, "GET", `${PATH}/${started.body.id}/items`);
  const path = `${PATH}/${started.body.id}/items/${items.body.items[0].id}`;
  const answer = await send(theirs, "PUT", path, { decision: "revoke" });
  expect(answer).toMatchObject({ status: 403, body: { code: "beyond_own_permissions" } });
  expect(answer.body.decisionId).toMatch(/^[0-9a-f-]{36}$/);
  expect(await roleIdsOf(clerk.id)).toHaveLength(2);
});
