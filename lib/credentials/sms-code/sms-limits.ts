import "server-only";
import { networkOf } from "@/lib/platform/http/client-address";
import { log } from "@/lib/platform/log";
import { type Limit, type Spend, spend } from "@/lib/platform/rate-limit/limiter";
import { days, hours } from "@/lib/shared/duration";

/** Messages to one number, whoever asks for them (F120). */
const PER_NUMBER: Limit = { name: "sms-number", pointsMax: 5, windowSeconds: hours(1) };

/**
 * Messages to numbers that differ in their last four digits only: whoever is paid
 * for the messages that a network receives rents them by the thousand.
 */
const PER_RANGE: Limit = { name: "sms-range", pointsMax: 10, windowSeconds: hours(1) };

/** Messages on behalf of one user, to whatever numbers. */
const PER_USER: Limit = { name: "sms-user", pointsMax: 10, windowSeconds: hours(1) };

/** The same for whoever pays with patience. */
export const PER_USER_A_DAY: Limit = {
  name: "sms-user-day",
  pointsMax: 20,
  windowSeconds: days(1),
};

/** Messages that one network asks for. */
const PER_NETWORK: Limit = { name: "sms-network", pointsMax: 20, windowSeconds: hours(1) };

/**
 * All messages of the installation, which somebody pays for: accounts and networks can
 * be had by the thousand, too. To add numbers leaves sign-ins theirs (ATK-35).
 */
export const OF_ALL: Limit = { name: "sms-all", pointsMax: 500, windowSeconds: hours(1) };
export const OF_ALL_A_DAY: Limit = {
  name: "sms-all-day",
  pointsMax: 2_000,
  windowSeconds: days(1),
};

/**
 * Pays for one message, from the narrowest budget to the widest, and stops at the first
 * empty one. To add a number and to use it are apart: whoever adds somebody else's number
 * over and over must not keep its owner from signing in (ATK-35).
 */
export async function spendMessage({
  number,
  userId,
  ip,
  use,
}: {
  number: string;
  userId: string;
  ip: string | null;
  use: "add" | "sign-in";
}): Promise<Spend> {
  const budgets: [Limit, string][] = [
    [PER_NUMBER, `${use} ${number}`],
    [PER_USER, userId],
    [PER_USER_A_DAY, userId],
    [PER_NETWORK, networkOf(ip)],
    [PER_RANGE, `${use} ${number.slice(0, -4)}`],
    [OF_ALL, use],
    [OF_ALL_A_DAY, use],
  ];
  for (const [limit, subject] of budgets) {
    const spent = await spend(limit, subject);
    if (spent.allowed) continue;
    if (spent.exhaustedNow && subject === use) {
      log.error("the text messages of the whole installation are used up", { code: limit.name });
    }
    return spent;
  }
  return { allowed: true };
}
