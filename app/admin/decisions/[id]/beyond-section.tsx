import { describeStored } from "@/app/_shell/decision-words";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import type { BeyondTrace } from "@/lib/authz/beyond-trace";

/** Why a change was refused that reached beyond what its author holds. */
export function BeyondSection({ trace }: { trace: BeyondTrace }) {
  const { principal, permissionKey, target, missing, held, required } = trace;
  return (
    <>
      <Callout tone="danger" title="Denied">
        <p>
          The change reaches beyond what its author holds: nobody gives, takes or governs what they
          do not hold themselves.
        </p>
      </Callout>
      <Section title="What was asked">
        <DescriptionList
          items={[
            { term: "Who", value: principal.email || `service account ${principal.id}` },
            { term: "Permission", value: <code className="font-mono">{permissionKey}</code> },
            ...(target === null ? [] : [{ term: "About", value: `${target.type} ${target.id}` }]),
            { term: "Missing", value: missing.join(", ") },
            ...missing.map((key) => ({
              key: `held ${key}`,
              term: `${key}, needed`,
              value: holdingsIn(required, key, "in any reach"),
            })),
            ...missing.map((key) => ({
              key: `has ${key}`,
              term: `${key}, held`,
              value: holdingsIn(held, key, "not at all"),
            })),
          ]}
        />
      </Section>
    </>
  );
}

function holdingsIn(holdings: BeyondTrace["held"], key: string, none: string): string {
  const found = holdings
    .filter(({ permissionKey }) => permissionKey === key)
    .map(({ condition, organizationId }) =>
      [
        organizationId === null ? "everywhere" : "in one organization",
        ...(condition === null ? [] : [`if ${describeStored(condition)}`]),
      ].join(", "),
    );
  return found.length === 0 ? none : found.join("; ");
}
