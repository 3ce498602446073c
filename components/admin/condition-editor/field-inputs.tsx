"use client";

import { useContext } from "react";
import { useTranslations } from "#translations";
import { Choices } from "@/components/admin/condition-editor/choices";
import { EditorContext } from "@/components/admin/condition-editor/editor-context";
import { Labelled } from "@/components/admin/condition-editor/labelled";
import type { LeafInputsProps } from "@/components/admin/condition-editor/leaf-inputs";
import { Input, Select, TextArea } from "@/components/ui/input";

const OPERATORS = {
  number: ["equals", "not-equals", "at-most", "at-least"],
  text: ["equals", "not-equals", "one-of"],
} as const;

/** A field of the record with the comparisons and values that fit what it holds. */
export function FieldInputs({ leaf, onChange }: LeafInputsProps) {
  const t = useTranslations("conditions.editor");
  const { type } = useContext(EditorContext);
  const kind = Object.hasOwn(type.fields, leaf.field) ? type.fields[leaf.field] : undefined;
  const operators = OPERATORS[kind === "number" ? "number" : "text"];
  const fields = Object.keys(type.fields).map((field) => ({ value: field, label: field }));
  return (
    <div className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <Labelled label={t("field")}>
          {(id) => (
            <Select
              id={id}
              options={[{ value: "", label: t("chooseField") }, ...fields]}
              value={kind === undefined ? "" : leaf.field}
              onChange={({ target }) =>
                onChange({ field: target.value, operator: "equals", text: "", choices: [] })
              }
            />
          )}
        </Labelled>
        {kind !== undefined && (
          <Labelled label={t("comparison")}>
            {(id) => (
              <Select
                id={id}
                options={operators.map((value) => ({
                  value,
                  label: t(`operators.${value}`),
                }))}
                value={leaf.operator}
                onChange={({ target }) => onChange({ operator: target.value })}
              />
            )}
          </Labelled>
        )}
      </div>
      {kind !== undefined && <FieldValue leaf={leaf} onChange={onChange} kind={kind} />}
    </div>
  );
}

function FieldValue({
  leaf,
  onChange,
  kind,
}: LeafInputsProps & { kind: "text" | "number" | readonly string[] }) {
  const t = useTranslations("conditions.editor");
  if (typeof kind !== "string") {
    const values = kind.map((value) => ({ id: value, name: value }));
    if (leaf.operator === "one-of") {
      return (
        <Choices
          legend={t("anyValue")}
          offered={values}
          chosen={leaf.choices}
          onChange={(choices) => onChange({ choices })}
        />
      );
    }
    return (
      <Labelled label={t("value")}>
        {(id) => (
          <Select
            id={id}
            options={[
              { value: "", label: t("chooseValue") },
              ...values.map(({ id: value, name }) => ({ value, label: name })),
            ]}
            value={leaf.choices[0] ?? ""}
            onChange={({ target }) =>
              onChange({ choices: target.value === "" ? [] : [target.value] })
            }
          />
        )}
      </Labelled>
    );
  }
  if (leaf.operator === "one-of") {
    return (
      <Labelled label={t("values")}>
        {(id) => (
          <TextArea
            id={id}
            value={leaf.text}
            onChange={({ target }) => onChange({ text: target.value })}
            className="min-h-16"
          />
        )}
      </Labelled>
    );
  }
  return (
    <Labelled label={t("value")}>
      {(id) => (
        <Input
          id={id}
          value={leaf.text}
          autoComplete="off"
          inputMode={kind === "number" ? "numeric" : undefined}
          onChange={({ target }) => onChange({ text: target.value })}
        />
      )}
    </Labelled>
  );
}
