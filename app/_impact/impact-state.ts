import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import { authorityRefusal, type RefusalTranslator } from "@/app/admin/refusals";
import type { Impact, ImpactLine, WaitingImpact } from "@/lib/authz/impact/impact";
import type { Translator } from "@/lib/platform/locale/translator";
import type { FormState } from "@/lib/shared/form-state";

/** What says a preview: in the language of the request, and in English on the command line. */
export type ImpactTranslator = Translator<"impact">;
export type PreviewState = Extract<FormState, { status: "preview" }>;

/** How a person is called, beside what they would meet. */
export const nameOf = ({ name, email }: { name: string | null; email: string }): string =>
  name === null ? email : `${name} (${email})`;

/** "loses view_invoice, held for every record until now". */
function lineWords(
  t: ImpactTranslator,
  { permissionKey: permission, difference, before, after }: ImpactLine,
): string {
  const reach = { before: t(`reach.${before}`), after: t(`reach.${after}`) };
  if (difference === "gained") return t("lines.gained", { permission, after: reach.after });
  if (difference === "lost") return t("lines.lost", { permission, before: reach.before });
  return before === after
    ? t(`sameLines.${difference}`, { permission, after: reach.after })
    : t(`lines.${difference}`, { permission, ...reach });
}

const joined = (t: ImpactTranslator, by: "join" | "comma", words: readonly string[]): string =>
  words.length === 0 ? "" : words.reduce((before, next) => t(by, { before, next }));

/** What happens to what nobody has answered yet. */
function waitingWords(
  t: ImpactTranslator,
  { key, touched, over, fewerAnswer }: WaitingImpact,
): (string | false)[] {
  // Of a review nobody else answers, and what is not answered is taken away.
  if (key === "access-reviews") return [t("waiting.reviews", { count: fewerAnswer })];
  return [
    touched > 0 && t("waiting.touched", { count: touched }),
    over > 0 && t("waiting.over", { count: over }),
    fewerAnswer > 0 && t("waiting.fewer", { count: fewerAnswer }),
  ];
}

function sentencesOf(t: ImpactTranslator, impact: Impact): string[] {
  const { people, services, own, waiting } = impact;
  const counted = ["gaining", "losing", "otherwise", "services", "sessions", "ended"] as const;
  return [
    people + services === 0 && waiting.length === 0 && t("nothing"),
    ...counted.map((what) => impact[what] > 0 && t(what, { count: impact[what] })),
    own.length > 0 &&
      t("own", {
        changes: joined(
          t,
          "join",
          own.map((line) => lineWords(t, line)),
        ),
      }),
    ...waiting.flatMap((one) => waitingWords(t, one)),
  ].filter((sentence) => sentence !== false);
}

/** Why the save itself would be answered otherwise, in the words of that answer. */
async function warningOf(
  t: ImpactTranslator,
  { foretold }: Impact,
  refusals?: RefusalTranslator,
): Promise<string | undefined> {
  if (foretold === null) return undefined;
  const refusal = await authorityRefusal(foretold, refusals);
  const message = refusal.status === "error" ? refusal.message : undefined;
  return message !== undefined && foretold.reason === "confirmation-required"
    ? t("unconfirmed", { message })
    : message;
}

function furtherOf(t: ImpactTranslator, { named, unnamed }: Impact): string | undefined {
  if (unnamed === 0) return undefined;
  return t(named.length === 0 ? "unnamed" : "further", { count: unnamed });
}

const DIFFERENCES = ["gained", "lost", "wider", "narrower", "otherwise"] as const;

/** What a change would do, for the form that asked; with words of its own where no request asked. */
export async function impactState(
  impact: Impact,
  words?: ImpactTranslator,
  refusals?: RefusalTranslator,
): Promise<PreviewState> {
  const t = words ?? (await getTranslations("impact"));
  const warning = await warningOf(t, impact, refusals);
  const further = furtherOf(t, impact);
  const { named, namedServices, permissions, foretold } = impact;
  const changesOf = (lines: ImpactLine[]) => lines.map((line) => lineWords(t, line));
  return {
    status: "preview",
    preview: {
      ...(warning !== undefined && { warning }),
      confirm: foretold?.reason === "confirmation-required" ? ["confirm"] : [],
      sentences: sentencesOf(t, impact),
      table: {
        columns: [t("columns.permission"), ...DIFFERENCES.map((name) => t(`columns.${name}`))],
        rows: permissions.map(({ key, counts }) => ({
          label: key,
          cells: DIFFERENCES.map((name) => t("figure", { count: counts[name] })),
        })),
      },
      people: named.map(({ lines, ...person }) => ({
        name: nameOf(person),
        changes: changesOf(lines),
      })),
      ...(namedServices.length > 0 && {
        accounts: namedServices.map(({ name, lines }) => ({ name, changes: changesOf(lines) })),
      }),
      ...(further !== undefined && { further }),
    },
  };
}

/** What an invitation would give, for the form that asked: nothing before it is accepted. */
export async function invitationState(
  impact: Impact,
  email: string,
  words?: ImpactTranslator,
): Promise<PreviewState> {
  const t = words ?? (await getTranslations("impact"));
  const { foretold } = impact;
  const state = await impactState({ ...impact, foretold: null }, t);
  if (foretold?.reason !== "duty-conflict") return state;
  const quoted = foretold.conflicts.map((name) => t("quoted", { name }));
  const warning = t("beforeWaiver", { email, conflicts: joined(t, "comma", quoted) });
  return { ...state, preview: { ...state.preview, warning } };
}
