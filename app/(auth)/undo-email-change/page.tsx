import { getTranslations, titled } from "@/app/_locale/translations";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { undoEmailChangeAction } from "@/app/(auth)/undo-email-change/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { NAMED } from "@/components/ui/name";
import { TextLink } from "@/components/ui/text-link";
import { inspectUndoLink } from "@/lib/authn/undo-email-change";

export const generateMetadata = titled("auth.undoEmail");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where the mail to a former address leads whoever did not change it (F106). */
export default async function UndoEmailChangePage({ searchParams }: Search) {
  const { token, done } = await searchParams;
  const t = await getTranslations("auth.undoEmail");
  const links = await getTranslations("auth.links");
  if (done !== undefined) {
    return (
      <BrandedShell
        title={t("done")}
        description={t("doneText")}
        footer={<TextLink href="/sign-in">{links("backToSignIn")}</TextLink>}
      >
        <ReadMailHint />
      </BrandedShell>
    );
  }
  const link = await inspectUndoLink(token);
  if (link.state !== "pending") {
    const again = { href: "/reset-password", label: links("chooseNewPassword") };
    return <SpentLink state={link.state} again={again} />;
  }
  return (
    <BrandedShell
      title={t("title")}
      description={t.rich("text", { ...NAMED, email: link.oldEmail })}
    >
      <ActionForm action={undoEmailChangeAction} aria-label={t("title")}>
        <input type="hidden" name="token" value={String(token)} />
        <SubmitButton>{t("button")}</SubmitButton>
      </ActionForm>
    </BrandedShell>
  );
}
