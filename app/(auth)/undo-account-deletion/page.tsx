import { getTranslations, titled } from "@/app/_locale/translations";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { undoDeletionAction } from "@/app/(auth)/undo-account-deletion/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { timeAt } from "@/components/ui/absolute-time";
import { TextLink } from "@/components/ui/text-link";
import { inspectDeletionLink } from "@/lib/personal-data/cancel-deletion";
import { GRACE_DAYS } from "@/lib/personal-data/request-deletion";

export const generateMetadata = titled("auth.undoDeletion");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where the mail about a deletion leads, and whoever has just asked for one (F109). */
export default async function UndoAccountDeletionPage({ searchParams }: Search) {
  const { token, done, requested } = await searchParams;
  const t = await getTranslations("auth.undoDeletion");
  const deletion = await getTranslations("auth.deletion");
  const links = await getTranslations("auth.links");
  if (requested !== undefined) {
    return (
      <BrandedShell
        title={deletion("title")}
        description={t("requestedText", { count: GRACE_DAYS })}
        footer={<TextLink href="/sign-in">{links("signIn")}</TextLink>}
      >
        <ReadMailHint />
      </BrandedShell>
    );
  }
  if (done !== undefined) {
    return (
      <BrandedShell
        title={t("kept")}
        description={t("keptText")}
        footer={<TextLink href="/sign-in">{links("signIn")}</TextLink>}
      >
        <ReadMailHint />
      </BrandedShell>
    );
  }
  const link = await inspectDeletionLink(token);
  if (link.state !== "pending") {
    return <SpentLink state={link.state} again={{ href: "/sign-in", label: links("signIn") }} />;
  }
  return (
    <BrandedShell title={t("title")} description={t.rich("from", timeAt(link.dueAt))}>
      <ActionForm action={undoDeletionAction} aria-label={t("title")}>
        <input type="hidden" name="token" value={String(token)} />
        <SubmitButton>{deletion("keep")}</SubmitButton>
      </ActionForm>
    </BrandedShell>
  );
}
