"use client";

import { type ReactNode, useContext, useId, useState } from "react";
import { useTranslations } from "#translations";
import type { ConditionCatalogue } from "@/components/admin/condition-editor/catalogue";
import { ConditionEditor } from "@/components/admin/condition-editor/condition-editor";
import { namesOf } from "@/components/admin/condition-editor/names-of";
import { clauseInWords } from "@/components/admin/condition-words";
import { FormContext, useFieldState, useReturnedValues } from "@/components/form/form-context";
import { useScripted } from "@/components/form/use-scripted";
import { Badge } from "@/components/ui/badge";
import { buttonClass } from "@/components/ui/button-class";
import { Callout } from "@/components/ui/callout";
import { Checkbox } from "@/components/ui/input";
import type { Condition } from "@/lib/authz/condition.schema";

/** How far a grant reaches, as the matrix says it. */
type Reach = "all" | "own" | "condition";

export interface MatrixEntry {
  key: string;
  description: string;
  /** The number in the names of its fields. */
  place: number;
  /** Whether it can be limited to records that the holder owns. */
  ownable: boolean;
  /** The type of the records that it is about. */
  resourceType: string;
  /** What the role gives of it now. */
  given: Reach | "unreadable" | "none";
  /** On what condition the role gives it now; null for none. */
  condition: Condition | null;
  /** What the person who edits holds of it, who can give no more than that. */
  held: Reach | "none";
}

export interface MatrixGroup {
  title: string;
  entries: MatrixEntry[];
}

type Wanted = Reach | "none";

/** For its words, where what differs stands in `<badge>`. */
const DIFFERING = { badge: (words: ReactNode) => <Badge tone="warning">{words}</Badge> };

const REACHES = ["all", "own", "condition"] as const satisfies readonly Reach[];

/** What was ticked in a form that came back, wherever the permission stood in it. */
function typedReach(values: Record<string, string>, key: string): Wanted {
  const name = Object.keys(values).find(
    (field) => field.startsWith("grant.") && values[field] === key,
  );
  if (name === undefined) return "none";
  const reach = values[name.replace("grant.", "reach.")];
  return reach === "own" || reach === "condition" ? reach : "all";
}

/** A checkbox for every permission, and how far it reaches: a condition is built below it. */
export function PermissionMatrix({
  groups,
  catalogue,
  locked = false,
}: {
  groups: readonly MatrixGroup[];
  catalogue: ConditionCatalogue;
  /** For reading only; say elsewhere why. */
  locked?: boolean;
}) {
  return (
    <div className="space-y-7">
      {groups.map(({ title, entries }) => (
        <fieldset key={title} className="min-w-0">
          <legend className="mb-1 font-semibold text-ink text-sm">{title}</legend>
          <ul className="divide-y divide-line">
            {entries.map((entry) => (
              <li key={entry.key} className="py-3">
                <PermissionRow entry={entry} catalogue={catalogue} locked={locked} />
              </li>
            ))}
          </ul>
        </fieldset>
      ))}
    </div>
  );
}

interface RowProps {
  entry: MatrixEntry;
  catalogue: ConditionCatalogue;
  locked: boolean;
}

