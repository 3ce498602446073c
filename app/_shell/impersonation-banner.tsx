import { useTranslations } from "#translations";
import { stopImpersonationAction } from "@/app/(auth)/impersonation/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { timeAt } from "@/components/ui/absolute-time";
import { Callout } from "@/components/ui/callout";
import { NAMED, WRITTEN } from "@/components/ui/name";
import type { Principal } from "@/lib/shared/principal";

/** Over every page of whoever acts as somebody else: as whom, why, until when, and the way back (F101). */
export function ImpersonationBanner({ principal }: { principal: Principal }) {
  const t = useTranslations("shell.impersonation");
  const { act, email, organizationName } = principal;
  if (act === undefined) return null;
  return (
    <section aria-label={t("label")} className="px-4 pt-4 sm:px-8 lg:px-12 print:hidden">
      <Callout
        tone="warning"
        title={
          <span className="wrap-anywhere">
            {t.rich("as", { ...NAMED, email, organization: organizationName })}
          </span>
        }
        action={
          <ActionForm action={stopImpersonationAction} aria-label={t("stop")}>
            <div>
              <SubmitButton size="sm">{t("stop")}</SubmitButton>
            </div>
          </ActionForm>
        }
      >
        <p className="wrap-anywhere">
          {t.rich("text", {
            ...NAMED,
            own: act.email,
            ...timeAt(act.until),
            ...WRITTEN,
            reason: act.reason,
          })}
        </p>
      </Callout>
    </section>
  );
}
