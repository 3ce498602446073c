import { describeSource, describeStored } from "@/app/_shell/decision-words";
import { recordsHref } from "@/app/admin/users/[id]/access/records-section";
import { CATALOGUE } from "@/app/resources";
import { ExtentBadge, ReachBadge } from "@/components/admin/access-badges";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { TextLink } from "@/components/ui/text-link";
import type { Access, AccessPath } from "@/lib/decisions/list-access";

/** Every permission with its paths. */
export function AccessList({ userId, access }: { userId: string; access: Access[] }) {
  return (
    <Section title="Permissions" flush>
      {access.length === 0 ? (
        <p className="px-5 py-4 text-ink-soft text-sm sm:px-6">
          None: nothing that they have been given allows anything here.
        </p>
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
                    Which records
                    <span className="sr-only"> they may {one.permission}</span>
                  </TextLink>
                )
              }
            >
              <ul>
                {[...new Set(one.paths.map(wordsOf))].map((words) => (
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

function wordsOf({ effect, source, path, condition }: AccessPath): string {
  const asked = describeStored(condition);
  return [
    effect === "deny" ? "But not by " : "By ",
    describeSource(source, path),
    ...(asked === null ? [] : [`, if ${asked}`]),
  ].join("");
}
