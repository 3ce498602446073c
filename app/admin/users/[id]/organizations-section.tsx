import { Building2 } from "lucide-react";
import { getTranslations } from "@/app/_locale/translations";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { listOrganizationsOfUser } from "@/lib/organizations/find-organizations";
import type { Caller } from "@/lib/shared/caller";

/** Where the user is a member, as far as the reader sees organizations. */
export async function OrganizationsSection({
  id,
  caller,
  userId,
}: {
  id: string;
  caller: Caller;
  userId: string;
}) {
  const organizations = await listOrganizationsOfUser(caller, userId);
  const t = await getTranslations("admin-users");
  return (
    <Section id={id} title={t("parts.organizations")} className="scroll-mt-20" flush>
      <ItemList>
        {organizations.map((organization) => (
          <Item
            key={organization.id}
            leading={<Building2 aria-hidden="true" />}
            title={
              <TextLink href={`/admin/organizations/${organization.id}`}>
                {organization.name}
              </TextLink>
            }
            aside={
              organization.id === caller.principal.organizationId && (
                <Badge tone="accent">{t("organizations.here")}</Badge>
              )
            }
          >
            {t.rich("organizations.since", timeAgo(organization.joinedAt))}
          </Item>
        ))}
      </ItemList>
    </Section>
  );
}
