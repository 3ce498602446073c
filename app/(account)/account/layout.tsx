import type { ReactNode } from "react";
import { SignedInShell } from "@/app/_shell/signed-in-shell";
import { ACCOUNT_TABS } from "@/app/(account)/account/tabs";
import { TabLinks } from "@/components/ui/tabs";

export default function AccountLayout({ children }: { children: ReactNode }) {
  return (
    <SignedInShell>
      <TabLinks tabs={ACCOUNT_TABS} label="Account" />
      {children}
    </SignedInShell>
  );
}
