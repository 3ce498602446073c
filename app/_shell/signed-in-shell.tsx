import type { ReactNode } from "react";
import { findCaller } from "@/app/_http/caller";
import { AccountSwitcher } from "@/app/_shell/account-switcher";
import { ArrivalNotice } from "@/app/_shell/arrival-notice";
import { navigationOf } from "@/app/_shell/navigation";
import { listOtherAccounts } from "@/app/(auth)/accounts/browser-accounts";
import { signOutAction } from "@/app/(auth)/actions";
import { FormAccount } from "@/components/form/form-account";
import { AccountWatch } from "@/components/layout/account-watch";
import { AppShell } from "@/components/layout/app-shell";
import { SignOutForm } from "@/components/layout/sign-out-form";
import { isInAllowedNetwork } from "@/lib/organizations/allowed-network";

/**
 * The frame of the signed-in area. It decides nothing: without a caller it shows
 * no navigation, and the page inside sends the browser to the sign-in page. Nor
 * where the page inside is the one that says that this is no network to be here from.
 */
export async function SignedInShell({ children }: { children: ReactNode }) {
  const caller = await findCaller();
  if (caller === null || !isInAllowedNetwork(caller)) return children;
  const { principal } = caller;
  const { userId, email } = principal;
  return (
    <FormAccount account={userId}>
      <AppShell
        nav={await navigationOf(caller)}
        user={{ name: principal.name ?? email, email }}
        accounts={<AccountSwitcher others={await listOtherAccounts()} />}
        signOut={<SignOutForm action={signOutAction} />}
        banner={<AccountWatch key={userId} account={userId} email={email} />}
      >
        <ArrivalNotice />
        {children}
      </AppShell>
    </FormAccount>
  );
}
