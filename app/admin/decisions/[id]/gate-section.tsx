import { useTranslations } from "#translations";
import { gateFacts } from "@/app/admin/decisions/gate-words";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { TextLink } from "@/components/ui/text-link";
import type { GateTrace } from "@/lib/authz/gate-trace";

/** Why a request was refused whatever anybody has been given: by which rule, and what that compared. */
export function GateSection({ trace }: { trace: GateTrace }) {
  const { gate, principal, context, target } = trace;
  const t = useTranslations("admin-decisions");
  const facts = useTranslations("admin-decisions.facts");
  const words = useTranslations("admin-decisions.gate");
  return (
    <>
      <Callout tone="danger" title={t("denied")}>
        <p>{words(`rules.${gate.rule}`)}</p>
      </Callout>
      <Section title={t("asked")}>
        <DescriptionList
          items={[
            { term: facts("who"), value: <Who principal={principal} /> },
            ...(target === null
              ? []
              : [{ term: facts("about"), value: `${target.type} ${target.id}` }]),
            { term: facts("when"), value: <AbsoluteTime value={new Date(context.at)} /> },
            { term: facts("from"), value: context.ip ?? facts("notKnown") },
            ...(context.means === null ? [] : [{ term: facts("by"), value: context.means }]),
          ]}
        />
      </Section>
      <Section title={words("decided")}>
        <DescriptionList items={gateFacts(words, trace)} />
      </Section>
    </>
  );
}

function Who({ principal }: Pick<GateTrace, "principal">) {
  const t = useTranslations("admin-decisions.facts");
  if (principal === null) return t("nobodyYet");
  return principal.kind === "user" ? (
    <TextLink href={`/admin/users/${principal.id}`}>{principal.email}</TextLink>
  ) : (
    t("service", { id: principal.id })
  );
}
