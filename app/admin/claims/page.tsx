import { Tag } from "lucide-react";
import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { deleteClaimAction } from "@/app/admin/claims/actions";
import { NewClaimSection } from "@/app/admin/claims/new-claim-section";
import { PreviewSection } from "@/app/admin/claims/preview-section";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { type ClaimTemplate, listClaims } from "@/lib/oidc/manage-claims";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export const metadata: Metadata = { title: "Claims" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const one = (value: string | string[] | undefined): string =>
  typeof value === "string" ? value.trim().slice(0, 500) : "";

export default async function ClaimsPage({ searchParams }: Search) {
  const caller = await requirePermission("/admin/claims", CLIENT_PERMISSIONS.view);
  const claims = await answerDenials(() => listClaims(caller));
  const [mayManage, maySeeUsers] = await Promise.all([
    can(caller, CLIENT_PERMISSIONS.manage),
    can(caller, USER_PERMISSIONS.view),
  ]);
  const search = await searchParams;
  return (
    <div className="max-w-3xl">
      <PageHeader
        title="Claims"
        description="What apps are told of their users beyond what OpenID Connect has, from the next token on."
      />
      <div className="space-y-6">
        <Section title="Added claims" flush>
          {claims.length === 0 ? (
            <EmptyState
              title="No claims yet"
              description="Apps are told name and email address, when they were granted these."
            />
          ) : (
            <ItemList>
              {claims.map((claim) => (
                <ClaimItem key={claim.id} claim={claim} editable={mayManage} />
              ))}
            </ItemList>
          )}
        </Section>
        {mayManage && <NewClaimSection />}
        {maySeeUsers && claims.length > 0 && (
          <PreviewSection
            caller={caller}
            userId={one(search["userId"])}
            clientId={one(search["clientId"])}
          />
        )}
      </div>
    </div>
  );
}

const PLACES: Record<string, string> = {
  id_token: "id token",
  userinfo: "userinfo",
  access_token: "access token",
};

function ClaimItem({ claim, editable }: { claim: ClaimTemplate; editable: boolean }) {
  const { id, name, value, scope, targets, clientId } = claim;
  return (
    <Item
      leading={<Tag aria-hidden="true" />}
      title={name}
      aside={<Badge>{scope}</Badge>}
      actions={
        editable && (
          <ConfirmDialog
            trigger="Remove"
            triggerLabel={`Remove the claim ${name}`}
            variant="secondary"
            title={`Remove “${name}”?`}
            description="Apps are not told it any more, from the next token on. What they have stays with them."
            confirmLabel="Remove claim"
            action={deleteClaimAction}
            fields={{ id }}
          />
        )
      }
    >
      <Code>{String(value)}</Code> · {targets.map((target) => PLACES[target] ?? target).join(", ")}{" "}
      · {clientId === null ? "every app" : `only ${clientId}`}
    </Item>
  );
}
