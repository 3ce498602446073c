import { sealEverything } from "@/lib/audit-chain/seal-events";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { createWebhook } from "@/lib/webhooks/manage-endpoints";

/** An endpoint of the caller's, which is told of what happens from now on. */
export async function aWebhook(
  caller: Caller,
  url: string,
  {
    eventTypes = ["*"],
    place = "instance",
  }: { eventTypes?: string[]; place?: "instance" | "organization" } = {},
): Promise<{ id: string; secret: string }> {
  const result = await createWebhook(caller, { name: "Hook", url, eventTypes }, place);
  if (result.outcome !== "created") throw new Error(JSON.stringify(result));
  // That it was created is told to it, too, unless it begins behind that.
  await sealEverything();
  const end = await prisma().auditLink.findFirstOrThrow({ orderBy: { seq: "desc" } });
  await prisma().webhookEndpoint.update({
    where: { id: result.webhook.id },
    data: { seq: end.seq },
  });
  return { id: result.webhook.id, secret: result.secret };
}

export const deliveriesOf = (endpointId: string) =>
  prisma().webhookDelivery.findMany({ where: { endpointId }, orderBy: { id: "asc" } });

export const endpointOf = (id: string) =>
  prisma().webhookEndpoint.findUniqueOrThrow({ where: { id } });

/** Everything that waits is due now. */
export const letAllBeDue = (endpointId: string) =>
  prisma().webhookDelivery.updateMany({
    where: { endpointId, nextAttemptAt: { not: null } },
    data: { nextAttemptAt: new Date(Date.now() - 1_000) },
  });
