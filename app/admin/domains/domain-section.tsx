import { useTranslations } from "#translations";
import {
  removeDomainAction,
  startJoiningAction,
  stopJoiningAction,
  verifyDomainAction,
} from "@/app/admin/domains/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code";
import type { Domain } from "@/lib/domains/manage-domains";
import { FAILING_DAYS } from "@/lib/domains/recheck-domains";

/** One domain: its state in words, the record to copy, and what it is good for. */
export function DomainSection({ domain, editable }: { domain: Domain; editable: boolean }) {
  const { id, domain: name, record, verifiedAt, autoJoin } = domain;
  const t = useTranslations("admin-domains");
  return (
    <Section
      title={
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="[overflow-wrap:anywhere]">{name}</span>
          <StateBadge domain={domain} />
          {autoJoin && <Badge>{t("takesIn")}</Badge>}
        </span>
      }
      actions={
        editable && (
          <ConfirmDialog
            trigger={t("remove")}
            triggerLabel={t("removeThis", { name })}
            title={t("removeTitle", { name })}
            description={t("removeText")}
            confirmLabel={t("removeDomain")}
            action={removeDomainAction}
            fields={{ id }}
          />
        )
      }
    >
      <div className="space-y-5 text-sm">
        <p className="max-w-2xl text-ink-soft">
          <StateWords domain={domain} />
        </p>
        <div className="space-y-3">
          <p className="font-medium text-ink">{t("recordName")}</p>
          <CodeBlock code={record.name} label={t("nameFor", { name })} />
          <p className="font-medium text-ink">{t("recordValue")}</p>
          <CodeBlock code={record.value} label={t("valueFor", { name })} />
        </div>
        {editable && (
          <div className="flex flex-wrap items-start gap-3">
            <ActionForm action={verifyDomainAction} aria-label={t("verifyThis", { name })}>
              <input type="hidden" name="id" value={id} />
              <div>
                <SubmitButton variant={verifiedAt === null ? "primary" : "secondary"}>
                  {t(verifiedAt === null ? "verify" : "lookAgain")}
                </SubmitButton>
              </div>
            </ActionForm>
            {verifiedAt !== null && <JoinDialog domain={domain} />}
          </div>
        )}
      </div>
    </Section>
  );
}

function StateBadge({ domain: { verifiedAt, failingSince } }: { domain: Domain }) {
  const t = useTranslations("admin-domains.state");
  if (verifiedAt === null) return <Badge>{t("unverified")}</Badge>;
  return failingSince === null ? (
    <Badge tone="success" dot>
      {t("verified")}
    </Badge>
  ) : (
    <Badge tone="warning" dot>
      {t("notFound")}
    </Badge>
  );
}

function StateWords({ domain }: { domain: Domain }) {
  const t = useTranslations("admin-domains");
  const { verifiedAt, lastCheckedAt, failingSince, failure } = domain;
  if (failure === null || failingSince === null) {
    return verifiedAt === null || lastCheckedAt === null
      ? t("words.notYet")
      : t.rich("words.verified", {
          since: () => <AbsoluteTime value={verifiedAt} />,
          seen: () => <AbsoluteTime value={lastCheckedAt} />,
        });
  }
  return t.rich(verifiedAt === null ? "words.unverified" : "words.missing", {
    failure: t(`failures.${failure}`),
    count: FAILING_DAYS,
    since: () => <AbsoluteTime value={failingSince} />,
  });
}

function JoinDialog({ domain: { id, domain, autoJoin } }: { domain: Domain }) {
  const t = useTranslations("admin-domains.join");
  return autoJoin ? (
    <ConfirmDialog
      trigger={t("stop")}
      triggerLabel={t("stopBy", { domain })}
      variant="secondary"
      size="md"
      title={t("stopTitle", { domain })}
      description={t("stopText")}
      confirmLabel={t("stopConfirm")}
      tone="primary"
      action={stopJoiningAction}
      fields={{ id }}
    />
  ) : (
    <ConfirmDialog
      trigger={t("start")}
      triggerLabel={t("startBy", { domain })}
      variant="secondary"
      size="md"
      title={t("startTitle", { domain })}
      description={t("startText")}
      confirmLabel={t("start")}
      tone="primary"
      action={startJoiningAction}
      fields={{ id }}
    />
  );
}
