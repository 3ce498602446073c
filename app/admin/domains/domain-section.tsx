import {
  removeDomainAction,
  startJoiningAction,
  stopJoiningAction,
  verifyDomainAction,
} from "@/app/admin/domains/actions";
import { FAILURES } from "@/app/admin/domains/words";
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
  return (
    <Section
      title={
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="[overflow-wrap:anywhere]">{name}</span>
          <StateBadge domain={domain} />
          {autoJoin && <Badge>Takes people in</Badge>}
        </span>
      }
      actions={
        editable && (
          <ConfirmDialog
            trigger="Remove"
            triggerLabel={`Remove ${name}`}
            title={`Remove ${name}?`}
            description="It counts for nothing from then on. Whoever joined by it stays a member."
            confirmLabel="Remove domain"
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
          <p className="font-medium text-ink">TXT record of this name</p>
          <CodeBlock code={record.name} label={`name of the record for ${name}`} />
          <p className="font-medium text-ink">with this value</p>
          <CodeBlock code={record.value} label={`value of the record for ${name}`} />
        </div>
        {editable && (
          <div className="flex flex-wrap items-start gap-3">
            <ActionForm action={verifyDomainAction} aria-label={`Verify ${name}`}>
              <input type="hidden" name="id" value={id} />
              <div>
                <SubmitButton variant={verifiedAt === null ? "primary" : "secondary"}>
                  {verifiedAt === null ? "Verify" : "Look again"}
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
  if (verifiedAt === null) return <Badge>Not verified</Badge>;
  return failingSince === null ? (
    <Badge tone="success" dot>
      Verified
    </Badge>
  ) : (
    <Badge tone="warning" dot>
      Record not found
    </Badge>
  );
}

function StateWords({ domain }: { domain: Domain }) {
  const { verifiedAt, lastCheckedAt, failingSince, failure } = domain;
  if (failure === null || failingSince === null) {
    return verifiedAt === null || lastCheckedAt === null ? (
      "Not verified yet. Put this record into the DNS of the domain, then verify it."
    ) : (
      <>
        Verified since <AbsoluteTime value={verifiedAt} />. The record was last seen at{" "}
        <AbsoluteTime value={lastCheckedAt} />; leave it where it is, as it is looked for every day.
      </>
    );
  }
  const since = <AbsoluteTime value={failingSince} />;
  return verifiedAt === null ? (
    <>
      Not verified: {FAILURES[failure]}. The record is looked for without success since {since}.
    </>
  ) : (
    <>
      Verified, but the record is missing since {since}: {FAILURES[failure]}. After {FAILING_DAYS}{" "}
      days without it the domain is not verified any more.
    </>
  );
}

function JoinDialog({ domain: { id, domain, autoJoin } }: { domain: Domain }) {
  return autoJoin ? (
    <ConfirmDialog
      trigger="Stop taking people in"
      triggerLabel={`Stop taking people in by ${domain}`}
      variant="secondary"
      size="md"
      title={`Take nobody in by ${domain} any more?`}
      description="Whoever has joined stays a member."
      confirmLabel="Stop"
      tone="primary"
      action={stopJoiningAction}
      fields={{ id }}
    />
  ) : (
    <ConfirmDialog
      trigger="Take people in"
      triggerLabel={`Take people in by ${domain}`}
      variant="secondary"
      size="md"
      title={`Take in whoever has an address at ${domain}?`}
      description="Whoever confirms an address there becomes a member, with the roles that everybody has who signs up."
      confirmLabel="Take people in"
      tone="primary"
      action={startJoiningAction}
      fields={{ id }}
    />
  );
}
