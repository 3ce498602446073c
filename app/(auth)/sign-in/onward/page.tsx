import { redirect } from "next/navigation";
import { onwardTarget } from "@/app/_http/onward";
import { getTranslations, titled } from "@/app/_locale/translations";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { ButtonLink } from "@/components/ui/button";

export const generateMetadata = titled("auth.onward");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Goes on to a provider by itself, for browsers without script. */
export default async function OnwardPage({ searchParams }: Search) {
  const target = onwardTarget((await searchParams)["to"]) ?? redirect("/sign-in");
  const t = await getTranslations("auth.onward");
  const { host } = target;
  return (
    <BrandedShell title={t("title")} description={t("led", { host })}>
      <meta httpEquiv="refresh" content={`0;url=${target.href}`} />
      <ButtonLink href={target.href} variant="primary">
        {t("to", { host })}
      </ButtonLink>
    </BrandedShell>
  );
}
