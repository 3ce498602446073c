import { getTranslations } from "@/app/_locale/translations";
import { requestDeletionAction } from "@/app/(account)/account/data/actions";
import { organizationPath } from "@/app/admin/organizations/address";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { TextField } from "@/components/form/text-field";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { TextLink } from "@/components/ui/text-link";
import { GRACE_DAYS, listOwnToHandOver } from "@/lib/personal-data/request-deletion";
import type { Caller } from "@/lib/shared/caller";

/** How an account ends, and what has to be handed over before (F109). */
export async function DeleteSection({ caller }: { caller: Caller }) {
  const alone = await listOwnToHandOver(caller);
  const t = await getTranslations("account.data");
  const count = GRACE_DAYS;
  return (
    <Section title={t("delete")} description={t("deleteText", { count })}>
      <div className="flex flex-col items-start gap-4 text-sm">
        <ul className="list-disc space-y-1.5 ps-5 text-ink-soft">
          <li>{t("atOnce")}</li>
          <li>{t("after", { count })}</li>
          <li>{t("stays")}</li>
        </ul>
        {alone.length > 0 ? (
          <Callout tone="warning" title={t("handOver")} className="w-full">
            <p>{t("handOverText")}</p>
            <ul className="mt-2 list-disc ps-5">
              {alone.map(({ id, name }) => (
                <li key={id}>
                  <TextLink href={organizationPath(id)}>{name}</TextLink>
                </li>
              ))}
            </ul>
            <p className="mt-2">{t("handOverHow")}</p>
          </Callout>
        ) : (
          <ConfirmDialog
            trigger={t("deleteMine")}
            size="md"
            title={t("deleteTitle")}
            description={t("deleteConfirm", { count })}
            confirmLabel={t("deleteMine")}
            action={requestDeletionAction}
          >
            <TextField
              name="email"
              type="email"
              label={t("email")}
              hint={t("emailHint", { email: caller.principal.email })}
              autoComplete="off"
              required
            />
          </ConfirmDialog>
        )}
      </div>
    </Section>
  );
}
