import "server-only";
import {
  MAILS_PER_OWNER,
  MAILS_PER_RECIPIENT,
  MAILS_PER_RECIPIENT_A_DAY,
} from "@/lib/authn/attempt-limits";
import { type Spend, spend } from "@/lib/platform/rate-limit/limiter";

/**
 * Pays for one mail that somebody asks to have sent to an address, whoever they
 * are: from any number of networks no more than a few an hour (F120).
 *
 * `owner` is what shows that it is the address's own owner who asks, a known
 * device, or the user whose first factor was given; null for a stranger. Owners
 * have a budget of their own, so that nobody keeps their codes away by using up
 * the public one.
 */
export async function spendMail(address: string, owner: string | null): Promise<Spend> {
  if (owner !== null) return spend(MAILS_PER_OWNER, owner);
  const hour = await spend(MAILS_PER_RECIPIENT, address);
  return hour.allowed ? spend(MAILS_PER_RECIPIENT_A_DAY, address) : hour;
}
