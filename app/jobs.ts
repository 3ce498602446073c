import "server-only";
import { purgeAuthn } from "@/lib/authn/purge-authn";
import { purgeInvoices } from "@/lib/invoices/purge-invoices";
import { log } from "@/lib/platform/log";
import { deliverDueMail } from "@/lib/platform/mail/deliver-due-mail";
import { purgeMail } from "@/lib/platform/mail/purge-mail";
import { purgeExpiredLimits } from "@/lib/platform/rate-limit/limiter";
import { purgeSessions } from "@/lib/sessions/purge-sessions";
import { hours, seconds } from "@/lib/shared/duration";

interface Job {
  name: string;
  everySeconds: number;
  /** Safe to run on many instances at once; returns how many things it did. */
  run(): Promise<number>;
}

const JOBS: Job[] = [
  { name: "deliver-mail", everySeconds: seconds(2), run: deliverDueMail },
  { name: "purge-authn", everySeconds: hours(1), run: purgeAuthn },
  { name: "purge-sessions", everySeconds: hours(1), run: purgeSessions },
  { name: "purge-invoices", everySeconds: hours(1), run: purgeInvoices },
  { name: "purge-mail", everySeconds: hours(1), run: purgeMail },
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
