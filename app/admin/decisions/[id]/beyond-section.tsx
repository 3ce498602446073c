import { useTranslations } from "#translations";
import {
  type DecisionTranslator,
  describeStored,
  useDecisionTranslator,
} from "@/app/_shell/decision-words";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { TextLink } from "@/components/ui/text-link";
import type { BeyondTrace } from "@/lib/authz/beyond-trace";
import type { Translator } from "@/lib/platform/locale/translator";

/** Why a change was refused that reached beyond what its author holds. */
export function BeyondSection({ trace }: { trace: BeyondTrace }) {
  const { principal, permissionKey, target, byRightOf, missing, held, required } = trace;
  const t = useTranslations("admin-decisions");
  const facts = useTranslations("admin-decisions.facts");
  const say = { t, words: useDecisionTranslator() };
  return (
    <>
      <Callout tone="danger" title={t("denied")}>
        <p>{byRightOf === null ? t("beyond.own") : t("beyond.byRight")}</p>
      </Callout>
      <Section title={t("asked")}>
        <DescriptionList
          items={[
            {
              term: facts("who"),
              value: principal.email || facts("service", { id: principal.id }),
            },
            {
              term: facts("permission"),
              value: <code className="font-mono">{permissionKey}</code>,
            },
            ...(target === null
              ? []
              : [{ term: facts("about"), value: `${target.type} ${target.id}` }]),
            ...(byRightOf === null
              ? []
              : [
                  {
                    term: t("beyond.rightOf"),
                    value: <TextLink href={`/admin/users/${byRightOf}`}>{byRightOf}</TextLink>,
                  },
                ]),
            { term: t("beyond.missing"), value: missing.join(", ") },
            ...missing.map((key) => ({
              key: `held ${key}`,
              term: t("beyond.needed", { key }),
              value: holdingsIn(say, required, key) ?? t("beyond.anyReach"),
            })),
            ...missing.map((key) => ({
              key: `has ${key}`,
              term: t("beyond.held", { key }),
              value: holdingsIn(say, held, key) ?? t("beyond.notAtAll"),
            })),
          ]}
        />
      </Section>
    </>
  );
}

/** How what is held of a permission reaches; null for nothing of it. */
function holdingsIn(
  { t, words }: { t: Translator<"admin-decisions">; words: DecisionTranslator },
  holdings: BeyondTrace["held"],
  key: string,
): string | null {
  const found = holdings
    .filter(({ permissionKey }) => permissionKey === key)
    .map(({ condition, organizationId }) => {
      const clause = describeStored(words, condition);
      const place = organizationId === null ? "everywhere" : "inOne";
      return clause === null ? t(`beyond.${place}`) : t(`beyond.${place}If`, { clause });
    });
  return found.length === 0 ? null : found.join("; ");
}
