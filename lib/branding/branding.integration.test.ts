import sharp from "sharp";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { accentStyles } from "@/lib/branding/accent-styles";
import { findLook } from "@/lib/branding/find-look";
import {
  changeBranding,
  changeLogo,
  readBranding,
  removeLogo,
  resetBranding,
} from "@/lib/branding/manage-branding";
import { prisma } from "@/lib/platform/db/client";
import { accentOfStyles, accentStylesHref, logoHref } from "@/lib/shared/look";
import { PICTURE_BYTES_MAX } from "@/lib/shared/picture";
import { send } from "@/tests/support/api";
import { aSession, aUser, callerWith } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { anOrganization, aSessionIn } from "@/tests/support/organizations";
import { race } from "@/tests/support/race";

const logoOf = async (background: string, width = 900, height = 300) =>
  new Blob([
    new Uint8Array(
      await sharp({ create: { width, height, channels: 4, background } })
        .png()
        .toBuffer(),
    ),
  ]);

let red: Blob;
let blue: Blob;
beforeAll(async () => {
  red = await logoOf("#c0102080");
  blue = await logoOf("#1020c0");
});

afterEach(async () => {
  await prisma().organizationBranding.deleteMany();
  await prisma().organizationLogo.deleteMany();
});

/** An administrator of an organization of their own. */
async function anAdministrator() {
  const { id: organizationId, slug } = await anOrganization();
  const user = await aUser({ roles: ["Admin"] });
  await prisma().membership.updateMany({ where: { userId: user.id }, data: { organizationId } });
  const cookie = await aSessionIn(user.id, organizationId);
  return { organizationId, slug, cookie, caller: await callerWith(cookie) };
}

const eventsOf = (organizationId: string, action: string) =>
  prisma().auditEvent.findMany({
    where: { action, targetId: organizationId },
    orderBy: { id: "asc" },
    select: { before: true, after: true },
  });

test("a look is stored, recorded, seen by everybody, and taken back (F134)", async () => {
  const { caller, organizationId, slug } = await anAdministrator();
  expect(await findLook({ slug })).toBeNull();
  const wanted = { name: "Northwind", accent: "#ffd400" };
  expect(await changeBranding(caller, wanted, 0)).toMatchObject({
    outcome: "changed",
    branding: { ...wanted, version: 1 },
  });
  expect(await changeLogo(caller, "light", red)).toEqual({ outcome: "changed" });
  const { logos } = await readBranding(caller);
  const look = { organizationId, ...wanted, logos };
  expect(await findLook({ slug })).toEqual(look);
  expect(await findLook({ id: organizationId })).toEqual(look);
  expect(await eventsOf(organizationId, "organization.branding_changed")).toEqual([
    { before: { name: null, accent: null }, after: wanted },
  ]);
  await resetBranding(caller);
  expect(await findLook({ slug })).toBeNull();
  expect(await prisma().organizationLogo.count({ where: { organizationId } })).toBe(0);
  expect(await eventsOf(organizationId, "organization.logo_changed")).toEqual([
    { before: { scheme: "light", logo: null }, after: { scheme: "light", logo: logos.light } },
    { before: { scheme: "light", logo: logos.light }, after: { scheme: "light", logo: null } },
  ]);
});

test("an organization without a look cannot be told from none (ATK-38)", async () => {
  const { slug, organizationId } = await anAdministrator();
  expect(await findLook({ slug })).toEqual(await findLook({ slug: "no-such-organization" }));
  expect(await findLook({ id: organizationId })).toEqual(await findLook(null));
});

test("who names no organization sees the look of the one that accounts begin in", async () => {
  const cookie = await aSession((await aUser({ roles: ["Admin"] })).id);
  const caller = await callerWith(cookie);
  const other = await anAdministrator();
  await changeBranding(caller, { name: "The house" }, 0);
  expect(await findLook(null)).toMatchObject({ name: "The house" });
  expect(await findLook({ slug: other.slug })).toMatchObject({ name: "The house" });
  await changeBranding(other.caller, { accent: "#7a1f5c" }, 0);
  expect(await findLook({ slug: other.slug })).toMatchObject({ accent: "#7a1f5c" });
});

