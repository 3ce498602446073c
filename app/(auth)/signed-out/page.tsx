import { redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { getTranslations, titled } from "@/app/_locale/translations";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { findSignOutSecret } from "@/app/(auth)/browser-cookies";
import { ButtonLink } from "@/components/ui/button";
import { buttonClass } from "@/components/ui/button-class";
import { findUpstreamSignOut, signOutStateOf } from "@/lib/federation/upstream-sign-out";
import { HOME_PATH } from "@/lib/shared/return-to";

export const generateMetadata = titled("auth.signedOut");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where whoever came from a provider chooses to sign out there, too, and comes back to (F74). */
export default async function SignedOutPage({ searchParams }: Search) {
  if ((await findCaller()) !== null) redirect(HOME_PATH);
  const { state } = await searchParams;
  const secret = await findSignOutSecret();
  const upstream = await findUpstreamSignOut(secret);
  // Only the browser that left for the provider is told that it came back from there.
  const cameBack = secret !== undefined && state === signOutStateOf(secret);
  const t = await getTranslations("auth.signedOut");
  const links = await getTranslations("auth.links");
  if (upstream === null || cameBack) {
    return (
      <BrandedShell title={t("you")} description={t(cameBack ? "bothEnded" : "ended")}>
        <ButtonLink href="/sign-in" variant="primary" className="w-full">
          {links("signInAgain")}
        </ButtonLink>
      </BrandedShell>
    );
  }
  const { providerName, address } = upstream;
  return (
    <BrandedShell title={t("here")} description={t("stillThere", { name: providerName })}>
      <div className="flex flex-col gap-3">
        {/* No form: what a form leads to is judged by the Content-Security-Policy, and this is another host. */}
        <a href={address} className={buttonClass("primary")}>
          {t("there", { name: providerName })}
        </a>
        <ButtonLink href="/sign-in">{links("signInAgain")}</ButtonLink>
      </div>
    </BrandedShell>
  );
}
