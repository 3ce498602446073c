import { useTranslations } from "#translations";
import { ActivateDialog, ShadowDialog } from "@/app/admin/policies/[id]/dialogs";
import {
  diffInWords,
  type PolicyTranslator,
  versionInWords,
} from "@/app/admin/policies/policy-words";
import type { ConditionNames } from "@/components/admin/condition-words";
import { Badge } from "@/components/ui/badge";
import { Item, ItemList } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import type { PolicyRow, VersionRow } from "@/lib/policies/list-policies";
import { diffVersions } from "@/lib/policies/policy-diff";

/** Every version, newest first, with what it says differently than the one before it. */
export function VersionList({
  policy,
  versions,
  names,
  words,
  mayManage,
}: {
  policy: PolicyRow;
  versions: readonly VersionRow[];
  names: ConditionNames;
  words: PolicyTranslator;
  mayManage: boolean;
}) {
  const t = useTranslations("admin-policies.policy");
  return (
    <ItemList>
      {versions.map((version, index) => {
        const { number, note, createdAt, createdBy } = version;
        const isActive = number === policy.activeNumber;
        const isShadow = number === policy.shadowNumber;
        const before = versions[index + 1];
        return (
          <Item
            key={number}
            title={t("version", { number })}
            aside={
              <>
                {isActive && <Badge tone="success">{t("inForce")}</Badge>}
                {isShadow && <Badge tone="info">{t("inShadow")}</Badge>}
              </>
            }
            actions={
              mayManage &&
              !isActive && (
                <>
                  <ShadowDialog policy={policy} number={isShadow ? null : number} />
                  <ActivateDialog policy={policy} number={number} />
                </>
              )
            }
          >
            <p className="[overflow-wrap:anywhere]">{versionInWords(words, version, names)}</p>
            {note !== "" && <p className="[overflow-wrap:anywhere]">{t("note", { note })}</p>}
            <p className="text-ink-faint">
              {createdBy === null
                ? t.rich("written", timeAgo(createdAt))
                : t.rich("writtenBy", { ...timeAgo(createdAt), author: createdBy })}
            </p>
            {before !== undefined && (
              <details className="mt-1">
                <summary className="cursor-pointer rounded-sm text-ink-soft">
                  {t("differs", { number: before.number })}
                </summary>
                <ul className="mt-1 list-disc space-y-1 ps-5 [overflow-wrap:anywhere]">
                  {diffInWords(words, diffVersions(before, version), names).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </details>
            )}
          </Item>
        );
      })}
    </ItemList>
  );
}
