import { beforeAll, describe, expect, test, vi } from "vitest";
import {
  AUDIT_OUTCOMES,
  type AuditListing,
  UNNAMED_ACTORS,
} from "@/lib/audit-log/audit-log.schema";
import { listAuditActions, listAuditEvents } from "@/lib/audit-log/list-audit-events";
import { listRoles } from "@/lib/authz/list-roles";
import { listOrganizations } from "@/lib/organizations/find-organizations";
import { newId } from "@/lib/platform/id";
import { COUNT_MAX } from "@/lib/shared/bounded-count";
import type { Caller } from "@/lib/shared/caller";
import type { PageRequest } from "@/lib/shared/keyset-page";
import { countUsers, listRoleFilters, listUsers } from "@/lib/users/list-users";
import { USER_SORTS, USER_STATUSES, type UserListing } from "@/lib/users/user.schema";
import { countEverySession, listEverySession } from "@/lib/users/user-sessions";
import { aCaller } from "@/tests/support/builders";
import {
  COMMON_ROLE,
  fillLongLists,
  LONG_LISTS,
  type LongLists,
  RARE_ROLE,
} from "@/tests/support/long-lists";
import { aCallerIn, defaultOrganizationId } from "@/tests/support/organizations";
import { entriesMapped, planOf, rowsRead } from "@/tests/support/plans";
import { type Statement, watchStatements } from "@/tests/support/statements";

// What an administrator's lists cost among very many users, sessions and events: each page, forwards,
// onwards and back, unfiltered and by every filter that is offered, reads rows in proportion to a page.
// The statements are those that the use cases send.

/** What grows with users and events: none of it is ever read whole. */
const GROWING = ["users", "memberships", "user_roles", "sessions", "audit_events"];
const PAGE = 25;
/** Of a page: itself, what is beside it in other tables, and what a filter leaves out on the way. */
const READ_MAX = 6_000;
/** Where two indexes are laid over one another, their entries count, and none of the rows they leave out. */
const ENTRIES_MAX = LONG_LISTS.events / 5;
/** An organization, an action and an outcome that never meet: two of them are in one index. */
const THREE_MAX = { instance: READ_MAX, large: ENTRIES_MAX, small: ENTRIES_MAX };

vi.setConfig({ testTimeout: 120_000 });

const sent: Statement[] = [];
watchStatements((statement) => sent.push(statement));

let lists: LongLists;
/** Of the whole installation; of the organization that most belong to; of one that few belong to. */
const readers = {} as Record<"instance" | "large" | "small", Caller>;

const VIEWS = { view_users: "all", view_audit_log: "all", revoke_sessions: "all" } as const;

beforeAll(async () => {
  readers.instance = await aCaller({ roles: ["Admin"] });
  const large = await defaultOrganizationId();
  readers.large = await aCallerIn(large, VIEWS);
  lists = await fillLongLists(large);
  readers.small = await aCallerIn(lists.smallOrganization, VIEWS);
}, LONG_LISTS.fillMsMax);

/** Runs the work, and expects each of its statements to read by indexes, and no more rows than these. */
async function expectBounded<T>(work: () => Promise<T>, readMax = READ_MAX): Promise<T> {
  sent.length = 0;
  const result = await work();
  const asked = sent.filter(({ text }) => /^\s*(SELECT|WITH)\b/i.test(text));
  const statements = [...asked].filter(({ text }) => GROWING.some((name) => text.includes(name)));
  expect(statements.length).toBeGreaterThan(0);
  for (const statement of statements) {
    const nodes = await planOf(statement, null, "ANALYZE");
    const told = `${nodes
      .map((node) => `${node["Node Type"]} ${node["Index Name"] ?? node["Relation Name"] ?? ""}`)
      .join(", ")} of ${statement.text} ${JSON.stringify(statement.values)}`;
    const whole = nodes
      .filter((node) => node["Node Type"].includes("Seq Scan"))
      .map((node) => node["Relation Name"] ?? "");
    expect(
      whole.filter((name) => GROWING.includes(name)),
      told,
    ).toEqual([]);
    expect(rowsRead(nodes), told).toBeLessThanOrEqual(readMax);
    expect(entriesMapped(nodes), told).toBeLessThanOrEqual(ENTRIES_MAX);
  }
  return result;
}

