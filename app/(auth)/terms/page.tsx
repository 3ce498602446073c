import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { signOutAction } from "@/app/(auth)/actions";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { acceptTermsAction } from "@/app/(auth)/terms/actions";
import { ActionForm } from "@/components/form/action-form";
import { FormAccount } from "@/components/form/form-account";
import { SubmitButton } from "@/components/form/submit-button";
import { SignOutForm } from "@/components/layout/sign-out-form";
import { PlainDocument } from "@/components/ui/plain-document";
import { TextLink } from "@/components/ui/text-link";
import { DATA_PATH, safeReturnTo, termsPath } from "@/lib/shared/return-to";
import { listOwnUnaccepted } from "@/lib/terms/accept-terms";

export const generateMetadata = titled("auth.terms");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where somebody is held who has not accepted what is in force (F115). */
export default async function TermsPage({ searchParams }: Search) {
  const returnTo = safeReturnTo((await searchParams)["returnTo"]);
  const caller = await requireCaller(termsPath(returnTo), { during: "terms" });
  const versions = await listOwnUnaccepted(caller);
  if (versions.length === 0) redirect(returnTo);
  const t = await getTranslations("auth.terms");
  const shown = versions.map(({ id, digest }) => `${id}.${Buffer.from(digest).toString("hex")}`);
  return (
    <FormAccount account={caller.principal.userId}>
      <BrandedShell
        title={t("before")}
        description={t("text")}
        footer={
          <div className="flex flex-wrap items-center justify-between gap-3">
            <TextLink href={DATA_PATH}>{t("leave")}</TextLink>
            <SignOutForm action={signOutAction} />
          </div>
        }
      >
        <div className="flex flex-col gap-5">
          {versions.map(({ id, document, number, title, summary, text }) => (
            <section key={id} aria-labelledby={id} className="flex flex-col gap-2">
              <h2 id={id} className="font-medium text-ink">
                {title}
              </h2>
              <p className="text-ink-soft text-sm">
                {t("version", { document: t(`documents.${document}`), number })}
              </p>
              {summary !== "" && <PlainDocument text={summary} />}
              {/* Can be scrolled by keyboard. */}
              <section
                aria-label={t("textOf", { title })}
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus
                tabIndex={0}
                className="max-h-72 overflow-y-auto rounded-md border border-line bg-sunken p-4"
              >
                <PlainDocument text={text} />
              </section>
            </section>
          ))}
          <ActionForm action={acceptTermsAction} aria-label={t("form")}>
            <input type="hidden" name="shown" value={shown.join(" ")} />
            <input type="hidden" name="returnTo" value={returnTo} />
            <SubmitButton>{t("accept")}</SubmitButton>
          </ActionForm>
        </div>
      </BrandedShell>
    </FormAccount>
  );
}
