import { getTranslations, titled } from "@/app/_locale/translations";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { signInWithLinkAction } from "@/app/(auth)/actions";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Callout } from "@/components/ui/callout";
import { NAMED } from "@/components/ui/name";
import { linkTo } from "@/components/ui/text-link";
import { findDeviceSecret } from "@/lib/authn/device-cookie";
import { findFlowCookie } from "@/lib/authn/flow-cookie";
import { inspectSignInLink } from "@/lib/authn/sign-in-with-link";

export const generateMetadata = titled("auth.link");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where a sign-in link leads. Opening it signs nobody in: scanners open links too (F3). */
export default async function SignInLinkPage({ searchParams }: Search) {
  const { token } = await searchParams;
  const t = await getTranslations("auth.link");
  const shared = await getTranslations("auth");
  if (token === undefined) {
    return (
      <BrandedShell
        title={shared("verify.look")}
        description={t("sent")}
        footer={shared.rich("verify.nothingThere", {
          ...linkTo("/sign-in"),
        })}
      >
        <ReadMailHint />
      </BrandedShell>
    );
  }
  const browser = { flowSecret: await findFlowCookie(), deviceSecret: await findDeviceSecret() };
  const link = await inspectSignInLink(token, browser);
  if (link.state !== "pending") {
    return (
      <SpentLink
        state={link.state}
        again={{ href: "/sign-in", label: shared("links.signInAgain") }}
      />
    );
  }
  return (
    <BrandedShell
      title={shared("signIn.title")}
      description={t.rich("as", { ...NAMED, email: link.email })}
    >
      <ActionForm action={signInWithLinkAction} aria-label={t("title")}>
        {link.elsewhere && (
          <Callout tone="warning" title={t("elsewhere")}>
            <p>{t("elsewhereText")}</p>
          </Callout>
        )}
        <input type="hidden" name="token" value={String(token)} />
        <SubmitButton>{link.elsewhere ? t("here") : shared("signIn.title")}</SubmitButton>
      </ActionForm>
    </BrandedShell>
  );
}
