import { can } from "@/lib/authz/decide";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { type RequestRate, spend } from "@/lib/platform/rate-limit/limiter";
import { openRequestCounts } from "@/lib/platform/rate-limit/request-counts";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { aRequest } from "@/tests/support/builders";

// A second program beside the one that tests: with connections and with memory of its own. It is
// told a cookie and says whether that lets somebody see invoices, or a rate and says whether there is
// something left of it; tests/support/instances.ts starts it.

export type Question = { cookie: string } | { rate: RequestRate; subject: string };

async function maySee(cookie: string): Promise<boolean> {
  const principal = await findPrincipal(cookie);
  const caller = principal === null ? null : { principal, request: aRequest() };
  return caller !== null && (await can(caller, INVOICE_PERMISSIONS.view));
}

async function answer({ id, question }: { id: number; question: Question }): Promise<void> {
  try {
    const allowed =
      "cookie" in question
        ? await maySee(question.cookie)
        : (await spend(question.rate, question.subject)).allowed;
    process.send?.({ id, answer: allowed });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
}

process.on("message", (asked: { id: number; question: Question }) => void answer(asked));
process.on("disconnect", () => process.exit());
await openRequestCounts();
process.send?.({ id: 0, answer: true });
