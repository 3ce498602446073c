import { Link2 } from "lucide-react";
import { getTranslations } from "@/app/_locale/translations";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import { listIdentitiesOf } from "@/lib/federation/list-identities";
import { listSignInProviders } from "@/lib/federation/providers";

/** Accounts at providers that sign in as the user. They connect and disconnect them themselves. */
export async function IdentitiesSection({ id, userId }: { id: string; userId: string }) {
  const [identities, providers] = await Promise.all([
    listIdentitiesOf(userId),
    listSignInProviders(),
  ]);
  const t = await getTranslations("admin-users.identities");
  const title = (await getTranslations("admin-users.parts"))("identities");
  const names = new Map(providers.map((provider) => [provider.id, provider.name]));
  return (
    <Section
      id={id}
      title={title}
      description={t("description")}
      flush={identities.length > 0}
      className="scroll-mt-20"
    >
      {identities.length === 0 ? (
        <p className="text-ink-soft text-sm">{t("none")}</p>
      ) : (
        <ItemList>
          {identities.map((identity) => (
            <Item
              key={identity.id}
              leading={<Link2 aria-hidden="true" />}
              title={names.get(identity.provider) ?? identity.provider}
            >
              {t.rich("connected", timeAgo(identity.createdAt))}
              {!names.has(identity.provider) && ` · ${t("off")}`}
            </Item>
          ))}
        </ItemList>
      )}
    </Section>
  );
}
