import { useTranslations } from "#translations";
import { Badge } from "@/components/ui/badge";

/** Whether it depends on when, from where and how proven the request is. */
export function ExtentBadge({ extent }: { extent: "always" | "depends" }) {
  const t = useTranslations("admin-badges.extents");
  return <Badge tone={extent === "always" ? "success" : "warning"}>{t(extent)}</Badge>;
}

/** How far it reaches among the records. */
export function ReachBadge({ reach }: { reach: "all" | "own" | "some" }) {
  const t = useTranslations("admin-badges.reaches");
  return <Badge>{t(reach)}</Badge>;
}
