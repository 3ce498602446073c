import { CircleCheck, CircleX } from "lucide-react";
import { useTranslations } from "#translations";
import type { CheckResult } from "@/app/_health/check-installation";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";

/** What is checked while the program runs, by the name that the check has. */
const CHECKED = new Map([
  ["database", "database"],
  ["migrations", "migrations"],
  ["durability", "durability"],
  ["organizations", "organizations"],
  ["audit log", "auditLog"],
  ["signing keys", "signingKeys"],
  ["encryption keys", "encryptionKeys"],
  ["clock", "clock"],
  ["mail", "mail"],
] as const);
type Name = Parameters<(typeof CHECKED)["get"]>[0];

export function ChecksSection({ checks }: { checks: CheckResult[] }) {
  const t = useTranslations("admin-settings.checks");
  const wrong = checks.filter(({ problem }) => problem !== null).length;
  return (
    <Section title={t("title")} description={t("summary", { count: wrong })} flush>
      <ItemList>
        {checks.map(({ name, problem }) => {
          const key = CHECKED.get(name as Name);
          return (
            <Item
              key={name}
              leading={
                problem === null ? (
                  <CircleCheck aria-hidden="true" className="text-success" />
                ) : (
                  <CircleX aria-hidden="true" className="text-danger" />
                )
              }
              title={key === undefined ? name : t(`${key}.title`)}
              aside={
                problem === null ? (
                  <Badge tone="success">{t("well")}</Badge>
                ) : (
                  <Badge tone="danger">{t("toMend")}</Badge>
                )
              }
            >
              <p className="[overflow-wrap:anywhere]">
                {problem ?? (key === undefined ? null : t(`${key}.well`))}
              </p>
            </Item>
          );
        })}
      </ItemList>
    </Section>
  );
}
