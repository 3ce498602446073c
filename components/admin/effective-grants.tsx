import { useTranslations } from "#translations";
import { type ConditionNames, clauseInWords } from "@/components/admin/condition-words";
import type { EffectiveGrant, GrantWay } from "@/lib/authz/effective-grants";

/** All that a role gives, each with the way by which it comes. */
export function EffectiveGrants({
  grants,
  names,
}: {
  grants: readonly EffectiveGrant[];
  names: ConditionNames;
}) {
  const t = useTranslations("admin-roles.effective");
  const conditions = useTranslations("conditions");
  /** "by itself", "by Clerk > Reader": the role whose page it is stands for itself. */
  const wayOf = ({ names: by }: GrantWay): string =>
    by.length === 1 ? t("itself") : t("by", { way: by.slice(1).join(" > ") });
  const wordsOf = (given: GrantWay): string => {
    const way = wayOf(given);
    if (given.reach === "all") return way;
    if (given.reach === "own" || given.reach === "unreadable") return t(given.reach, { way });
    return t("if", { way, clause: clauseInWords(conditions, given.reach, names) });
  };
  if (grants.length === 0) return <p className="text-ink-soft text-sm">{t("none")}</p>;
  return (
    <ul className="divide-y divide-line">
      {grants.map(({ permissionKey, description, ways }) => (
        <li key={permissionKey} className="py-2.5 text-sm first:pt-0 last:pb-0">
          <p className="font-medium text-ink">{description}</p>
          <p className="font-mono text-ink-faint text-xs [overflow-wrap:anywhere]">
            {permissionKey}
          </p>
          <ul className="mt-1 text-ink-soft">
            {ways.map((way) => (
              <li key={way.names.join("\n")} className="[overflow-wrap:anywhere]">
                {wordsOf(way)}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
