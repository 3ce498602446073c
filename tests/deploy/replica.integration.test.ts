import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { checkReplica } from "@/app/_health/replica-check";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { metricsText } from "@/lib/platform/metrics/metrics";
import type { Caller } from "@/lib/shared/caller";
import { listUsers } from "@/lib/users/list-users";
import { updateUser } from "@/lib/users/update-user";
import { aCaller, aSession, aUser, callerWith } from "@/tests/support/builders";
import { installedPostgres, type OwnCluster, startOwnCluster } from "./own-cluster";

// A server of its own and a replica that follows it, as PostgreSQL does it.

// Set-up is plain JavaScript, because it runs before there is a compiler.
const { migrate } = (await import(
  /* @vite-ignore */ new URL("../../scripts/setup/migrate.mjs", import.meta.url).href
)) as { migrate: (url: string) => Promise<string[]> };

const bin = installedPostgres();
let cluster: OwnCluster | undefined;
let replica: Awaited<ReturnType<OwnCluster["startReplica"]>>;

beforeAll(async () => {
  if (bin === undefined) return;
  cluster = await startOwnCluster(bin);
  cluster.psql("CREATE DATABASE lived OWNER gatehouse");
  await migrate(cluster.urlOf("lived"));
  replica = await cluster.startReplica();
  vi.stubEnv("DATABASE_URL", cluster.urlOf("lived"));
  vi.stubEnv("DATABASE_REPLICA_URL", replica.urlOf("lived"));
});
afterAll(() => cluster?.stop());

const NEEDS = "needs a PostgreSQL with its tools";

async function nameOf(userId: string, caller: Caller): Promise<string | null | undefined> {
  const result = await listUsers(caller, { sort: "newest" }, { limit: 100 });
  if (result.outcome !== "listed") throw new Error(result.reason);
  return result.users.find(({ id }) => id === userId)?.name;
}

const readsFromReplica = async (): Promise<number> =>
  Number(/replica_reads_total\{outcome="replica"\} (\d+)/.exec(await metricsText())?.[1] ?? 0);

test("a replica that follows is read, and the doctor has nothing to say", async ({ skip }) => {
  skip(bin === undefined, NEEDS);
  const admin = await aCaller({ roles: ["Admin"] });
  const { id } = await aUser();
  await expect.poll(() => nameOf(id, admin)).toMatch(/^User /);
  await expect.poll(readsFromReplica).toBeGreaterThan(0);
  expect(await checkReplica()).toBeNull();
});

test("one that lags shows what was, decides nothing, and hides from nobody what they did", async ({
  skip,
}) => {
  skip(bin === undefined, NEEDS);
  const admins = [await aUser({ roles: ["Admin"] }), await aUser({ roles: ["Admin"] })];
  const [mine = "", theirs = ""] = await Promise.all(admins.map(({ id }) => aSession(id)));
  const { id } = await aUser();
  const other = await callerWith(theirs);
  await expect.poll(() => nameOf(id, other)).toMatch(/^User /);
  const before = await nameOf(id, other);
  replica.psql("SELECT pg_wal_replay_pause()");
  const changed = await updateUser(
    await callerWith(mine),
    id,
    { name: "Changed just now" },
    { confirmed: false },
  );
  expect(changed.outcome).toBe("updated");
  expect(await nameOf(id, await callerWith(mine))).toBe("Changed just now");
  expect(await nameOf(id, other)).toBe(before);
  // The change is older than the limit of this question, and has arrived nowhere.
  expect(await checkReplica(0)).toMatch(/is \d+ seconds behind/);
  await prisma().userRole.deleteMany({ where: { userId: other.principal.userId } });
  await expect(nameOf(id, await callerWith(theirs))).rejects.toThrow(AccessDenied);
  replica.psql("SELECT pg_wal_replay_resume()");
  await expect.poll(() => checkReplica(0)).toBeNull();
});
