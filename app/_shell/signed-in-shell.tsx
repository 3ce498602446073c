import type { ReactNode } from "react";
import { drawnFor } from "@/app/_http/action";
import { findCaller } from "@/app/_http/caller";
import { ClientWords } from "@/app/_locale/client-words";
import { SEARCH_PATH } from "@/app/_search/address";
import { AccountSwitcher } from "@/app/_shell/account-switcher";
import { ArrivalNotice } from "@/app/_shell/arrival-notice";
import { ImpersonationBanner } from "@/app/_shell/impersonation-banner";
import { navigationOf } from "@/app/_shell/navigation";
import { OrganizationSwitcher } from "@/app/_shell/organization-switcher";
import { listOffered } from "@/app/_shell/shortcuts";
import { listOtherAccounts } from "@/app/(auth)/accounts/browser-accounts";
import { signOutAction } from "@/app/(auth)/actions";
import { FormAccount } from "@/components/form/form-account";
import { AccountWatch } from "@/components/layout/account-watch";
import { AppShell } from "@/components/layout/app-shell";
import { CommandPalette } from "@/components/layout/command-palette";
import { SignOutForm } from "@/components/layout/sign-out-form";
import { isInAllowedNetwork } from "@/lib/organizations/allowed-network";
import { listOwnOrganizations } from "@/lib/organizations/find-organizations";
import { ownPictureHref } from "@/lib/shared/picture";
import { listPictureDigests } from "@/lib/users/picture";

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
  const [nav, digests] = await Promise.all([
    navigationOf(caller),
    listPictureDigests([principal.userId]),
  ]);
  const digest = digests.get(principal.userId);
  return (
    <FormAccount account={account}>
      <AppShell
        nav={nav}
        search={
          <ClientWords areas={["palette"]}>
            <CommandPalette offered={await listOffered(caller, nav)} href={SEARCH_PATH} />
          </ClientWords>
        }
        user={{
          name: principal.name ?? email,
          email,
          picture: digest ? ownPictureHref(digest) : null,
        }}
        accounts={
          principal.act === undefined && (
            <>
              <OrganizationSwitcher
                current={principal.organizationId}
                organizations={await listOwnOrganizations(caller)}
              />
              <AccountSwitcher others={await listOtherAccounts()} />
            </>
          )
        }
        signOut={principal.act === undefined && <SignOutForm action={signOutAction} />}
        banner={
          <>
            <ImpersonationBanner principal={principal} />
            <AccountWatch
              key={account}
              account={account}
              email={email}
              organization={principal.organizationName}
            />
          </>
        }
      >
        <ArrivalNotice organization={principal.organizationName} />
        {children}
      </AppShell>
    </FormAccount>
  );
}
