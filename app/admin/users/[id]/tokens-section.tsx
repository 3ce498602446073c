import { revokeUserTokenAction } from "@/app/admin/users/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { TokenItem } from "@/components/tokens/token-item";
import { Section } from "@/components/ui/card";
import { ItemList } from "@/components/ui/item-list";
import { listUserTokens } from "@/lib/personal-tokens/user-tokens";
import type { Caller } from "@/lib/shared/caller";
import type { UserDetail } from "@/lib/users/list-users";

/** The keys that the user has made for programs of theirs. */
export async function TokensSection({
  caller,
  user,
  editable,
}: {
  caller: Caller;
  user: UserDetail;
  editable: boolean;
}) {
  const tokens = (await listUserTokens(caller, user.id)) ?? [];
  if (tokens.length === 0) {
    return (
      <Section title="Personal access tokens">
        <p className="text-ink-soft text-sm">The user has made none.</p>
      </Section>
    );
  }
  return (
    <Section
      title="Personal access tokens"
      description="Keys with which programs act as the user."
      flush
    >
      <ItemList>
        {tokens.map((token) => (
          <TokenItem
            key={token.id}
            token={token}
            actions={
              editable && (
                <ConfirmDialog
                  trigger="Revoke"
                  triggerLabel={`Revoke the token ${token.name}`}
                  variant="secondary"
                  title={`Revoke “${token.name}”?`}
                  description={`Programs of ${user.email} that use it are refused from their next request on.`}
                  confirmLabel="Revoke token"
                  action={revokeUserTokenAction}
                  fields={{ id: user.id, tokenId: token.id }}
                />
              )
            }
          />
        ))}
      </ItemList>
    </Section>
  );
}
