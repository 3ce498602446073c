"use client";

import { useContext } from "react";
import { Choices } from "@/components/admin/condition-editor/choices";
import { type DraftLeaf, WEEKDAYS } from "@/components/admin/condition-editor/draft";
import { EditorContext } from "@/components/admin/condition-editor/editor-context";
import { FieldInputs } from "@/components/admin/condition-editor/field-inputs";
import { HoursInputs } from "@/components/admin/condition-editor/hours-inputs";
import { Labelled } from "@/components/admin/condition-editor/labelled";
import { ACR_WORDS, MEANS_WORDS } from "@/components/admin/condition-words";
import { Input, Select, TextArea } from "@/components/ui/input";

const MEANS = Object.entries(MEANS_WORDS).map(([id, name]) => ({ id, name }));
const ACRS = [
  { value: "", label: "Any" },
  ...Object.entries(ACR_WORDS).map(([value, label]) => ({ value, label: `At least ${label}` })),
];

export interface LeafInputsProps {
  leaf: DraftLeaf;
  onChange: (change: Partial<DraftLeaf>) => void;
}

/** The fields that fit what the condition is about. */
export function LeafInputs({ leaf, onChange }: LeafInputsProps) {
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
          legend="Any of these roles"
          offered={catalogue.roles}
          chosen={leaf.choices}
          onChange={choose}
          empty="There are no roles that you may see."
        />
      );
    case "team":
      return (
        <Choices
          legend="Any of these teams, or a team within one of them"
          offered={catalogue.teams}
          chosen={leaf.choices}
          onChange={choose}
          empty="There are no teams yet."
        />
      );
    case "user":
      return (
        <Choices
          legend="Any of these users"
          offered={catalogue.users}
          chosen={leaf.choices}
          onChange={choose}
          empty="There are no users that you may see."
        />
      );
    case "means":
      return (
        <Choices legend="Any of these" offered={MEANS} chosen={leaf.choices} onChange={choose} />
      );
    case "email-domain":
      return (
        <Labelled label="Domains, one a line">
          {(id) => (
            <TextArea
              id={id}
              value={leaf.text}
              placeholder="example.com"
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
        <Labelled label="Networks, one a line">
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
      return (
        <HoursInputs leaf={leaf} onChange={onChange} days={WEEKDAYS} zones={catalogue.timeZones} />
      );
    case "assurance":
      return (
        <div className="grid gap-3 sm:grid-cols-2">
          <Labelled label="Strength">
            {(id) => (
              <Select
                id={id}
                options={ACRS}
                value={leaf.acr}
                onChange={({ target }) => onChange({ acr: target.value })}
              />
            )}
          </Labelled>
          <Labelled label="No longer ago than, in minutes">
            {(id) => (
              <Input
                id={id}
                inputMode="decimal"
                value={leaf.minutes}
                placeholder="Any time"
                autoComplete="off"
                onChange={({ target }) => onChange({ minutes: target.value })}
              />
            )}
          </Labelled>
        </div>
      );
  }
}
