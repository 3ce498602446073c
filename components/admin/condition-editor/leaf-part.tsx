"use client";

import { X } from "lucide-react";
import { useContext, useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "#translations";
import { type DraftLeaf, newLeaf, readLeaf } from "@/components/admin/condition-editor/draft";
import { EditorContext } from "@/components/admin/condition-editor/editor-context";
import { LeafInputs } from "@/components/admin/condition-editor/leaf-inputs";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Select } from "@/components/ui/input";

const ABOUT_PEOPLE = ["role", "team", "user", "email-domain"] as const;
const ABOUT_REQUESTS = ["hours", "network", "assurance", "means"] as const;

/** One condition: what it is about, and what it asks. */
export function LeafPart({
  leaf,
  onChange,
  onRemove,
  isNew,
}: {
  leaf: DraftLeaf;
  onChange: (leaf: DraftLeaf) => void;
  onRemove: () => void;
  /** Was just added: whoever added it goes on here. */
  isNew: boolean;
}) {
  const id = useId();
  const { type, showProblems } = useContext(EditorContext);
  const whole = useRef<HTMLFieldSetElement>(null);
  const kind = useRef<HTMLSelectElement>(null);
  const [left, setLeft] = useState(false);
  const reading = readLeaf(leaf, type);
  const t = useTranslations("conditions.editor");
  const problem =
    "problem" in reading && (left || showProblems)
      ? t(`problems.${reading.problem}`, { odd: reading.odd ?? "" })
      : undefined;
  const hasFields = Object.keys(type.fields).length > 0;

  // What is missing is said once somebody has gone on to something else; a little later, because
  // what it moves may be the button that is just being pressed.
  useEffect(() => {
    const element = whole.current;
    let later: ReturnType<typeof setTimeout>;
    const leave = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget instanceof Node && element?.contains(relatedTarget)) return;
      // Whoever sends the form is told by its answer.
      if (relatedTarget instanceof HTMLButtonElement && relatedTarget.type === "submit") return;
      clearTimeout(later);
      later = setTimeout(() => setLeft(true), 300);
    };
    element?.addEventListener("focusout", leave);
    return () => {
      clearTimeout(later);
      element?.removeEventListener("focusout", leave);
    };
  }, []);
  useEffect(() => {
    if (isNew) kind.current?.focus();
  }, [isNew]);

  return (
    <fieldset
      ref={whole}
      aria-label={t("condition")}
      aria-describedby={problem === undefined ? undefined : `${id}-error`}
      className="min-w-0 space-y-2 rounded-md border border-line bg-surface p-3"
    >
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1 sm:max-w-72">
          <Select
            ref={kind}
            aria-label={t("about")}
            aria-invalid={problem !== undefined || undefined}
            value={leaf.kind}
            onChange={({ target }) =>
              onChange({
                ...newLeaf(target.value as DraftLeaf["kind"], leaf.timeZone),
                id: leaf.id,
              })
            }
          >
            {(type.ownable || hasFields || leaf.kind === "own" || leaf.kind === "field") && (
              <optgroup label={t("record")}>
                {(type.ownable || leaf.kind === "own") && (
                  <option value="own">{t("kinds.own")}</option>
                )}
                {(hasFields || leaf.kind === "field") && (
                  <option value="field">{t("kinds.field")}</option>
                )}
              </optgroup>
            )}
            <optgroup label={t("who")}>
              {ABOUT_PEOPLE.map((value) => (
                <option key={value} value={value}>
                  {t(`kinds.${value}`)}
                </option>
              ))}
            </optgroup>
            <optgroup label={t("request")}>
              {ABOUT_REQUESTS.map((value) => (
                <option key={value} value={value}>
                  {t(`kinds.${value}`)}
                </option>
              ))}
            </optgroup>
          </Select>
        </div>
        <Button variant="ghost" size="icon" aria-label={t("remove")} onClick={onRemove}>
          <X aria-hidden="true" />
        </Button>
      </div>
      <LeafInputs leaf={leaf} onChange={(change) => onChange({ ...leaf, ...change })} />
      <FieldError id={id} errors={problem === undefined ? undefined : [problem]} />
    </fieldset>
  );
}
