import type { ReactNode } from "react";
import { ClientWords } from "@/app/_locale/client-words";
import { SignedInShell } from "@/app/_shell/signed-in-shell";

export default function AdminLayout({ children }: { children: ReactNode }) {
  return (
    <SignedInShell>
      <ClientWords areas={["admin-forms"]}>{children}</ClientWords>
    </SignedInShell>
  );
}
