"use client";

import { X } from "lucide-react";
import { useContext, useEffect, useId, useRef, useState } from "react";
import { type DraftLeaf, newLeaf, readLeaf } from "@/components/admin/condition-editor/draft";
import { EditorContext } from "@/components/admin/condition-editor/editor-context";
import { LeafInputs } from "@/components/admin/condition-editor/leaf-inputs";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Select } from "@/components/ui/input";

const ABOUT_PEOPLE = [
  { value: "role", label: "They have a role" },
  { value: "team", label: "They are in a team" },
  { value: "user", label: "They are one of these users" },
  { value: "email-domain", label: "Domain of their email address" },
] as const;

const ABOUT_REQUESTS = [
  { value: "hours", label: "Days and hours" },
  { value: "network", label: "Network that they come from" },
  { value: "assurance", label: "How they have proven who they are" },
  { value: "means", label: "What they come with" },
] as const;

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
  const problem = "problem" in reading && (left || showProblems) ? reading.problem : undefined;
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
      aria-label="Condition"
      aria-describedby={problem === undefined ? undefined : `${id}-error`}
      className="min-w-0 space-y-2 rounded-md border border-line bg-surface p-3"
    >
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1 sm:max-w-72">
          <Select
            ref={kind}
            aria-label="What the condition is about"
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
              <optgroup label="The record">
                {(type.ownable || leaf.kind === "own") && (
                  <option value="own">The record is their own</option>
                )}
                {(hasFields || leaf.kind === "field") && (
                  <option value="field">A field of the record</option>
                )}
              </optgroup>
            )}
            <optgroup label="Who asks">
              {ABOUT_PEOPLE.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </optgroup>
            <optgroup label="The request">
              {ABOUT_REQUESTS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </optgroup>
          </Select>
        </div>
        <Button variant="ghost" size="icon" aria-label="Remove this condition" onClick={onRemove}>
          <X aria-hidden="true" />
        </Button>
      </div>
      <LeafInputs leaf={leaf} onChange={(change) => onChange({ ...leaf, ...change })} />
      <FieldError id={id} errors={problem === undefined ? undefined : [problem]} />
    </fieldset>
  );
}