interface Page {
  ids: string[];
  next: string | null;
  previous: string | null;
}

/** A page, the one after it, the one after that, and back; the way back shows what the way there did. */
async function expectPages(
  read: (page: PageRequest) => Promise<Page>,
  readMax = READ_MAX,
): Promise<Page> {
  const first = await expectBounded(() => read({ limit: PAGE }), readMax);
  let onwards = first;
  for (let step = 0; step < 2 && onwards.next !== null; step += 1) {
    const before = onwards;
    const cursor = onwards.next;
    onwards = await expectBounded(() => read({ limit: PAGE, cursor }), readMax);
    const back = onwards.previous;
    if (back === null) throw new Error("there is no way back");
    const again = await expectBounded(() => read({ limit: PAGE, cursor: back }), readMax);
    expect(again.ids).toEqual(before.ids);
  }
  return first;
}

const usersOf =
  (caller: Caller, listing: Partial<UserListing>) =>
  async (page: PageRequest): Promise<Page> => {
    const result = await listUsers(caller, { sort: "newest", ...listing }, page);
    if (result.outcome !== "listed") throw new Error(result.reason);
    const { users, nextCursor, previousCursor } = result;
    return { ids: users.map(({ id }) => id), next: nextCursor, previous: previousCursor };
  };

const eventsOf =
  (caller: Caller, listing: AuditListing) =>
  async (page: PageRequest): Promise<Page> => {
    const result = await listAuditEvents(caller, listing, page);
    if (result.outcome !== "listed") throw new Error(result.reason);
    const { events, nextCursor, previousCursor } = result;
    return { ids: events.map(({ id }) => id), next: nextCursor, previous: previousCursor };
  };

const sessionsOf =
  (caller: Caller, q?: string) =>
  async (page: PageRequest): Promise<Page> => {
    const result = await listEverySession(caller, { ...page, q });
    if (result.outcome !== "listed") throw new Error(result.reason);
    const { sessions, nextCursor, previousCursor } = result;
    return { ids: sessions.map(({ id }) => id), next: nextCursor, previous: previousCursor };
  };

describe(`among ${LONG_LISTS.users.toLocaleString("en")} users`, () => {
  describe.each(["large", "small"] as const)("in the %s organization", (where) => {
    test.each(USER_SORTS)("the list in the order %s", async (sort) => {
      const { ids } = await expectPages(usersOf(readers[where], { sort }));
      expect(ids).toHaveLength(PAGE);
    });

    test.each(USER_STATUSES)("those who are %s, in every order", async (status) => {
      for (const sort of USER_SORTS) await expectPages(usersOf(readers[where], { status, sort }));
    });

    test.each([
      ["many hold", COMMON_ROLE],
      ["few hold", RARE_ROLE],
    ])("those of a role that %s, in every order and of every status", async (_, name) => {
      const role = lists.roles[name];
      for (const sort of USER_SORTS) {
        await expectPages(usersOf(readers[where], { role, sort }));
        for (const status of USER_STATUSES) {
          await expectPages(usersOf(readers[where], { role, status, sort }));
        }
      }
    });

    test.each([
      ["everybody has", "example"],
      ["few have", "person-1234"],
      ["one has", "person-54321@"],
      ["nobody has", "no such person"],
    ])("a search for what %s, also with the other filters", async (_, q) => {
      for (const sort of USER_SORTS) await expectPages(usersOf(readers[where], { q, sort }));
      for (const status of USER_STATUSES) await expectPages(usersOf(readers[where], { q, status }));
      await expectPages(usersOf(readers[where], { q, role: lists.roles[RARE_ROLE] }));
      await expectPages(
        usersOf(readers[where], { q, role: lists.roles[COMMON_ROLE], status: "active" }),
      );
    });

    test("a page in the middle, both ways", async () => {
      const listing = { sort: "email", q: undefined } as const;
      const cursor = lists.emailCursor;
      const read = usersOf(readers[where], listing);
      const onwards = await expectBounded(() => read({ limit: PAGE, cursor }));
      expect(onwards.previous).not.toBeNull();
      const back = onwards.previous ?? "";
      await expectBounded(() => read({ limit: PAGE, cursor: back }));
    });

    test("the counts above the list go no further than their bound", async () => {
      const counts = await expectBounded(() => countUsers(readers[where]), 3 * COUNT_MAX);
      expect(counts === null).toBe(where === "large");
      await listRoleFilters(readers[where]);
    });
  });
});

