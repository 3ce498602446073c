import { KeySquare } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { Badge } from "@/components/ui/badge";
import { Item } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import type { PersonalToken } from "@/lib/personal-tokens/own-tokens";

/** A personal access token in a list: what it reaches, until when, and when it was last used. */
export function TokenItem({
  token: { name, scopes, createdAt, expiresAt, lastUsedAt },
  actions,
}: {
  token: PersonalToken;
  actions?: ReactNode;
}) {
  const t = useTranslations("account.token");
  // oxlint-disable-next-line react/purity -- rendered once per request, on the server
  const expired = expiresAt.getTime() <= Date.now();
  return (
    <Item
      leading={<KeySquare aria-hidden="true" />}
      title={name}
      aside={
        expired ? (
          <Badge tone="warning">{t("expired")}</Badge>
        ) : (
          scopes.map((scope) => <Badge key={scope}>{scope}</Badge>)
        )
      }
      actions={actions}
    >
      {t.rich("made", timeAgo(createdAt))} ·{" "}
      {t.rich(expired ? "ended" : "ends", timeAgo(expiresAt))} ·{" "}
      {lastUsedAt === null ? t("notUsed") : t.rich("lastUsed", timeAgo(lastUsedAt))}
    </Item>
  );
}
