import { can } from "@/lib/authz/decide";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { aRequest } from "@/tests/support/builders";

// A second program beside the one that tests: with connections and with memory of its own. It is
// told a cookie and says whether that lets somebody see invoices; tests/support/instances.ts starts it.

async function answer({ id, cookie }: { id: number; cookie: string }): Promise<void> {
  try {
    const principal = await findPrincipal(cookie);
    const caller = principal === null ? null : { principal, request: aRequest() };
    const allowed = caller !== null && (await can(caller, INVOICE_PERMISSIONS.view));
    process.send?.({ id, answer: allowed });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
}

process.on("message", (question: { id: number; cookie: string }) => void answer(question));
process.on("disconnect", () => process.exit());
process.send?.({ id: 0, answer: true });
