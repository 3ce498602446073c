import { KeySquare } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { Item } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import type { PersonalToken } from "@/lib/personal-tokens/own-tokens";

/** A personal access token in a list: what it reaches, until when, and when it was last used. */
export function TokenItem({
  token: { name, scopes, createdAt, expiresAt, lastUsedAt },
  actions,
}: {
  token: PersonalToken;
  actions?: ReactNode;
}) {
  // oxlint-disable-next-line react/purity -- rendered once per request, on the server
  const expired = expiresAt.getTime() <= Date.now();
  return (
    <Item
      leading={<KeySquare aria-hidden="true" />}
      title={name}
      aside={
        expired ? (
          <Badge tone="warning">Expired</Badge>
        ) : (
          scopes.map((scope) => <Badge key={scope}>{scope}</Badge>)
        )
      }
      actions={actions}
    >
      Made <RelativeTime value={createdAt} /> · {expired ? "ended" : "ends"}{" "}
      <RelativeTime value={expiresAt} /> ·{" "}
      {lastUsedAt === null ? (
        "not used yet"
      ) : (
        <>
          last used <RelativeTime value={lastUsedAt} />
        </>
      )}
    </Item>
  );
}