test("roles and organizations are listed with counts that go no further than their bound", async () => {
  const roles = await expectBounded(
    () => listRoles(readers.instance, { limit: 100 }),
    20 * COUNT_MAX,
  );
  if (roles.outcome !== "listed") throw new Error(roles.reason);
  expect(roles.roles.find(({ name }) => name === COMMON_ROLE)?.userCount).toBe(COUNT_MAX + 1);
  const listed = await expectBounded(
    () => listOrganizations(readers.instance, {}, { limit: PAGE }),
    20 * COUNT_MAX,
  );
  if (listed.outcome !== "listed") throw new Error(listed.reason);
  const counts = listed.organizations.map(({ memberCount }) => memberCount);
  expect(Math.max(...counts)).toBe(COUNT_MAX + 1);
});

describe(`among ${LONG_LISTS.sessions.toLocaleString("en")} sessions`, () => {
  test.each(["large", "small"] as const)("the list of the %s organization", async (where) => {
    await expectPages(sessionsOf(readers[where]));
    for (const q of ["example", "person-1234", "person-54321@", "no such person"]) {
      await expectPages(sessionsOf(readers[where], q));
    }
    await expectBounded(() => countEverySession(readers[where]), 3 * COUNT_MAX);
  });
});

describe(`among ${LONG_LISTS.events.toLocaleString("en")} events`, () => {
  describe.each(["instance", "large", "small"] as const)("for a reader of the %s", (where) => {
    const expectEvents = (listing: AuditListing, readMax?: number) =>
      expectPages(eventsOf(readers[where], listing), readMax);

    test("the list, and the actions that it can be narrowed to", async () => {
      const { ids } = await expectEvents({});
      expect(ids.length).toBeGreaterThan(0);
      await expectBounded(() => listAuditActions(readers[where]), 1_000);
    });

    test("each action, by itself and with each outcome", async () => {
      for (const action of LONG_LISTS.actions) {
        await expectEvents({ action });
        for (const outcome of AUDIT_OUTCOMES)
          await expectEvents({ action, outcome }, THREE_MAX[where]);
      }
    });

    test.each(AUDIT_OUTCOMES)("the outcome %s", async (outcome) => {
      await expectEvents({ outcome });
    });

    test("who did it: somebody busy, somebody idle, somebody by address", async () => {
      for (const actor of [lists.busy, lists.idle, lists.address[where]]) {
        await expectEvents({ actor });
        for (const outcome of AUDIT_OUTCOMES) await expectEvents({ actor, outcome });
        for (const action of LONG_LISTS.actions) await expectEvents({ actor, action });
      }
    });

    test("who did it: nobody in particular", async () => {
      for (const actor of UNNAMED_ACTORS) {
        await expectEvents({ actor });
        for (const outcome of AUDIT_OUTCOMES) await expectEvents({ actor, outcome }, ENTRIES_MAX);
        for (const action of LONG_LISTS.actions) await expectEvents({ actor, action }, ENTRIES_MAX);
      }
    });

    test("to whom it was done", async () => {
      for (const target of [lists.busy, lists.address[where]]) {
        await expectEvents({ target });
        for (const outcome of AUDIT_OUTCOMES) await expectEvents({ target, outcome });
        for (const action of LONG_LISTS.actions) await expectEvents({ target, action });
        await expectEvents({ target, actor: lists.busy });
      }
    });

    test("an event, a request or a decision by its id", async () => {
      await expectEvents({ id: lists.eventId });
      await expectEvents({ id: newId() });
    });

    test("a time, by itself and with every other filter", async () => {
      const { from, to } = lists.period;
      await expectEvents({ from });
      await expectEvents({ to });
      await expectEvents({ from, to });
      for (const outcome of AUDIT_OUTCOMES) await expectEvents({ from, to, outcome });
      for (const action of LONG_LISTS.actions) await expectEvents({ from, to, action });
      for (const actor of [lists.busy, lists.idle, "system"])
        await expectEvents({ from, to, actor });
      await expectEvents({ from, to, target: lists.busy });
    });
  });
});
