import { Mail } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";

/**
 * The mailbox as a way in, where codes and links are offered for it. It is never taken
 * away: whoever reads the mail can also set a new password.
 */
export function MailboxSection({ enrolled, email }: { enrolled: boolean; email: string }) {
  return (
    <Section id="mailbox" title="Codes and links by mail" flush>
      <ItemList>
        <Item
          leading={<Mail aria-hidden="true" />}
          title={email}
          aside={enrolled && <Badge tone="success">On</Badge>}
          actions={
            <ButtonLink href="/account/profile" variant="secondary" size="sm">
              Change address
            </ButtonLink>
          }
        >
          {enrolled
            ? "A code or a link that we mail there signs you in instead of your password. It can also set a new one, so protect this mailbox well."
            : "This address is not confirmed yet. Until then, nothing that is mailed there signs you in."}
        </Item>
      </ItemList>
    </Section>
  );
}
