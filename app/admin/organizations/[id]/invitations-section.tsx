import { useTranslations } from "#translations";
import { answerDenials } from "@/app/_http/page";
import { getTranslations } from "@/app/_locale/translations";
import { resendInvitationAction, revokeInvitationAction } from "@/app/admin/organizations/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import { listInvitations } from "@/lib/invitations/list-invitations";
import type { Invitation } from "@/lib/invitations/manage-invitations";
import type { Caller } from "@/lib/shared/caller";

/** The API has the rest; nobody keeps more waiting. */
const SHOWN_MAX = 100;

/** Who is invited and has not answered. */
export async function InvitationsSection({
  caller,
  organizationId,
  mayManage,
}: {
  caller: Caller;
  organizationId: string;
  mayManage: boolean;
}) {
  const result = await answerDenials(() =>
    listInvitations(caller, organizationId, { limit: SHOWN_MAX }),
  );
  if (result.outcome !== "listed") return null;
  const { invitations, nextCursor } = result;
  const t = await getTranslations("admin-organizations.invitations");
  return (
    <Section
      title={t("title")}
      description={invitations.length === 0 ? t("none") : undefined}
      flush={invitations.length > 0}
    >
      {invitations.length > 0 && (
        <ItemList>
          {invitations.map((invitation) => (
            <InvitationItem
              key={invitation.id}
              invitation={invitation}
              organizationId={organizationId}
              mayManage={mayManage}
            />
          ))}
        </ItemList>
      )}
      {nextCursor !== null && (
        <p className="border-line border-t px-5 py-3 text-ink-soft text-sm sm:px-6">
          {t("newest", { count: SHOWN_MAX })}
        </p>
      )}
    </Section>
  );
}

function InvitationItem({
  invitation: { id, email, roles, invitedBy, sentCount, expiresAt, hasExpired },
  organizationId,
  mayManage,
}: {
  invitation: Invitation;
  organizationId: string;
  mayManage: boolean;
}) {
  const t = useTranslations("admin-organizations.invitations");
  const fields = { id: organizationId, invitationId: id };
  return (
    <Item
      title={email}
      aside={hasExpired && <Badge tone="warning">{t("expired")}</Badge>}
      actions={
        mayManage && (
          <>
            <ActionForm action={resendInvitationAction} aria-label={t("sendAgainTo", { email })}>
              {Object.entries(fields).map(([name, value]) => (
                <input key={name} type="hidden" name={name} value={value} />
              ))}
              <SubmitButton variant="secondary" size="sm" aria-label={t("sendAgainTo", { email })}>
                {t("sendAgain")}
              </SubmitButton>
            </ActionForm>
            <ConfirmDialog
              trigger={t("revoke")}
              triggerLabel={t("revokeThis", { email })}
              title={t("revokeTitle", { email })}
              description={<p>{t("revokeText")}</p>}
              confirmLabel={t("revokeConfirm")}
              action={revokeInvitationAction}
              fields={fields}
            />
          </>
        )
      }
    >
      <p className="[overflow-wrap:anywhere]">
        {[
          roles.length === 0
            ? t("withoutRoles")
            : t("with", { roles: roles.map((role) => role.name).join(", ") }),
          ...(invitedBy === null ? [] : [t("by", { inviter: invitedBy })]),
          ...(sentCount > 1 ? [t("sent", { count: sentCount })] : []),
        ].join(", ")}
      </p>
      <p>{t.rich(hasExpired ? "hasExpired" : "expires", timeAgo(expiresAt))}</p>
    </Item>
  );
}
