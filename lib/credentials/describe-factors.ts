import "server-only";
import { type FactorSummary, findFactorSummary } from "@/lib/credentials/factor-summary-store";
import { maskPhone } from "@/lib/credentials/sms-code/phone-number";
import type { Db } from "@/lib/platform/db/client";

export interface FactorDescription extends Omit<FactorSummary, "phone"> {
  /** No more of the number than tells it from others; null for none that is in use. */
  phone: string | null;
}

/**
 * What a user can sign in with, since when and when last: for whoever helps them, and so without
 * anything that signs in. At most twenty passkeys have names; the count is of all. One round trip.
 */
export async function describeFactors(userId: string, db?: Db): Promise<FactorDescription> {
  const { phone, ...summary } = await findFactorSummary(userId, db);
  return { ...summary, phone: phone && maskPhone(phone) };
}
