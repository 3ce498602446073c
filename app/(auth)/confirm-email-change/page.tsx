import { findCaller } from "@/app/_http/caller";
import { getTranslations, titled } from "@/app/_locale/translations";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { confirmEmailChangeAction } from "@/app/(auth)/confirm-email-change/actions";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { ButtonLink } from "@/components/ui/button";
import { NAMED } from "@/components/ui/name";
import { inspectEmailChangeLink } from "@/lib/authn/confirm-email-change";

export const generateMetadata = titled("auth.changeEmail");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where the mails to both addresses lead (F106). Opening it changes nothing. */
export default async function ConfirmEmailChangePage({ searchParams }: Search) {
  const { token, done } = await searchParams;
  const caller = await findCaller();
  const t = await getTranslations("auth.changeEmail");
  const links = await getTranslations("auth.links");
  const home = (
    <ButtonLink href={caller === null ? "/sign-in" : "/account/profile"} variant="primary">
      {links(caller === null ? "goToSignIn" : "goToProfile")}
    </ButtonLink>
  );
  if (done === "changed") {
    return (
      <BrandedShell title={t("changed")} description={t("changedText")}>
        {home}
      </BrandedShell>
    );
  }
  if (done !== undefined) {
    return (
      <BrandedShell title={t("confirmed")} description={t("confirmedText")}>
        <ReadMailHint />
        {home}
      </BrandedShell>
    );
  }
  const link = await inspectEmailChangeLink(token, caller?.principal.userId ?? null);
  if (link.state === "elsewhere") {
    const here = `/confirm-email-change?token=${String(token)}`;
    return (
      <BrandedShell title={t("signInFirst")} description={t("signInFirstText")}>
        {caller === null ? (
          <ButtonLink href={`/sign-in?returnTo=${encodeURIComponent(here)}`} variant="primary">
            {links("signIn")}
          </ButtonLink>
        ) : (
          <p className="text-sm">
            {t.rich("signedInAs", { ...NAMED, email: caller.principal.email })}
          </p>
        )}
      </BrandedShell>
    );
  }
  if (link.state !== "pending") {
    const again = { href: "/account/profile", label: links("goToProfile") };
    return <SpentLink state={link.state} again={again} />;
  }
  return (
    <BrandedShell
      title={t("title")}
      description={t.rich(link.side === "old" ? "fromOld" : "toNew", {
        ...NAMED,
        email: link.newEmail,
      })}
    >
      <ActionForm action={confirmEmailChangeAction} aria-label={t("form")}>
        <input type="hidden" name="token" value={String(token)} />
        <SubmitButton>{t("confirm")}</SubmitButton>
      </ActionForm>
    </BrandedShell>
  );
}
