import type { ReactNode } from "react";
import { findCaller } from "@/app/_http/caller";
import { navigationOf } from "@/app/_shell/navigation";
import { signOutAction } from "@/app/(auth)/actions";
import { AppShell } from "@/components/layout/app-shell";
import { SignOutForm } from "@/components/layout/sign-out-form";

/**
 * The frame of the signed-in area. It decides nothing: without a caller it shows
 * no navigation, and the page inside sends the browser to the sign-in page.
 */
export async function SignedInShell({ children }: { children: ReactNode }) {
  const caller = await findCaller();
  if (caller === null) return children;
  const { principal } = caller;
  return (
    <AppShell
      nav={await navigationOf(principal)}
      user={{ name: principal.name ?? principal.email, email: principal.email }}
      signOut={<SignOutForm action={signOutAction} />}
    >
      {children}
    </AppShell>
  );
}
