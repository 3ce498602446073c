import { Mail } from "lucide-react";
import { useTranslations } from "#translations";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";

/**
 * The mailbox as a way in, where codes and links are offered for it. It is never taken
 * away: whoever reads the mail can also set a new password.
 */
export function MailboxSection({ enrolled, email }: { enrolled: boolean; email: string }) {
  const t = useTranslations("account-security.mailbox");
  return (
    <Section id="mailbox" title={t("title")} flush>
      <ItemList>
        <Item
          leading={<Mail aria-hidden="true" />}
          title={email}
          aside={enrolled && <Badge tone="success">{t("on")}</Badge>}
          actions={
            <ButtonLink href="/account/profile" variant="secondary" size="sm">
              {t("change")}
            </ButtonLink>
          }
        >
          {t(enrolled ? "enrolled" : "unconfirmed")}
        </Item>
      </ItemList>
    </Section>
  );
}
