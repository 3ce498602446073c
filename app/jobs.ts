import "server-only";
import { purgeRequests } from "@/lib/access-requests/purge-requests";
import { tendReviews } from "@/lib/access-reviews/tend-reviews";
import { pruneEvents } from "@/lib/audit-chain/prune-events";
import { sealEvents } from "@/lib/audit-chain/seal-events";
import { signDueCheckpoint } from "@/lib/audit-chain/sign-checkpoint";
import { forwardToSyslog } from "@/lib/audit-log/forward-to-syslog";
import { purgeAuthn } from "@/lib/authn/purge-authn";
import { purgeTraces } from "@/lib/authz/purge-traces";
import { recheckDomains } from "@/lib/domains/recheck-domains";
import { endOverImpersonations } from "@/lib/impersonation/end-impersonation";
import { purgeInvitations } from "@/lib/invitations/purge-invitations";
import { purgeInvoices } from "@/lib/invoices/purge-invoices";
import { reencryptDue } from "@/lib/keys/reencrypt-columns";
import { deliverDueLogouts } from "@/lib/oidc/deliver-due-logouts";
import { purgeOidc } from "@/lib/oidc/purge-oidc";
import { maintainSigningKeys } from "@/lib/oidc/signing-keys";
import { eraseDueAccounts } from "@/lib/personal-data/erase-due-accounts";
import { purgePersonalTokens } from "@/lib/personal-tokens/purge-tokens";
import { log } from "@/lib/platform/log";
import { deliverDueMail } from "@/lib/platform/mail/deliver-due-mail";
import { countJobRun } from "@/lib/platform/metrics/metrics";
import { purgeOutbox } from "@/lib/platform/outbox/purge-outbox";
import { processSingleton } from "@/lib/platform/process-singleton";
import { purgeExpiredLimits } from "@/lib/platform/rate-limit/limiter";
import { deliverDueSms } from "@/lib/platform/sms/deliver-due-sms";
import { inOwnTrace } from "@/lib/platform/tracing/spans";
import { purgeSessions } from "@/lib/sessions/purge-sessions";
import { hours, minutes, seconds } from "@/lib/shared/duration";
import { purgeImports } from "@/lib/user-imports/purge-imports";
import { deliverMessages, retryFailingReceivers } from "@/lib/webhooks/deliver-messages";
import { purgeWebhooks } from "@/lib/webhooks/purge-webhooks";
import { queueMessages } from "@/lib/webhooks/queue-messages";

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
  // Counted as nothing: a line for every second with an event would say nothing.
  { name: "seal-audit-events", everySeconds: seconds(1), run: () => sealEvents().then(() => 0) },
  { name: "queue-webhook-messages", everySeconds: seconds(2), run: queueMessages },
  { name: "deliver-webhook-messages", everySeconds: seconds(2), run: deliverMessages },
  { name: "retry-failing-receivers", everySeconds: seconds(5), run: retryFailingReceivers },
  { name: "purge-webhooks", everySeconds: hours(1), run: purgeWebhooks },
  // Counted as nothing, like the sealing before it.
  {
    name: "forward-to-syslog",
    everySeconds: seconds(2),
    run: () => forwardToSyslog().then(() => 0),
  },
  { name: "sign-audit-checkpoint", everySeconds: minutes(5), run: signDueCheckpoint },
  { name: "prune-audit-events", everySeconds: hours(1), run: () => pruneEvents() },
  { name: "tend-access-reviews", everySeconds: minutes(1), run: tendReviews },
  { name: "end-impersonations", everySeconds: seconds(30), run: endOverImpersonations },
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
  { name: "purge-user-imports", everySeconds: hours(1), run: purgeImports },
  { name: "erase-due-accounts", everySeconds: seconds(10), run: eraseDueAccounts },
  { name: "purge-outbox", everySeconds: hours(1), run: purgeOutbox },
  { name: "purge-limits", everySeconds: hours(1), run: purgeExpiredLimits },
];

/** Runs every job on its own clock, never twice at once; returns what stops them all. */
export function startJobs(): () => Promise<void> {
  const running = new Map<string, Promise<unknown>>();
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

/**
 * Runs every job once, for platforms that keep no process between requests (D21): one after the other, until the
 * time is over; what was not reached comes first the next time. Returns how many ran and how many failed.
 */
export async function runJobsOnce(budgetSeconds: number): Promise<{ ran: number; failed: number }> {
  const until = performance.now() + budgetSeconds * 1_000;
  const order = processSingleton("next-job", () => ({ first: 0 }));
  const outcome = { ran: 0, failed: 0 };
  for (let count = 0; count < JOBS.length && performance.now() < until; count += 1) {
    const job = JOBS[order.first];
    order.first = (order.first + 1) % JOBS.length;
    if (job === undefined) continue;
    outcome.ran += 1;
    if (!(await runJob(job))) outcome.failed += 1;
  }
  return outcome;
}

/** False when it failed, which the log says. */
async function runJob({ name, run }: Job): Promise<boolean> {
  try {
    const count = await inOwnTrace(
      { name: `job ${name}`, attributes: { "gatehouse.job.name": name } },
      run,
    );
    countJobRun(name, "success");
    if (count > 0) log.info("a job ran", { job: name, count });
    return true;
  } catch (error) {
    countJobRun(name, "failure");
    log.error("a job failed and will run again", { job: name, error });
    return false;
  }
}