test("a domain that was shown to be an organization's leads to its look, and no other does", async () => {
  const { caller, organizationId } = await anAdministrator();
  await changeBranding(caller, { name: "Northwind" }, 0);
  const data = { organizationId, token: "t", verifiedAt: new Date() };
  await prisma().organizationDomain.create({ data: { ...data, domain: "northwind.example" } });
  await prisma().organizationDomain.create({
    data: { ...data, domain: "claimed.example", verifiedAt: null },
  });
  expect(await findLook({ domain: "northwind.example" })).toMatchObject({ name: "Northwind" });
  expect(await findLook({ domain: "claimed.example" })).toBeNull();
});

test("of two saves of what both have read one is told that it is late", async () => {
  const { caller, organizationId } = await anAdministrator();
  for (const version of [0, 1]) {
    const outcomes = await race(10, (at) =>
      changeBranding(caller, { name: `Look ${at}` }, version).then(({ outcome }) => outcome),
    );
    expect(outcomes.filter((outcome) => outcome === "changed")).toHaveLength(1);
  }
  expect(await eventsOf(organizationId, "organization.branding_changed")).toHaveLength(2);
});

test("of several logos at once each is recorded in the place of the one before", async () => {
  const { caller, organizationId } = await anAdministrator();
  await Promise.all([red, blue, red, blue].map((file) => changeLogo(caller, "dark", file)));
  const events = await eventsOf(organizationId, "organization.logo_changed");
  const [former, next] = [events.map(({ before }) => before), events.map(({ after }) => after)];
  expect(former).toEqual([{ scheme: "dark", logo: null }, ...next.slice(0, -1)]);
});

test("of two who take a logo away at once, one has done it", async () => {
  const { caller } = await anAdministrator();
  await changeLogo(caller, "light", red);
  const removed = await race(8, () => removeLogo(caller, "light"));
  expect(removed.filter(Boolean)).toHaveLength(1);
});

describe("what is no picture becomes no logo", () => {
  const png = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
  test.each([
    ["an SVG", Buffer.from(svg), "not-a-picture"],
    ["an SVG that begins as a PNG", Buffer.concat([png, Buffer.from(svg)]), "broken"],
    ["a style sheet", Buffer.from("body{background:url(//evil.example)}"), "not-a-picture"],
    ["a PDF", Buffer.from("%PDF-1.7"), "not-a-picture"],
  ])("%s is refused, and the former stays (F134)", async (_, bytes, reason) => {
    const { caller } = await anAdministrator();
    await changeLogo(caller, "light", blue);
    const before = (await readBranding(caller)).logos;
    const file = new Blob([new Uint8Array(bytes)], { type: "image/png" });
    expect(await changeLogo(caller, "light", file)).toEqual({ outcome: "rejected", reason });
    expect((await readBranding(caller)).logos).toEqual(before);
  });

  test("a byte more than 2 MB is refused before anything of it is read (ATK-61)", async () => {
    const { caller } = await anAdministrator();
    class Unread extends Blob {
      override bytes(): Promise<Uint8Array<ArrayBuffer>> {
        throw new Error("it was read");
      }
    }
    const file = new Unread([new Uint8Array(PICTURE_BYTES_MAX + 1)]);
    expect(await changeLogo(caller, "light", file)).toMatchObject({ reason: "too-large" });
  });

  test("what stands behind the picture is not kept (F134)", async () => {
    const { caller, organizationId } = await anAdministrator();
    const behind = "<script>alert(1)</script>";
    await changeLogo(caller, "light", new Blob([red, behind]));
    const row = await prisma().organizationLogo.findFirstOrThrow({ where: { organizationId } });
    expect(Buffer.from(row.content).toString("latin1")).not.toContain("script");
    const { format, width, height, hasAlpha } = await sharp(row.content).metadata();
    expect({ format, width, height, hasAlpha }).toEqual({
      format: "webp",
      width: 480,
      height: 160,
      hasAlpha: true,
    });
  });
});

test("twenty logos in an hour are enough for one organization (ATK-61)", async () => {
  const { caller } = await anAdministrator();
  const outcomes: string[] = [];
  for (let at = 0; at < 21; at += 1) {
    outcomes.push((await changeLogo(caller, "light", red)).outcome);
  }
  expect(outcomes).toEqual([...Array(20).fill("changed"), "limited"]);
});

