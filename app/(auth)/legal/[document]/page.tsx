import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "@/app/_locale/translations";
import { AuthShell } from "@/components/layout/auth-shell";
import { timeAt } from "@/components/ui/absolute-time";
import { PlainDocument } from "@/components/ui/plain-document";
import { TextLink } from "@/components/ui/text-link";
import { findTermsInForce } from "@/lib/terms/accept-terms";
import { DOCUMENTS } from "@/lib/terms/terms.schema";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.terms");
  return { title: t("legal") };
}

/** What is in force, for anybody to read before they sign up (F115). */
export default async function LegalPage({ params }: { params: Promise<{ document: string }> }) {
  const { document } = await params;
  const known = DOCUMENTS.find((one) => one === document);
  const version = known === undefined ? null : await findTermsInForce(known);
  if (version === null) notFound();
  const t = await getTranslations("auth.terms");
  const links = await getTranslations("auth.links");
  return (
    <AuthShell
      title={version.title}
      description={t.rich("inForce", {
        document: t(`documents.${version.document}`),
        number: version.number,
        ...timeAt(version.effectiveAt),
      })}
      footer={<TextLink href="/sign-in">{links("goToSignIn")}</TextLink>}
    >
      <PlainDocument text={version.text} heading="h2" />
    </AuthShell>
  );
}
