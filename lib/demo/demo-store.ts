import "server-only";
import { customerKey } from "@/lib/invoices/customer-key";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

export interface DemoInvoice {
  ownerId: string;
  customer: string;
  amount: number;
  currency: string;
  status: "draft" | "sent" | "paid" | "void";
  daysAgo: number;
}

/** Writes invoices of the past, with numbers of a series of their own. */
export async function insertDemoInvoices(
  organizationId: string,
  invoices: DemoInvoice[],
  now: Date,
  db: Db,
): Promise<void> {
  await db.invoice.createMany({
    data: invoices.map(({ daysAgo, amount, ...invoice }, index) => {
      const createdAt = new Date(now.getTime() - daysAgo * DAY_MS);
      return {
        ...invoice,
        id: newId(),
        organizationId,
        number: `DEMO-${String(index + 1).padStart(4, "0")}`,
        customerKey: customerKey(invoice.customer),
        amount: BigInt(amount),
        createdAt,
        updatedAt: createdAt,
      };
    }),
  });
}

export interface DemoEvent {
  action: string;
  outcome: "success" | "failure" | "denied";
  userId: string;
  ip: string;
  reason?: string;
  /** By which methods somebody signed in (RFC 8176). */
  amr?: string[];
  minutesAgo: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export async function insertDemoEvents(events: DemoEvent[], now: Date, db: Db): Promise<void> {
  await db.auditEvent.createMany({
    data: events.map(({ userId, minutesAgo, amr, ...event }) => ({
      ...event,
      ...(amr && { after: { amr } }),
      id: newId(),
      at: new Date(now.getTime() - minutesAgo * MINUTE_MS),
      actorType: event.action === "session.rejected" ? "anonymous" : "user",
      actorId: event.action === "session.rejected" ? null : userId,
      targetType: "user",
      targetId: userId,
      userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      requestId: newId(),
    })),
  });
}
