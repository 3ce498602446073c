import { beforeEach, expect, test, vi } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal, sessionCookieName } from "@/lib/sessions/current-principal";
import { aSession, aUser } from "@/tests/support/builders";
import { actingAs, aProvenCaller } from "@/tests/support/impersonation";

const jar = new Map<string, string>();
let headersOfRequest = new Headers();
vi.mock("next/headers", () => ({
  headers: async () => headersOfRequest,
  cookies: async () => ({
    get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) } : undefined),
    set: (name: string, value: string) => jar.set(name, value),
    delete: (of: string | { name: string }) => jar.delete(typeof of === "string" ? of : of.name),
  }),
}));
vi.mock("next/cache", () => ({ revalidatePath: () => {} }));

const { signOutOfAllAction } = await import("@/app/(auth)/accounts/actions");
const own = () => (getConfig().secureCookies ? "__Host-gatehouse_own" : "gatehouse_own");

beforeEach(() => {
  jar.clear();
  headersOfRequest = new Headers({ origin: getConfig().origin });
});

test("whoever signs out of all of a browser leaves nothing of themselves in it, after acting as somebody as well (F36, F101)", async () => {
  const admin = await aProvenCaller();
  const user = await aUser();
  const acting = await actingAs(admin, user.id);
  await prisma().session.updateMany({
    where: { userId: user.id },
    data: { revokedAt: new Date() },
  });
  const another = await aSession((await aUser()).id);
  jar.set(sessionCookieName(), acting).set(own(), admin.cookie);
  await expect(signOutOfAllAction({ status: "idle" }, new FormData())).rejects.toThrow(
    "NEXT_REDIRECT",
  );
  expect(await findPrincipal(admin.cookie)).toBeNull();
  expect(jar.has(own())).toBe(false);
  expect(await findPrincipal(another)).not.toBeNull();
});
