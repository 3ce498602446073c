import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import {
  addAccountAction,
  forgetAccountAction,
  signOutOfAllAction,
  switchAccountAction,
} from "@/app/(auth)/accounts/actions";
import { listOtherAccounts } from "@/app/(auth)/accounts/browser-accounts";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { AuthShell } from "@/components/layout/auth-shell";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Callout } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";
import type { KeptAccount } from "@/lib/sessions/resume-session";
import { HOME_PATH, safeReturnTo, signInPath } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Choose an account" };

const NOTICES: Record<string, string> = {
  ended:
    "That account is signed out by now, or another tab has switched to it. Nothing was changed.",
};

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** The accounts of this browser, to choose the one to go on with (F36). */
export default async function AccountsPage({ searchParams }: Search) {
  const { returnTo: asked, notice } = await searchParams;
  const returnTo = asked === undefined ? undefined : safeReturnTo(asked);
  const [caller, others] = [await findCaller(), await listOtherAccounts()];
  if (caller === null && others.length === 0) {
    redirect(returnTo === undefined ? "/sign-in" : signInPath(returnTo));
  }
  const said = typeof notice === "string" && Object.hasOwn(NOTICES, notice) && NOTICES[notice];
  return (
    <AuthShell
      title="Choose an account"
      description="The accounts of this browser. Others who use it can choose them too."
    >
      <div className="flex flex-col gap-5">
        {said && (
          <Callout role="status">
            <p>{said}</p>
          </Callout>
        )}
        <ul className="divide-y divide-line border-line border-y">
          {caller !== null && (
            <li className="flex items-center gap-3 py-3">
              <Avatar name={caller.principal.name ?? caller.principal.email} />
              <div className="min-w-0 flex-1 text-sm">
                <p className="break-all font-medium">{caller.principal.email}</p>
                {/* What is there may be a question that its page answers: not before it is clicked. */}
                <TextLink href={returnTo ?? HOME_PATH} prefetch={false}>
                  Go on with it
                </TextLink>
              </div>
              <Badge tone="accent">In use</Badge>
            </li>
          )}
          {others.map((account) => (
            <OtherAccount key={account.keptAs} account={account} returnTo={returnTo} />
          ))}
        </ul>
        <ActionForm action={addAccountAction} aria-label="Add another account">
          <ReturnField returnTo={returnTo} />
          <SubmitButton variant="secondary">Add another account</SubmitButton>
        </ActionForm>
        <ActionForm action={signOutOfAllAction} aria-label="All accounts">
          <SubmitButton variant="ghost">Sign out of all accounts</SubmitButton>
        </ActionForm>
      </div>
    </AuthShell>
  );
}

/** Where the form leads back to, where somebody has come from a place. */
function ReturnField({ returnTo }: { returnTo: string | undefined }) {
  return returnTo && <input type="hidden" name="returnTo" value={returnTo} />;
}

function OtherAccount({
  account,
  returnTo,
}: {
  account: KeptAccount;
  returnTo: string | undefined;
}) {
  const { keptAs, email, live } = account;
  const leave = live === null ? "Remove" : "Sign out";
  return (
    <li className="flex flex-wrap items-center gap-3 py-3">
      <Avatar name={live?.name ?? email} />
      <p className="min-w-0 flex-1 basis-40 text-sm">
        <span className="block break-all font-medium">{email}</span>
        {live === null && <span className="text-ink-soft">Signed out</span>}
      </p>
      <div className="flex gap-2">
        {live === null ? (
          <ActionForm action={addAccountAction} aria-label={`Sign in as ${email}`}>
            <ReturnField returnTo={returnTo} />
            <SubmitButton variant="secondary" size="sm" aria-label={`Sign in as ${email}`}>
              Sign in
            </SubmitButton>
          </ActionForm>
        ) : (
          <ActionForm action={switchAccountAction} aria-label={`Switch to ${email}`}>
            <input type="hidden" name="account" value={keptAs} />
            <ReturnField returnTo={returnTo} />
            <SubmitButton variant="secondary" size="sm" aria-label={`Use ${email}`}>
              Use
            </SubmitButton>
          </ActionForm>
        )}
        <ActionForm action={forgetAccountAction} aria-label={`${leave} ${email}`}>
          <input type="hidden" name="account" value={keptAs} />
          <ReturnField returnTo={returnTo} />
          <SubmitButton variant="ghost" size="sm" aria-label={`${leave} ${email}`}>
            {leave}
          </SubmitButton>
        </ActionForm>
      </div>
    </li>
  );
}
