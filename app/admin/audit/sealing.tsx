import { getTranslations } from "@/app/_locale/translations";
import { Callout } from "@/components/ui/callout";
import { timeAgo } from "@/components/ui/relative-time";
import { describeSealing } from "@/lib/audit-log/describe-sealing";
import type { Caller } from "@/lib/shared/caller";

/** Whether the log is as it was written, as far as its end tells. */
export async function Sealing({ caller }: { caller: Caller }) {
  const status = await describeSealing(caller);
  if (status === null) return null;
  const t = await getTranslations("admin-audit.sealing");
  const { sealed, waiting, lastCheckpoint, broken } = status;
  if (broken !== null) {
    return (
      <Callout tone="danger" role="alert" className="mb-4" title={t("changed")}>
        <p>{broken}</p>
      </Callout>
    );
  }
  return (
    <p className="mb-4 text-ink-soft text-sm">
      {t(waiting > 0 ? "sealedAndWaiting" : "sealed", { count: Number(sealed), waiting })}{" "}
      {lastCheckpoint === null ? t("first") : t.rich("last", timeAgo(lastCheckpoint.at))}
    </p>
  );
}
