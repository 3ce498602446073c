import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";
import type { PlaceDb } from "@/lib/platform/db/tenant";
import { isId } from "@/lib/shared/id.schema";
import type { SwitchedOffFor, WebhookSettings } from "@/lib/webhooks/webhook.schema";

const SHOWN = {
  id: true,
  organizationId: true,
  name: true,
  url: true,
  eventTypes: true,
  enabled: true,
  createdAt: true,
  formerUntil: true,
  failingSince: true,
  switchedOffFor: true,
  seq: true,
} as const satisfies Prisma.WebhookEndpointSelect;

type Stored = Prisma.WebhookEndpointGetPayload<{ select: typeof SHOWN }>;

export type EndpointRow = Omit<Stored, "switchedOffFor"> & {
  switchedOffFor: SwitchedOffFor | null;
};

const asRow = (row: Stored): EndpointRow => row as EndpointRow;

/** Whose endpoints somebody reaches: an organization's, and perhaps those of the installation. */
export interface Reach {
  organizationId: string;
  instance: boolean;
}

/** Where they are read: whoever reaches those of the installation, too, is in front of the wall (F81). */
export const placeOf = ({ organizationId, instance }: Reach): string | null =>
  instance ? null : organizationId;

const within = ({ organizationId, instance }: Reach): Prisma.WebhookEndpointWhereInput =>
  instance ? { OR: [{ organizationId }, { organizationId: null }] } : { organizationId };

export async function listEndpointRows(reach: Reach, db: PlaceDb): Promise<EndpointRow[]> {
  const rows = await db.webhookEndpoint.findMany({
    where: within(reach),
    orderBy: [{ name: "asc" }, { id: "asc" }],
    select: SHOWN,
  });
  return rows.map(asRow);
}

export async function findEndpointRow(
  id: string,
  reach: Reach,
  db: PlaceDb,
): Promise<EndpointRow | null> {
  if (!isId(id)) return null;
  const row = await db.webhookEndpoint.findFirst({
    where: { id, ...within(reach) },
    select: SHOWN,
  });
  return row && asRow(row);
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockEndpoint(
  id: string,
  reach: Reach,
  tx: PlaceDb,
): Promise<EndpointRow | null> {
  if (!isId(id)) return null;
  await tx.$executeRaw`SELECT FROM webhook_endpoints WHERE id = ${id}::uuid FOR UPDATE`;
  return findEndpointRow(id, reach, tx);
}

export const countEndpoints = (organizationId: string | null, tx: Db): Promise<number> =>
  tx.webhookEndpoint.count({ where: { organizationId } });

export interface NewEndpoint extends WebhookSettings {
  id: string;
  organizationId: string | null;
  secret: Uint8Array<ArrayBuffer>;
  seq: bigint;
  createdBy: string;
}

export const insertEndpoint = async (endpoint: NewEndpoint, tx: Db): Promise<EndpointRow> =>
  asRow(await tx.webhookEndpoint.create({ data: endpoint, select: SHOWN }));

export async function updateEndpoint(
  id: string,
  data: Partial<WebhookSettings> & Pick<Prisma.WebhookEndpointUpdateInput, "enabled">,
  tx: Db,
): Promise<void> {
  // Whoever changes it wants to see whether it works now.
  const anew = { failingSince: null, switchedOffFor: null };
  await tx.webhookEndpoint.update({
    where: { id },
    data: { ...data, ...anew },
    select: { id: true },
  });
}

export async function findSecret(id: string, tx: Db): Promise<Uint8Array | null> {
  const row = await tx.webhookEndpoint.findUnique({ where: { id }, select: { secret: true } });
  return row?.secret ?? null;
}

export async function replaceSecret(
  id: string,
  secret: Uint8Array<ArrayBuffer>,
  formerSecret: Uint8Array<ArrayBuffer> | null,
  formerSeconds: number,
  tx: Db,
): Promise<void> {
  const formerUntil = formerSecret && new Date(Date.now() + formerSeconds * 1_000);
  const data = { secret, formerSecret, formerUntil };
  await tx.webhookEndpoint.update({ where: { id }, data, select: { id: true } });
}

export async function deleteEndpoint(id: string, tx: Db): Promise<boolean> {
  return (await tx.webhookEndpoint.deleteMany({ where: { id } })).count === 1;
}

/** Former secrets that sign no more are kept no longer. */
export async function dropFormerSecrets(db: Db = prisma()): Promise<number> {
  const { count } = await db.webhookEndpoint.updateMany({
    where: { formerUntil: { lt: new Date() } },
    data: { formerSecret: null, formerUntil: null },
  });
  return count;
}

/** Those that have not been told of everything up to there. */
export async function listBehind(seq: bigint, db: Db = prisma()): Promise<string[]> {
  const rows = await db.webhookEndpoint.findMany({
    where: { enabled: true, seq: { lt: seq } },
    orderBy: { id: "asc" },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** One to move on, for whoever asks first; null for one that is off, gone, or held by another. */
export async function holdEndpoint(
  id: string,
  tx: Db,
): Promise<Pick<EndpointRow, "seq" | "organizationId" | "eventTypes"> | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM webhook_endpoints WHERE id = ${id}::uuid AND enabled
       FOR UPDATE SKIP LOCKED`;
  if (rows.length === 0) return null;
  return tx.webhookEndpoint.findUnique({
    where: { id },
    select: { seq: true, organizationId: true, eventTypes: true },
  });
}

export async function moveOn(id: string, seq: bigint, tx: Db): Promise<void> {
  await tx.webhookEndpoint.update({ where: { id }, data: { seq }, select: { id: true } });
}

export async function markWorking(id: string, db: Db = prisma()): Promise<void> {
  const where = { id, failingSince: { not: null } };
  await db.webhookEndpoint.updateMany({ where, data: { failingSince: null } });
}

/** Keeps since when it fails: rounded down, as the column would round it into the future. */
export async function markFailing(id: string, tx: Db): Promise<void> {
  await tx.$executeRaw`
    UPDATE webhook_endpoints SET failing_since = COALESCE(failing_since, date_trunc('milliseconds', now()))
     WHERE id = ${id}::uuid`;
}

export interface SwitchedOff {
  name: string;
  /** Of whoever added it, while they can sign in. */
  email: string | null;
}

/** Switches off what has failed for so long; null for all others, and for who comes second. */
export async function switchOffFailing(
  id: string,
  reason: SwitchedOffFor,
  failingSeconds: number,
  tx: Db,
): Promise<SwitchedOff | null> {
  const [row] = await tx.$queryRaw<SwitchedOff[]>`
    UPDATE webhook_endpoints e SET enabled = false, switched_off_for = ${reason}
     WHERE e.id = ${id}::uuid AND e.enabled
       AND e.failing_since <= now() - make_interval(secs => ${failingSeconds}::double precision)
    RETURNING e.name,
      (SELECT u.email FROM users u WHERE u.id = e.created_by AND u.status = 'active') AS email`;
  return row ?? null;
}
