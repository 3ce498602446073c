import "server-only";
import { authorityRefusal } from "@/app/admin/refusals";
import type { HeldDifference, HeldReach } from "@/lib/authz/impact/held-form";
import type { Impact, ImpactLine, WaitingImpact } from "@/lib/authz/impact/impact";
import type { FormState } from "@/lib/shared/form-state";

const people = (count: number, verb: [one: string, many: string]): string =>
  count === 1 ? `1 person ${verb[0]}` : `${count.toLocaleString("en")} people ${verb[1]}`;

const REACH_WORDS: Record<HeldReach, string> = {
  none: "not at all",
  all: "for every record",
  own: "for their own records",
  some: "on a condition",
};

const DIFFERENCE_WORDS: Record<HeldDifference, string> = {
  gained: "gains",
  lost: "loses",
  wider: "has more of",
  narrower: "has less of",
  otherwise: "has otherwise",
};

/** "loses view_invoice, held for every record until now". */
function lineWords({ permissionKey, difference, before, after }: ImpactLine): string {
  const what = `${DIFFERENCE_WORDS[difference]} ${permissionKey}`;
  if (difference === "gained") return `${what} ${REACH_WORDS[after]}`;
  if (difference === "lost") return `${what}, held ${REACH_WORDS[before]} until now`;
  const [from, to] = [REACH_WORDS[before], REACH_WORDS[after]];
  return from === to ? `${what}: ${to}, but another` : `${what}: ${from}, then ${to}`;
}

const requests = (count: number): string =>
  count === 1 ? "1 request" : `${count.toLocaleString("en")} requests`;

/** What happens to requests for a role that nobody has answered yet. */
function waitingWords({ touched, over, fewerAnswer }: WaitingImpact): (string | false)[] {
  const [wait, concern] = touched === 1 ? ["waits", "concerns"] : ["wait", "concern"];
  return [
    touched > 0 &&
      `${requests(touched)} that ${wait} for an answer ${concern} one of these roles or people.`,
    over > 0 && `${requests(over)} would wait no longer.`,
    fewerAnswer > 0 && `Somebody who could answer ${requests(fewerAnswer)} could not any more.`,
  ];
}

function sentencesOf(impact: Impact): string[] {
  const { people: count, gaining, losing, otherwise, services, sessions, own, waiting } = impact;
  if (count + services === 0 && waiting.length === 0) {
    return ["Nobody could do anything more, less or otherwise."];
  }
  return [
    gaining > 0 && `${people(gaining, ["could", "could"])} do more.`,
    losing > 0 && `${people(losing, ["could", "could"])} do less.`,
    otherwise > 0 && `${people(otherwise, ["has", "have"])} something on another condition.`,
    services > 0 &&
      `${services === 1 ? "1 service account is" : `${services} service accounts are`} touched.`,
    sessions > 0 &&
      `It holds from the next request of ${sessions === 1 ? "1 session that is" : `${sessions.toLocaleString("en")} sessions that are`} open now.`,
    own.length > 0 && `You yourself: ${own.map(lineWords).join("; ")}.`,
    ...waiting.flatMap(waitingWords),
  ].filter((sentence) => sentence !== false);
}

/** Why the save itself would be answered otherwise, in the words of that answer. */
function warningOf({ foretold }: Impact): string | undefined {
  if (foretold === null) return undefined;
  const refusal = authorityRefusal(foretold);
  const message = refusal.status === "error" ? refusal.message : undefined;
  return foretold.reason === "confirmation-required"
    ? `${message} Without these you cannot give them back to yourself.`
    : message;
}

/** What a change would do, for the form that asked. */
export function impactState(impact: Impact): FormState {
  const warning = warningOf(impact);
  const { named, unnamed, permissions, foretold } = impact;
  return {
    status: "preview",
    preview: {
      ...(warning !== undefined && { warning }),
      confirm: foretold?.reason === "confirmation-required" ? ["confirm"] : [],
      sentences: sentencesOf(impact),
      table: {
        columns: ["Permission", "Gain", "Lose", "More", "Less", "Otherwise"],
        rows: permissions.map(({ key, counts }) => ({
          label: key,
          cells: [counts.gained, counts.lost, counts.wider, counts.narrower, counts.otherwise].map(
            (count) => count.toLocaleString("en"),
          ),
        })),
      },
      people: named.map(({ name, email, lines }) => ({
        name: name === null ? email : `${name} (${email})`,
        changes: lines.map(lineWords),
      })),
      ...(unnamed > 0 && {
        further:
          named.length === 0
            ? `${people(unnamed, ["is", "are"])} touched, not named here.`
            : `And ${unnamed.toLocaleString("en")} more.`,
      }),
    },
  };
}
