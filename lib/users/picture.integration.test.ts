import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { ownPictureHref, PICTURE_BYTES_MAX, pictureHref } from "@/lib/shared/picture";
import { changeOwnPicture, listPictureDigests, removeOwnPicture } from "@/lib/users/picture";
import { send } from "@/tests/support/api";
import { aSession, aUser, callerOf, callerWith } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { anOrganization, aSessionIn } from "@/tests/support/organizations";

let red: Blob;
let blue: Blob;
beforeAll(async () => {
  const png = async (background: string) =>
    new Blob([
      new Uint8Array(
        await sharp({ create: { width: 300, height: 300, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    ]);
  red = await png("#c01020");
  blue = await png("#1020c0");
});

const digestOf = async (userId: string) => (await listPictureDigests([userId])).get(userId) ?? "";

async function aPicturedUser() {
  const user = await aUser();
  const caller = await callerOf(user.id);
  expect(await changeOwnPicture(caller, red)).toEqual({ outcome: "changed" });
  return { ...user, caller, digest: await digestOf(user.id) };
}

const get = (path: string, cookie: string, headers: Record<string, string> = {}) =>
  callApi({ method: "GET", path, cookie, headers });

const lastChange = (userId: string) =>
  prisma().auditEvent.findFirst({
    where: { action: "user.updated", targetId: userId },
    orderBy: { id: "desc" },
    select: { before: true, after: true, actorId: true },
  });

test("a picture is stored, recorded, replaced and taken away (F106)", async () => {
  const { id, caller, digest } = await aPicturedUser();
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(await lastChange(id)).toEqual({
    before: { picture: null },
    after: { picture: digest },
    actorId: id,
  });
  await changeOwnPicture(caller, blue);
  const next = await digestOf(id);
  expect(await lastChange(id)).toMatchObject({
    before: { picture: digest },
    after: { picture: next },
  });
  expect(await removeOwnPicture(caller)).toBe(true);
  expect(await lastChange(id)).toMatchObject({
    before: { picture: next },
    after: { picture: null },
  });
  expect(await digestOf(id)).toBe("");
  expect(await removeOwnPicture(caller)).toBe(false);
});

test("a byte more than 2 MB is refused before anything of it is read (F106)", async () => {
  const { caller, digest, id } = await aPicturedUser();
  let isRead = false;
  class Watched extends Blob {
    override async bytes() {
      isRead = true;
      return super.bytes();
    }
  }
  const beginning = new Uint8Array(await red.arrayBuffer());
  const of = (size: number) => new Watched([beginning, new Uint8Array(size - beginning.length)]);
  expect(await changeOwnPicture(caller, of(PICTURE_BYTES_MAX + 1))).toEqual({
    outcome: "rejected",
    reason: "too-large",
  });
  expect(isRead).toBe(false);
  expect(await changeOwnPicture(caller, of(PICTURE_BYTES_MAX))).toEqual({ outcome: "changed" });
  expect(await digestOf(id)).toBe(digest);
});

test("a file that is refused leaves the picture as it was (F106)", async () => {
  const { caller, digest, id } = await aPicturedUser();
  const svg = new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type: "image/png" });
  expect(await changeOwnPicture(caller, svg)).toEqual({
    outcome: "rejected",
    reason: "not-a-picture",
  });
  expect(await digestOf(id)).toBe(digest);
});

test("twenty pictures in an hour are enough for one user (ATK-61)", async () => {
  const { caller } = await aPicturedUser();
  const outcomes: string[] = [];
  for (let at = 0; at < 20; at += 1) outcomes.push((await changeOwnPicture(caller, red)).outcome);
  expect(outcomes).toEqual([...Array(19).fill("changed"), "limited"]);
});

test("of two who take it away at once, one has done it", async () => {
  const { caller, id } = await aPicturedUser();
  const results = await Promise.all(Array.from({ length: 8 }, () => removeOwnPicture(caller)));
  expect(results.filter(Boolean)).toHaveLength(1);
  const removals = await prisma().auditEvent.count({
    where: { targetId: id, after: { equals: { picture: null } } },
  });
  expect(removals).toBe(1);
});

test("it is answered so that it can be kept and nothing in it can run (F106)", async () => {
  const { id, digest } = await aPicturedUser();
  const cookie = await aSession(id);
  const answer = await get(ownPictureHref(digest), cookie);
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    "content-type": "image/webp",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, max-age=31536000, immutable",
    etag: `"${digest}"`,
    "content-length": String(answer.bytes.byteLength),
  });
  expect(await sharp(answer.bytes).metadata()).toMatchObject({ format: "webp", width: 256 });
  const kept = await get(ownPictureHref(digest), cookie, { "if-none-match": `"x", W/"${digest}"` });
  expect([kept.status, kept.bytes.byteLength]).toEqual([304, 0]);
  expect((await get(ownPictureHref("0".repeat(64)), cookie)).status).toBe(404);
});

test("whoever may not see a user does not see their picture (F106)", async () => {
  const { id, digest } = await aPicturedUser();
  const colleague = await aSession((await aUser()).id);
  expect((await get(pictureHref(id, digest), colleague)).status).toBe(403);
  expect((await get(ownPictureHref(digest), colleague)).status).toBe(404);
  const admin = await aSession((await aUser({ roles: ["Admin"] })).id);
  expect((await get(pictureHref(id, digest), admin)).status).toBe(200);
  expect((await get(pictureHref("none", digest), admin)).status).toBe(404);

  const other = await anOrganization();
  const elsewhere = await aUser();
  await prisma().membership.updateMany({
    where: { userId: elsewhere.id },
    data: { organizationId: other.id },
  });
  const stranger = await callerWith(await aSessionIn(elsewhere.id, other.id));
  await changeOwnPicture(stranger, red);
  const theirs = pictureHref(elsewhere.id, await digestOf(elsewhere.id));
  expect((await get(theirs, admin)).status).toBe(404);
});

test("it goes with its user", async () => {
  const { id } = await aPicturedUser();
  await prisma().user.delete({ where: { id } });
  expect(await prisma().userPicture.count({ where: { userId: id } })).toBe(0);
});

test("programs are told where it is (F106)", async () => {
  const { id, digest } = await aPicturedUser();
  const me = await send(await aSession(id), "GET", "/api/v1/me");
  expect(me.body.picture).toBe(ownPictureHref(digest));
  const admin = await aUser({ roles: ["Admin"] });
  const cookie = await aSession(admin.id);
  expect((await send(cookie, "GET", `/api/v1/users/${id}`)).body.picture).toBe(
    pictureHref(id, digest),
  );
  const listed = await send(cookie, "GET", `/api/v1/users?q=${admin.email}`);
  expect(listed.body.items).toMatchObject([{ id: admin.id, picture: null }]);
});