describe("over the API", () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    callApi({ method: "GET", path, headers });

  test("name and colour are read and changed at their version (F134)", async () => {
    const { cookie, organizationId } = await anAdministrator();
    const path = `/api/v1/organizations/${organizationId}/branding`;
    expect((await send(cookie, "GET", path)).body).toMatchObject({ accent: null, version: 0 });
    const saved = await send(cookie, "PATCH", path, { accent: "#FFD400" });
    expect(saved.status).toBe(200);
    expect(saved.body).toMatchObject({
      accent: "#ffd400",
      shownAccent: { light: expect.stringMatching(/^#[0-9a-f]{6}$/), dark: "#ffd400" },
      logos: { light: null, dark: null },
      version: 1,
    });
    expect((await send(cookie, "PATCH", path, { accent: "red;}" })).status).toBe(422);
    expect((await send(cookie, "PATCH", path, { accent: "#fff" })).status).toBe(422);
    expect((await send(cookie, "PATCH", path, { name: "a\r\nBcc: x" })).status).toBe(422);
    expect((await send(cookie, "PATCH", path, { name: "x\u202emoc" })).status).toBe(422);
    expect((await send(cookie, "PATCH", path, {})).status).toBe(422);
  });

  test("nobody reads or changes the look of another organization (ATK-43)", async () => {
    const [one, other] = [await anAdministrator(), await anAdministrator()];
    await changeBranding(other.caller, { name: "Theirs" }, 0);
    const path = `/api/v1/organizations/${other.organizationId}/branding`;
    expect((await send(one.cookie, "GET", path)).status).toBe(404);
    expect((await send(one.cookie, "PATCH", path, { name: "Mine" })).status).toBe(404);
    expect(await readBranding(other.caller)).toMatchObject({ name: "Theirs" });
    expect(await readBranding(one.caller)).toMatchObject({ name: null });
  });

  test("whoever lacks the permission is refused before anything is judged (F134)", async () => {
    const cookie = await aSession((await aUser()).id);
    const caller = await callerWith(cookie);
    await expect(changeBranding(caller, { name: "Mine" }, 0)).rejects.toThrow(AccessDenied);
    await expect(changeLogo(caller, "light", null)).rejects.toThrow(AccessDenied);
    await expect(removeLogo(caller, "light")).rejects.toThrow(AccessDenied);
    await expect(resetBranding(caller)).rejects.toThrow(AccessDenied);
  });

  test("a logo is for everybody, kept for good, and inert; a former one is gone (F134)", async () => {
    const { caller, organizationId } = await anAdministrator();
    await changeLogo(caller, "light", red);
    const digest = (await readBranding(caller)).logos.light ?? "";
    const answer = await get(logoHref(organizationId, digest));
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      "content-type": "image/webp",
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
      "cache-control": "public, max-age=31536000, immutable",
    });
    await changeLogo(caller, "light", blue);
    expect((await get(logoHref(organizationId, digest))).status).toBe(404);
    const other = await anAdministrator();
    const present = (await readBranding(caller)).logos.light ?? "";
    expect((await get(logoHref(other.organizationId, present))).status).toBe(404);
    expect((await get(logoHref("none", present))).status).toBe(404);
    expect((await get(logoHref(organizationId, "'; DROP TABLE x"))).status).toBe(404);
  });

  test("a colour's style sheet says variables alone, and of nothing but a colour (ATK-65)", async () => {
    const answer = await get(accentStylesHref("#ffd400"));
    expect(answer.headers).toMatchObject({
      "content-type": "text/css; charset=utf-8",
      "x-content-type-options": "nosniff",
      "cache-control": "public, max-age=31536000, immutable",
    });
    expect(Buffer.from(answer.bytes).toString()).toBe(accentStyles("#ffd400"));
    expect(accentStyles("#ffd400")).not.toMatch(/url|import|expression|<|javascript|http/i);
    const hostile = [
      "1-ffd40g",
      "1-ffd400;}body{background:red",
      "1-ffd400%7D%2A%7Bcolor%3Ared%7D",
      "0-ffd400",
      "1-FFD400",
      "1-ffd4000",
      "ffd400",
    ];
    for (const name of hostile) {
      expect(accentOfStyles(name)).toBeNull();
      expect((await get(`/api/v1/branding/accents/${name}`)).status).toBe(404);
    }
  });
});

test("the table takes nothing but a colour (ATK-65)", async () => {
  const { organizationId } = await anAdministrator();
  for (const accent of ["red", "#fff", "#ffd400;}", "#FFD400"]) {
    await expect(
      prisma().organizationBranding.create({ data: { organizationId, accent } }),
    ).rejects.toThrow(/accent_is_a_colour/);
  }
});
