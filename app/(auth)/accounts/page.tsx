import { redirect } from "next/navigation";
import { useTranslations } from "#translations";
import { findCaller } from "@/app/_http/caller";
import { getTranslations, titled } from "@/app/_locale/translations";
import {
  addAccountAction,
  forgetAccountAction,
  signOutOfAllAction,
  switchAccountAction,
} from "@/app/(auth)/accounts/actions";
import { listOtherAccounts } from "@/app/(auth)/accounts/browser-accounts";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Callout } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";
import type { KeptAccount } from "@/lib/sessions/resume-session";
import { ownPictureHref } from "@/lib/shared/picture";
import { HOME_PATH, safeReturnTo, signInPath } from "@/lib/shared/return-to";
import { listPictureDigests } from "@/lib/users/picture";

export const generateMetadata = titled("auth.accounts");

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
  const t = await getTranslations("auth.accounts");
  const userId = caller?.principal.userId;
  const digest = userId && (await listPictureDigests([userId])).get(userId);
  return (
    <BrandedShell title={t("title")} description={t("text")}>
      <div className="flex flex-col gap-5">
        {notice === "ended" && (
          <Callout role="status">
            <p>{t("ended")}</p>
          </Callout>
        )}
        <ul className="divide-y divide-line border-line border-y">
          {caller !== null && (
            <li className="flex items-center gap-3 py-3">
              <Avatar
                name={caller.principal.name ?? caller.principal.email}
                picture={digest ? ownPictureHref(digest) : null}
              />
              <div className="min-w-0 flex-1 text-sm">
                <p className="break-all font-medium">{caller.principal.email}</p>
                {/* What is there may be a question that its page answers: not before it is clicked. */}
                <TextLink href={returnTo ?? HOME_PATH} prefetch={false}>
                  {t("goOn")}
                </TextLink>
              </div>
              <Badge tone="accent">{t("inUse")}</Badge>
            </li>
          )}
          {others.map((account) => (
            <OtherAccount key={account.keptAs} account={account} returnTo={returnTo} />
          ))}
        </ul>
        <ActionForm action={addAccountAction} aria-label={t("add")}>
          <ReturnField returnTo={returnTo} />
          <SubmitButton variant="secondary">{t("add")}</SubmitButton>
        </ActionForm>
        <ActionForm action={signOutOfAllAction} aria-label={t("all")}>
          <SubmitButton variant="ghost">{t("signOutOfAll")}</SubmitButton>
        </ActionForm>
      </div>
    </BrandedShell>
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
  const t = useTranslations("auth.accounts");
  const links = useTranslations("auth.links");
  const [leave, leaveThis] =
    live === null
      ? [t("remove"), t("removeThis", { email })]
      : [t("signOut"), t("signOutThis", { email })];
  return (
    <li className="flex flex-wrap items-center gap-3 py-3">
      <Avatar name={live?.name ?? email} />
      <p className="min-w-0 flex-1 basis-40 text-sm">
        <span className="block break-all font-medium">{email}</span>
        {live === null && <span className="text-ink-soft">{t("signedOut")}</span>}
      </p>
      <div className="flex gap-2">
        {live === null ? (
          <ActionForm action={addAccountAction} aria-label={t("signInAs", { email })}>
            <ReturnField returnTo={returnTo} />
            <SubmitButton variant="secondary" size="sm" aria-label={t("signInAs", { email })}>
              {links("signIn")}
            </SubmitButton>
          </ActionForm>
        ) : (
          <ActionForm action={switchAccountAction} aria-label={t("switchTo", { email })}>
            <input type="hidden" name="account" value={keptAs} />
            <ReturnField returnTo={returnTo} />
            <SubmitButton variant="secondary" size="sm" aria-label={t("useThis", { email })}>
              {t("use")}
            </SubmitButton>
          </ActionForm>
        )}
        <ActionForm action={forgetAccountAction} aria-label={leaveThis}>
          <input type="hidden" name="account" value={keptAs} />
          <ReturnField returnTo={returnTo} />
          <SubmitButton variant="ghost" size="sm" aria-label={leaveThis}>
            {leave}
          </SubmitButton>
        </ActionForm>
      </div>
    </li>
  );
}
