"use client";

import { useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslations } from "#translations";
import { type ConditionCatalogue, commonType } from "@/components/admin/condition-editor/catalogue";
import {
  type DraftGroup,
  draftOf,
  newGroup,
  readDraft,
} from "@/components/admin/condition-editor/draft";
import {
  EditorContext,
  type EditorFacts,
} from "@/components/admin/condition-editor/editor-context";
import { GroupPart } from "@/components/admin/condition-editor/group-part";
import { namesOf } from "@/components/admin/condition-editor/names-of";
import { clauseInWords } from "@/components/admin/condition-words";
import { useFieldState } from "@/components/form/form-context";
import { useScripted } from "@/components/form/use-scripted";
import { cn } from "@/components/ui/cn";
import { FieldError, fieldAttributes } from "@/components/ui/field";
import { TextArea } from "@/components/ui/input";
import type { Condition } from "@/lib/authz/condition.schema";

const EXAMPLE = '{"kind":"own"}';
const NO_CONDITION = "";
/** Fits no schema: a condition that is not complete is refused and never left out. */
const INCOMPLETE = '"incomplete"';

const textOf = (condition: Condition | null | "incomplete"): string => {
  if (condition === null) return NO_CONDITION;
  return condition === "incomplete" ? INCOMPLETE : JSON.stringify(condition);
};

/** What was typed or stored, where the editor can show it; else it stays text. */
function readText(text: string): DraftGroup | null {
  if (text.trim() === "") return newGroup();
  try {
    return draftOf(JSON.parse(text) as Condition);
  } catch {
    return null;
  }
}

/**
 * Builds a condition from choices and fields, without a line of code. The form sends it as JSON
 * under `name`, empty for none; without script the same JSON is typed. What stands beside the
 * parts helps whoever edits: the server judges everything again.
 */
export function ConditionEditor({
  name,
  label,
  hint,
  value,
  catalogue,
  resourceTypes,
  onChange,
  className,
}: {
  name: string;
  label: string;
  hint?: string;
  /** As stored; null for none. */
  value: Condition | null;
  catalogue: ConditionCatalogue;
  /** The types of the records that it is about: it must fit each of them. */
  resourceTypes: readonly string[];
  /** Told the JSON that the form would send now; one function that stays the same. */
  onChange?: (text: string) => void;
  className?: string;
}) {
  const id = useId();
  const t = useTranslations("conditions");
  const scripted = useScripted();
  const { errors, typed } = useFieldState(name);
  const initial = typed ?? textOf(value);
  const field = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState<DraftGroup | null>(() => readText(initial));
  const typeNames = resourceTypes.join("\n");
  const type = useMemo(
    () => commonType(catalogue, typeNames === "" ? [] : typeNames.split("\n")),
    [catalogue, typeNames],
  );
  const condition = draft === null ? "incomplete" : readDraft(draft, type);
  const text = textOf(condition);

  // What was kept while somebody proved who they are is put into the field by the form, after this.
  useEffect(() => {
    const restored = setTimeout(() => {
      const { value: present = "", defaultValue = "" } = field.current ?? {};
      const read = present === defaultValue ? null : readText(present);
      if (read !== null) setDraft(read);
    });
    return () => clearTimeout(restored);
  }, []);

  // The form reads what is shown, whatever a reset has done to the field.
  const edited = scripted && draft !== null;
  useEffect(() => {
    const form = edited ? field.current?.form : null;
    const say = ({ formData }: FormDataEvent) => formData.set(name, text);
    form?.addEventListener("formdata", say);
    return () => form?.removeEventListener("formdata", say);
  }, [edited, name, text]);
  useEffect(() => onChange?.(text), [text, onChange]);

  const facts: EditorFacts = useMemo(
    () => ({ catalogue, type, showProblems: errors !== undefined }),
    [catalogue, type, errors],
  );
  const sentence = () => {
    if (condition === "incomplete") return t("editor.incomplete");
    if (condition === null) return t("editor.without");
    return t("editor.holds", { clause: clauseInWords(t, condition, namesOf(catalogue)) });
  };
  return (
    <fieldset className={cn("min-w-0 space-y-2", className)} aria-describedby={`${id}-words`}>
      <legend className="mb-1 font-medium text-ink text-sm">{label}</legend>
      {hint && (
        <p id={`${id}-hint`} className="text-ink-faint text-sm">
          {hint}
        </p>
      )}
      {edited && (
        <EditorContext value={facts}>
          <GroupPart group={draft} onChange={setDraft} isRoot />
        </EditorContext>
      )}
      <TextArea
        ref={field}
        name={name}
        defaultValue={initial}
        aria-label={t("editor.asJson", { label })}
        placeholder={EXAMPLE}
        spellCheck={false}
        autoComplete="off"
        {...fieldAttributes(id, { hint, errors: edited ? undefined : errors })}
        hidden={edited}
        className={cn("font-mono text-xs", edited && "hidden")}
      />
      {edited && (
        <p
          id={`${id}-words`}
          aria-live="polite"
          className="text-ink-soft text-sm [overflow-wrap:anywhere]"
        >
          {sentence()}
        </p>
      )}
      <FieldError id={id} errors={errors} />
    </fieldset>
  );
}
