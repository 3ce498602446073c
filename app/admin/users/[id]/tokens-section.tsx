import { getTranslations } from "@/app/_locale/translations";
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
  id,
  caller,
  user,
  editable,
}: {
  id: string;
  caller: Caller;
  user: UserDetail;
  editable: boolean;
}) {
  const tokens = (await listUserTokens(caller, user.id)) ?? [];
  const t = await getTranslations("admin-users.tokens");
  if (tokens.length === 0) {
    return (
      <Section id={id} title={t("title")} className="scroll-mt-20">
        <p className="text-ink-soft text-sm">{t("none")}</p>
      </Section>
    );
  }
  return (
    <Section
      id={id}
      className="scroll-mt-20"
      title={t("title")}
      description={t("description")}
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
                  trigger={t("revoke")}
                  triggerLabel={t("revokeThis", { name: token.name })}
                  variant="secondary"
                  title={t("revokeTitle", { name: token.name })}
                  description={t("revokeText", { email: user.email })}
                  confirmLabel={t("revokeToken")}
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
