import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { keepAccountAction } from "@/app/(account)/account/data/actions";
import { signOutAction } from "@/app/(auth)/actions";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { ActionForm } from "@/components/form/action-form";
import { FormAccount } from "@/components/form/form-account";
import { SubmitButton } from "@/components/form/submit-button";
import { SignOutForm } from "@/components/layout/sign-out-form";
import { DownloadForm } from "@/components/personal-data/download-form";
import { timeAt } from "@/components/ui/absolute-time";
import { NAMED } from "@/components/ui/name";
import { findOwnDeletion } from "@/lib/personal-data/request-deletion";
import { DATA_PATH, DELETION_PATH } from "@/lib/shared/return-to";

export const generateMetadata = titled("auth.deletion");

/** Where somebody is held whose account is to be erased: they keep it, or they do not (F109). */
export default async function AccountDeletionPage() {
  const caller = await requireCaller(DELETION_PATH, { during: "deletion" });
  const deletion = await findOwnDeletion(caller);
  if (deletion === null) redirect(DATA_PATH);
  const t = await getTranslations("auth.deletion");
  const { email, userId } = caller.principal;
  return (
    <FormAccount account={userId}>
      <BrandedShell
        title={t("title")}
        description={
          deletion.begun
            ? t("begun")
            : t.rich("from", {
                ...NAMED,
                email,
                ...timeAt(deletion.dueAt),
              })
        }
        footer={<SignOutForm action={signOutAction} />}
      >
        <div className="flex flex-col gap-4">
          {!deletion.begun && (
            <ActionForm action={keepAccountAction} aria-label={t("keep")}>
              <SubmitButton>{t("keep")}</SubmitButton>
            </ActionForm>
          )}
          <DownloadForm className="w-full" />
        </div>
      </BrandedShell>
    </FormAccount>
  );
}
