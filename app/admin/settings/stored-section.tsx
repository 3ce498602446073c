import { getTranslations } from "@/app/_locale/translations";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { TextLink } from "@/components/ui/text-link";
import { can } from "@/lib/authz/decide";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { KEY_PERMISSIONS } from "@/lib/keys/permissions";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import type { Caller } from "@/lib/shared/caller";
import { WEBHOOK_PERMISSIONS } from "@/lib/webhooks/permissions";

const STORED = [
  { words: "signIn", href: "/admin/sign-in", permission: ORGANIZATION_PERMISSIONS.manageSignIn },
  { words: "connections", href: "/admin/connections", permission: CONNECTION_PERMISSIONS.view },
  { words: "clients", href: "/admin/clients", permission: CLIENT_PERMISSIONS.view },
  { words: "claims", href: "/admin/claims", permission: CLIENT_PERMISSIONS.view },
  { words: "keys", href: "/admin/keys", permission: KEY_PERMISSIONS.view },
  { words: "duties", href: "/admin/duties", permission: DUTY_PERMISSIONS.view },
  { words: "webhooks", href: "/admin/webhooks", permission: WEBHOOK_PERMISSIONS.view },
] as const;

/** Settings that are rows: they hold from the next request, and have pages of their own. */
export async function StoredSection({ caller }: { caller: Caller }) {
  const reachable = await Promise.all(STORED.map(({ permission }) => can(caller, permission)));
  const t = await getTranslations("admin-settings.stored");
  return (
    <Section title={t("title")} description={t("description")} flush>
      <ItemList>
        {STORED.map(({ words, href }, index) => {
          const title = t(`${words}.title`);
          return (
            <Item
              key={href}
              title={reachable[index] ? <TextLink href={href}>{title}</TextLink> : title}
            >
              <p>{t(`${words}.text`)}</p>
            </Item>
          );
        })}
      </ItemList>
    </Section>
  );
}
