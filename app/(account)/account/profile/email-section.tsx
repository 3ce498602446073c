import { getTranslations } from "@/app/_locale/translations";
import {
  cancelEmailChangeAction,
  requestEmailChangeAction,
} from "@/app/(account)/account/profile/actions";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Badge } from "@/components/ui/badge";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { NAMED } from "@/components/ui/name";
import { timeAgo } from "@/components/ui/relative-time";
import { findOwnEmailChange } from "@/lib/authn/change-email";
import type { Caller } from "@/lib/shared/caller";

/** The caller's address, the way to another, and the change that waits for its mails (F106). */
export async function EmailSection({ caller }: { caller: Caller }) {
  const pending = await findOwnEmailChange(caller);
  const { email } = caller.principal;
  const t = await getTranslations("profile.email");
  const confirmation = (confirmed: boolean) =>
    confirmed ? <Badge tone="success">{t("confirmed")}</Badge> : <Badge>{t("waiting")}</Badge>;
  return (
    <Section title={t("title")} description={t("description")}>
      {pending === null ? (
        <ActionForm action={requestEmailChangeAction} className="max-w-md" aria-label={t("form")}>
          <p className="text-sm">{t.rich("now", { ...NAMED, email })}</p>
          <TextField
            name="email"
            label={t("new")}
            type="email"
            autoComplete="email"
            inputMode="email"
            hint={t("hint")}
            required
          />
          <div>
            <SubmitButton>{t("change")}</SubmitButton>
          </div>
        </ActionForm>
      ) : (
        <div className="flex flex-col gap-5">
          <Callout title={t("waits")}>
            <p>{t.rich("waitsText", timeAgo(pending.expiresAt))}</p>
          </Callout>
          <DescriptionList
            items={[
              {
                term: t("present"),
                value: (
                  <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <span className="break-all">{email}</span>
                    {confirmation(pending.oldConfirmed)}
                  </span>
                ),
              },
              {
                term: t("newAddress"),
                value: (
                  <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <span className="break-all">{pending.newEmail}</span>
                    {confirmation(pending.newConfirmed)}
                  </span>
                ),
              },
            ]}
          />
          <ReadMailHint />
          <ActionForm action={cancelEmailChangeAction} aria-label={t("cancelForm")}>
            <div>
              <SubmitButton variant="secondary">{t("cancel")}</SubmitButton>
            </div>
          </ActionForm>
        </div>
      )}
    </Section>
  );
}
