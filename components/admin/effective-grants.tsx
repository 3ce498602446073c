import { type ConditionNames, conditionInWords } from "@/components/admin/condition-words";
import type { EffectiveGrant, GrantWay } from "@/lib/authz/effective-grants";

/** How far one way reaches, in words. */
function reachWords({ reach }: GrantWay, names: ConditionNames): string {
  if (reach === "all") return "";
  if (reach === "own") return ", own records only";
  if (reach === "unreadable") return ", with a condition that cannot be read, so it allows nothing";
  return `, ${conditionInWords(reach, names)}`;
}

/** "by itself", "by Clerk > Reader": the role whose page it is stands for itself. */
const wayWords = ({ names }: GrantWay): string =>
  names.length === 1 ? "by itself" : `by ${names.slice(1).join(" > ")}`;

/** All that a role gives, each with the way by which it comes. */
export function EffectiveGrants({
  grants,
  names,
}: {
  grants: readonly EffectiveGrant[];
  names: ConditionNames;
}) {
  if (grants.length === 0) return <p className="text-ink-soft text-sm">It gives nothing.</p>;
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
                {wayWords(way)}
                {reachWords(way, names)}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