function PermissionRow({ entry, catalogue, locked }: RowProps) {
  const id = useId();
  const t = useTranslations("admin-role-matrix");
  const conditions = useTranslations("conditions");
  const { state } = useContext(FormContext);
  const values = useReturnedValues();
  const stored = state.status === "error" ? state.stored : undefined;
  const presented: Wanted = entry.given === "unreadable" ? "none" : entry.given;
  const wanted = values ? typedReach(values, entry.key) : presented;
  const storedNow = stored && (stored[`grant:${entry.key}`] ?? "none");
  const differs =
    storedNow !== undefined &&
    (storedNow !== wanted ||
      (wanted === "condition" &&
        stored?.[`condition:${entry.key}`] !== values?.[`condition.${entry.place}`]));
  const notes = notesOn(entry, locked);
  return (
    <div className="group/grant flex items-start gap-2.5">
      {/* No key: somebody else's change must not put back what is being ticked here. */}
      <Checkbox
        id={id}
        name={`grant.${entry.place}`}
        value={entry.key}
        defaultChecked={wanted !== "none"}
        disabled={locked || entry.held === "none"}
        aria-describedby={`${id}-about`}
      />
      <div className="min-w-0 flex-1 space-y-1 text-sm">
        <label htmlFor={id} className="block font-medium text-ink">
          {entry.description}
        </label>
        <div id={`${id}-about`} className="space-y-1 text-ink-faint">
          <p className="font-mono text-xs [overflow-wrap:anywhere]">{entry.key}</p>
          {notes.map((note) => (
            <p key={note}>{t(`notes.${note}`)}</p>
          ))}
          {locked && entry.condition !== null && (
            <p className="[overflow-wrap:anywhere]">
              {t("givenIf", {
                clause: clauseInWords(conditions, entry.condition, namesOf(catalogue)),
              })}
            </p>
          )}
          {differs && (
            <p className="text-ink">
              {t.rich("differs", {
                ...DIFFERING,
                value: storedNow,
              })}
            </p>
          )}
        </div>
        {!locked && entry.held !== "none" && (
          <ReachChoice entry={entry} initial={wanted} catalogue={catalogue} />
        )}
      </div>
    </div>
  );
}

type Note = "unreadable" | "saving" | "none" | "own" | "condition";

/** Why a row cannot be ticked, or means less than it seems to. */
function notesOn({ given, held, ownable }: MatrixEntry, locked: boolean): Note[] {
  const notes: Note[] = given === "unreadable" ? ["unreadable"] : [];
  if (locked) return notes;
  if (given === "unreadable") notes.push("saving");
  if (held === "none" || held === "condition") notes.push(held);
  if (held === "own" && ownable) notes.push("own");
  return notes;
}

/** Stands below its permission while that is ticked; without script the style sheet decides alone. */
function ReachChoice({
  entry,
  initial,
  catalogue,
}: {
  entry: MatrixEntry;
  initial: Wanted;
  catalogue: ConditionCatalogue;
}) {
  const t = useTranslations("admin-role-matrix");
  const scripted = useScripted();
  const field = `condition.${entry.place}`;
  const { errors } = useFieldState(field);
  const chosen = initial === "none" ? (entry.held === "own" ? "own" : "all") : initial;
  const [reach, setReach] = useState<Reach>(chosen);
  const offered = REACHES.filter((value) => value !== "own" || entry.ownable);
  return (
    <fieldset className="group/reach hidden space-y-2 pt-1 group-has-[[name^=grant]:checked]/grant:block">
      <legend className="sr-only">{t("reach", { permission: entry.description })}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {offered.map((value) => (
          <label key={value} className="flex min-h-8 items-center gap-2 text-ink-soft">
            <input
              type="radio"
              name={`reach.${entry.place}`}
              value={value}
              defaultChecked={value === chosen}
              disabled={value === "all" && entry.held === "own"}
              onChange={() => setReach(value)}
              className="size-4 accent-accent"
            />
            {t(`reaches.${value}`)}
          </label>
        ))}
      </div>
      {/* With script only the editors that are needed are there: a matrix has many rows. */}
      {(!scripted || reach === "condition" || errors !== undefined) && (
        <div className="hidden group-has-[[value=condition]:checked]/reach:block">
          <ConditionEditor
            name={field}
            label={t("conditionOf", { permission: entry.description })}
            value={entry.condition}
            catalogue={catalogue}
            resourceTypes={[entry.resourceType]}
            className="rounded-md border border-line p-3"
          />
        </div>
      )}
    </fieldset>
  );
}

/** Says what to do when somebody else saved first; the rows above say what differs. */
export function MatrixConflict({ href }: { href: string }) {
  const t = useTranslations("admin-role-matrix.conflict");
  const { state } = useContext(FormContext);
  if (state.status !== "error" || state.stored === undefined) return null;
  return (
    <Callout
      tone="warning"
      title={t("title")}
      action={
        // A full load on purpose: it drops what was ticked, which is what it says.
        <a href={href} className={buttonClass("secondary", "sm")}>
          {t("discard")}
        </a>
      }
    >
      <p>{t("text")}</p>
    </Callout>
  );
}
