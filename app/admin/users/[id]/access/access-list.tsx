import { useTranslations } from "#translations";
import {
  type DecisionTranslator,
  describeSource,
  describeStored,
  useDecisionTranslator,
} from "@/app/_shell/decision-words";
import { recordsHref } from "@/app/admin/users/[id]/access/records-section";
import { CATALOGUE } from "@/app/resources";
import { ExtentBadge, ReachBadge } from "@/components/admin/access-badges";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { HIDDEN } from "@/components/ui/name";
import { TextLink } from "@/components/ui/text-link";
import type { Access, AccessPath } from "@/lib/decisions/list-access";
import type { Translator } from "@/lib/platform/locale/translator";

/** Every permission with its paths. */
export function AccessList({ userId, access }: { userId: string; access: Access[] }) {
  const t = useTranslations("admin-users.access");
  const decisions = useDecisionTranslator();
  return (
    <Section title={t("permissions")} flush>
      {access.length === 0 ? (
        <p className="px-5 py-4 text-ink-soft text-sm sm:px-6">{t("none")}</p>
      ) : (
        <ItemList>
          {access.map((one) => (
            <Item
              key={one.permission}
              title={<code className="font-mono text-xs">{one.permission}</code>}
              aside={
                <>
                  <ReachBadge reach={one.reach} />
                  <ExtentBadge extent={one.extent} />
                </>
              }
              actions={
                Object.hasOwn(CATALOGUE.resources, one.resourceType) && (
                  <TextLink href={recordsHref(userId, one.permission)}>
                    {t.rich("which", { ...HIDDEN, permission: one.permission })}
                  </TextLink>
                )
              }
            >
              <ul>
                {[...new Set(one.paths.map((path) => wordsOf(path, t, decisions)))].map((words) => (
                  <li key={words} className="[overflow-wrap:anywhere]">
                    {words}
                  </li>
                ))}
              </ul>
            </Item>
          ))}
        </ItemList>
      )}
    </Section>
  );
}

function wordsOf(
  { effect, source: given, path, condition: stored }: AccessPath,
  t: Translator<"admin-users.access">,
  decisions: DecisionTranslator,
): string {
  const source = describeSource(decisions, given, path);
  const condition = describeStored(decisions, stored);
  const how = effect === "deny" ? "notBy" : "by";
  return condition === null ? t(how, { source }) : t(`${how}If`, { source, condition });
}
