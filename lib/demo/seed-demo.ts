import "server-only";
import { type InvitationResult, inviteUserAsOperator } from "@/lib/authn/invite-user";
import {
  type DemoEvent,
  type DemoInvoice,
  insertDemoEvents,
  insertDemoInvoices,
} from "@/lib/demo/demo-store";
import { CUSTOMERS, type DemoPerson, demoPeople } from "@/lib/demo/people";
import { newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { RequestFacts } from "@/lib/shared/caller";
import { resolveRoleNames } from "@/lib/users/operate-users";
import { findSignInUser } from "@/lib/users/sign-in-record";
import { findHomeOrganization } from "@/lib/users/user-identity";

const INVOICES = 60;
const EVENTS = 600;
const MONTH_MINUTES = 30 * 24 * 60;
const STATUSES = ["draft", "sent", "paid", "paid", "void"] as const;
const CURRENCIES = ["EUR", "USD", "GBP"] as const;

export type DemoResult =
  | { outcome: "seeded"; passwords: { email: string; role: string; password: string }[] }
  | { outcome: "rejected"; reason: "already-there" | "role-missing" };

/**
 * Fills the database with people, invoices and a month of events to look at.
 * Refuses where it has run before. The passwords exist only in what it returns.
 */
export async function seedDemo(request: RequestFacts, now: Date): Promise<DemoResult> {
  const { named, others } = demoPeople();
  const first = named[0];
  if (first && (await findSignInUser(first.email)) !== null) {
    return { outcome: "rejected", reason: "already-there" };
  }
  const { unknown } = await resolveRoleNames(named.map(({ role }) => role));
  if (unknown.length > 0) return { outcome: "rejected", reason: "role-missing" };

  const passwords = [];
  const userIds: string[] = [];
  for (const person of [...named, ...others]) {
    const password = newSecret().slice(0, 20);
    userIds.push(await addPerson(person, password, request));
    if (named.includes(person)) passwords.push({ ...person, password });
  }
  const organizationId = await findHomeOrganization(userIds[0] ?? "");
  await inTransaction(async (tx) => {
    await insertDemoInvoices(organizationId, someInvoices(userIds), now, tx);
    await insertDemoEvents(someEvents(userIds), now, tx);
  });
  return { outcome: "seeded", passwords };
}

async function addPerson(
  { email, name, role }: DemoPerson,
  password: string,
  request: RequestFacts,
): Promise<string> {
  const { ids } = await resolveRoleNames([role]);
  const { result } = await inviteUserAsOperator({ email, name, password, roleIds: ids }, request);
  return createdId(result, email);
}

function createdId(result: InvitationResult, email: string): string {
  if (result.outcome === "created") return result.user.id;
  throw new Error(`${email} could not be created: ${result.outcome}`);
}

const pick = <T>(list: readonly T[], index: number): T => {
  const item = list[index % list.length];
  if (item === undefined) throw new Error("an empty list has nothing to pick from");
  return item;
};

// Spread by arithmetic instead of chance, so that two demos look alike.
const someInvoices = (userIds: string[]): DemoInvoice[] =>
  Array.from({ length: INVOICES }, (_, index) => ({
    ownerId: pick(userIds, index * 7 + 1),
    customer: pick(CUSTOMERS, index * 3),
    amount: 1_250 + ((index * 7_919) % 480_000),
    currency: pick(CURRENCIES, index),
    status: pick(STATUSES, index),
    daysAgo: (index * 11) % 30,
  }));

const someEvents = (userIds: string[]): DemoEvent[] =>
  Array.from({ length: EVENTS }, (_, index) => ({
    userId: pick(userIds, index * 13 + 2),
    ip: `198.51.100.${(index % 40) + 1}`,
    minutesAgo: Math.floor((index * MONTH_MINUTES) / EVENTS),
    ...eventKind(index),
  }));

const METHODS = [["pwd"], ["pwd", "otp", "mfa"], ["hwk", "user", "mfa"], ["email"], ["pwd"]];

function eventKind(index: number): Pick<DemoEvent, "action" | "outcome" | "reason" | "amr"> {
  if (index % 9 === 0) {
    return { action: "session.rejected", outcome: "failure", reason: "invalid-credentials" };
  }
  if (index % 14 === 0) {
    return {
      action: "authorization.denied",
      outcome: "denied",
      reason: "update_invoice: no-grant",
    };
  }
  if (index % 5 === 0)
    return { action: "session.revoked", outcome: "success", reason: "signed_out" };
  return { action: "session.created", outcome: "success", amr: pick(METHODS, index * 7) };
}
