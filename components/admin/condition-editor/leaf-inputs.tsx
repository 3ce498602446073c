"use client";

import { useContext } from "react";
import { useTranslations } from "#translations";
import { Choices } from "@/components/admin/condition-editor/choices";
import type { DraftLeaf } from "@/components/admin/condition-editor/draft";
import { EditorContext } from "@/components/admin/condition-editor/editor-context";
import { FieldInputs } from "@/components/admin/condition-editor/field-inputs";
import { HoursInputs } from "@/components/admin/condition-editor/hours-inputs";
import { Labelled } from "@/components/admin/condition-editor/labelled";
import { MEANS, PROOFS } from "@/components/admin/condition-words";
import { Input, Select, TextArea } from "@/components/ui/input";

const EXAMPLE = "example.com";

export interface LeafInputsProps {
  leaf: DraftLeaf;
  onChange: (change: Partial<DraftLeaf>) => void;
}

/** The fields that fit what the condition is about. */
export function LeafInputs({ leaf, onChange }: LeafInputsProps) {
  const t = useTranslations("conditions.editor");
  const kinds = useTranslations("conditions.kinds");
  const { catalogue } = useContext(EditorContext);
  const choose = (choices: string[]) => onChange({ choices });
  switch (leaf.kind) {
    case "own":
      return null;
    case "field":
      return <FieldInputs leaf={leaf} onChange={onChange} />;
    case "role":
      return (
        <Choices
          legend={t("roles")}
          offered={catalogue.roles}
          chosen={leaf.choices}
          onChange={choose}
          empty={t("noRoles")}
        />
      );
    case "team":
      return (
        <Choices
          legend={t("teams")}
          offered={catalogue.teams}
          chosen={leaf.choices}
          onChange={choose}
          empty={t("noTeams")}
        />
      );
    case "user":
      return (
        <Choices
          legend={t("users")}
          offered={catalogue.users}
          chosen={leaf.choices}
          onChange={choose}
          empty={t("noUsers")}
        />
      );
    case "means":
      return (
        <Choices
          legend={t("means")}
          offered={MEANS.map((id) => ({ id, name: kinds(id) }))}
          chosen={leaf.choices}
          onChange={choose}
        />
      );
    case "email-domain":
      return (
        <Labelled label={t("domains")}>
          {(id) => (
            <TextArea
              id={id}
              value={leaf.text}
              placeholder={EXAMPLE}
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => onChange({ text: target.value })}
              className="min-h-16"
            />
          )}
        </Labelled>
      );
    case "network":
      return (
        <Labelled label={t("networks")}>
          {(id) => (
            <TextArea
              id={id}
              value={leaf.text}
              placeholder="192.0.2.0/24"
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => onChange({ text: target.value })}
              className="min-h-16 font-mono text-xs"
            />
          )}
        </Labelled>
      );
    case "hours":
      return <HoursInputs leaf={leaf} onChange={onChange} zones={catalogue.timeZones} />;
    case "assurance":
      return (
        <div className="grid gap-3 sm:grid-cols-2">
          <Labelled label={t("strength")}>
            {(id) => (
              <Select
                id={id}
                options={[
                  { value: "", label: t("strengths.any") },
                  ...Object.entries(PROOFS).map(([value, proof]) => ({
                    value,
                    label: t(`strengths.${proof}`),
                  })),
                ]}
                value={leaf.acr}
                onChange={({ target }) => onChange({ acr: target.value })}
              />
            )}
          </Labelled>
          <Labelled label={t("minutes")}>
            {(id) => (
              <Input
                id={id}
                inputMode="decimal"
                value={leaf.minutes}
                placeholder={t("anyTime")}
                autoComplete="off"
                onChange={({ target }) => onChange({ minutes: target.value })}
              />
            )}
          </Labelled>
        </div>
      );
  }
}
