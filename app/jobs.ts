import "server-only";
import { purgeRequests } from "@/lib/access-requests/purge-requests";
import { tendReviews } from "@/lib/access-reviews/tend-reviews";
import { purgeAuthn } from "@/lib/authn/purge-authn";
import { purgeTraces } from "@/lib/authz/purge-traces";
import { recheckDomains } from "@/lib/domains/recheck-domains";
import { purgeInvitations } from "@/lib/invitations/purge-invitations";
import { purgeInvoices } from "@/lib/invoices/purge-invoices";
import { reencryptDue } from "@/lib/keys/reencrypt-columns";
import { deliverDueLogouts } from "@/lib/oidc/deliver-due-logouts";
import { purgeOidc } from "@/lib/oidc/purge-oidc";
import { maintainSigningKeys } from "@/lib/oidc/signing-keys";
import { purgePersonalTokens } from "@/lib/personal-tokens/purge-tokens";
import { log } from "@/lib/platform/log";
import { deliverDueMail } from "@/lib/platform/mail/deliver-due-mail";
import { purgeOutbox } from "@/lib/platform/outbox/purge-outbox";
import { purgeExpiredLimits } from "@/lib/platform/rate-limit/limiter";
import { deliverDueSms } from "@/lib/platform/sms/deliver-due-sms";
import { purgeSessions } from "@/lib/sessions/purge-sessions";
import { hours, minutes, seconds } from "@/lib/shared/duration";

interface Job {
  name: string;
  everySeconds: number;
  /** Safe to run on many instances at once; returns how many things it did. */
  run(): Promise<number>;
}

const JOBS: Job[] = [
  { name: "deliver-mail", everySeconds: seconds(2), run: deliverDueMail },
  // Apart from the mails: a gateway that hangs holds up no mail.
  { name: "deliver-sms", everySeconds: seconds(2), run: deliverDueSms },
  { name: "tell-clients-of-logout", everySeconds: seconds(2), run: deliverDueLogouts },
  { name: "tend-access-reviews", everySeconds: minutes(1), run: tendReviews },
  { name: "purge-authn", everySeconds: hours(1), run: purgeAuthn },
  { name: "purge-sessions", everySeconds: hours(1), run: purgeSessions },
  { name: "purge-oidc", everySeconds: hours(1), run: purgeOidc },
  { name: "purge-personal-tokens", everySeconds: hours(1), run: purgePersonalTokens },
  { name: "purge-invitations", everySeconds: hours(1), run: purgeInvitations },
  { name: "reencrypt", everySeconds: hours(1), run: reencryptDue },
  { name: "rotate-signing-keys", everySeconds: hours(1), run: maintainSigningKeys },
  { name: "recheck-domains", everySeconds: minutes(10), run: () => recheckDomains() },
  { name: "purge-invoices", everySeconds: hours(1), run: purgeInvoices },
  { name: "purge-access-requests", everySeconds: hours(1), run: purgeRequests },
  { name: "purge-traces", everySeconds: hours(1), run: purgeTraces },
  { name: "purge-outbox", everySeconds: hours(1), run: purgeOutbox },
  { name: "purge-limits", everySeconds: hours(1), run: purgeExpiredLimits },
];

/** Runs every job on its own clock, never twice at once; returns what stops them all. */
export function startJobs(): () => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const timers = JOBS.map((job) =>
    setInterval(() => {
      if (running.has(job.name)) return;
      running.set(
        job.name,
        runJob(job).finally(() => running.delete(job.name)),
      );
    }, job.everySeconds * 1000),
  );
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await Promise.all(running.values());
  };
}

async function runJob({ name, run }: Job): Promise<void> {
  try {
    const count = await run();
    if (count > 0) log.info("a job ran", { job: name, count });
  } catch (error) {
    log.error("a job failed and will run again", { job: name, error });
  }
}
