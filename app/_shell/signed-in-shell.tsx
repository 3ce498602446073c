import type { ReactNode } from "react";
import { drawnFor } from "@/app/_http/action";
import { findCaller } from "@/app/_http/caller";
import { AccountSwitcher } from "@/app/_shell/account-switcher";
import { ArrivalNotice } from "@/app/_shell/arrival-notice";
import { navigationOf } from "@/app/_shell/navigation";
import { OrganizationSwitcher } from "@/app/_shell/organization-switcher";
import { listOtherAccounts } from "@/app/(auth)/accounts/browser-accounts";
import { signOutAction } from "@/app/(auth)/actions";
import { FormAccount } from "@/components/form/form-account";
import { AccountWatch } from "@/components/layout/account-watch";
import { AppShell } from "@/components/layout/app-shell";
import { SignOutForm } from "@/components/layout/sign-out-form";
import { isInAllowedNetwork } from "@/lib/organizations/allowed-network";
import { listOwnOrganizations } from "@/lib/organizations/find-organizations";

/**
 * The frame of the signed-in area. It decides nothing: without a caller it shows
 * no navigation, and the page inside sends the browser to the sign-in page. Nor
 * where the page inside is the one that says that this is no network to be here from.
 */
export async function SignedInShell({ children }: { children: ReactNode }) {
  const caller = await findCaller();
  if (caller === null || !isInAllowedNetwork(caller)) return children;
  const { principal } = caller;
  const { email } = principal;
  const account = drawnFor(principal);
  return (
    <FormAccount account={account}>
      <AppShell
        nav={await navigationOf(caller)}
        user={{ name: principal.name ?? email, email }}
        accounts={
          <>
            <OrganizationSwitcher
              current={principal.organizationId}
              organizations={await listOwnOrganizations(caller)}
            />
            <AccountSwitcher others={await listOtherAccounts()} />
          </>
        }
        signOut={<SignOutForm action={signOutAction} />}
        banner={
          <AccountWatch
            key={account}
            account={account}
            email={email}
            organization={principal.organizationName}
          />
        }
      >
        <ArrivalNotice organization={principal.organizationName} />
        {children}
      </AppShell>
    </FormAccount>
  );
}
