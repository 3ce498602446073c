import type { ReactNode } from "react";
import { SignedInShell } from "@/app/_shell/signed-in-shell";
import { InvoiceFlash } from "@/app/(product)/invoices/invoice-flash";

export default function ProductLayout({ children }: { children: ReactNode }) {
  return (
    <SignedInShell>
      <InvoiceFlash />
      {children}
    </SignedInShell>
  );
}
