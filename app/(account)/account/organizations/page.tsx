import type { Metadata } from "next";
import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { requireCaller } from "@/app/_http/page";
import {
  leaveOrganizationAction,
  switchOrganizationAction,
} from "@/app/(account)/account/organizations/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { FlashToast } from "@/components/ui/flash-toast";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { listOwnOrganizations, type OwnOrganization } from "@/lib/organizations/find-organizations";

export const metadata: Metadata = { title: "Organizations" };

/** Where one is a member: to switch to, and to leave (F81). */
export default async function OwnOrganizationsPage() {
  const caller = await requireCaller("/account/organizations");
  const [organizations, flash] = [await listOwnOrganizations(caller), await readFlash()];
  const current = caller.principal.organizationId;
  return (
    <>
      {flash?.event === "organization.left" && (
        <FlashToast message="You have left the organization." clearCookie={FLASH_COOKIE} />
      )}
      <PageHeader
        title="Organizations"
        description="Where you are a member. You see and do what belongs to the one in use."
      />
      <Section title="Yours" flush>
        <ItemList>
          {organizations.map((organization) => (
            <Item
              key={organization.id}
              title={organization.name}
              aside={organization.id === current && <Badge tone="accent">In use</Badge>}
              actions={
                <>
                  {organization.id !== current && <SwitchForm organization={organization} />}
                  {organizations.length > 1 && (
                    <LeaveDialog
                      organization={organization}
                      isCurrent={organization.id === current}
                    />
                  )}
                </>
              }
            >
              Joined <RelativeTime value={organization.joinedAt} />
            </Item>
          ))}
        </ItemList>
      </Section>
    </>
  );
}

function SwitchForm({ organization: { id, name } }: { organization: OwnOrganization }) {
  return (
    <ActionForm action={switchOrganizationAction} aria-label={`Switch to ${name}`}>
      <input type="hidden" name="id" value={id} />
      <SubmitButton variant="secondary" size="sm" aria-label={`Switch to ${name}`}>
        Switch
      </SubmitButton>
    </ActionForm>
  );
}

function LeaveDialog({
  organization: { id, name },
  isCurrent,
}: {
  organization: OwnOrganization;
  isCurrent: boolean;
}) {
  return (
    <ConfirmDialog
      trigger="Leave"
      triggerLabel={`Leave ${name}`}
      title={`Leave ${name}?`}
      description={
        <>
          <p>
            You lose your roles there, and your sessions and access tokens in it end. Only an
            invitation brings you back.
          </p>
          {isCurrent && (
            <p className="mt-2">
              You are in it now: you will be signed out here, and sign in to another of yours.
            </p>
          )}
        </>
      }
      confirmLabel="Leave"
      action={leaveOrganizationAction}
      fields={{ id }}
    />
  );
}
