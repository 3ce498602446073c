"use client";

import { useId } from "react";
import { useTranslations } from "#translations";
import { Choices } from "@/components/admin/condition-editor/choices";
import { Labelled } from "@/components/admin/condition-editor/labelled";
import type { LeafInputsProps } from "@/components/admin/condition-editor/leaf-inputs";
import { Input } from "@/components/ui/input";
import { WEEKDAYS } from "@/lib/shared/weekday";

/** Days, times and the zone whose clock counts. */
export function HoursInputs({
  leaf,
  onChange,
  zones,
}: LeafInputsProps & { zones: readonly string[] }) {
  const listId = useId();
  const t = useTranslations("conditions");
  const offered = WEEKDAYS.map((day) => ({ id: day, name: t(`days.${day}`) }));
  return (
    <div className="space-y-3">
      <Choices
        legend={t("editor.onDays")}
        offered={offered}
        chosen={leaf.days}
        // In the order of the week, so that the same days are the same condition.
        onChange={(chosen) => onChange({ days: WEEKDAYS.filter((day) => chosen.includes(day)) })}
      />
      <div className="grid gap-3 sm:grid-cols-3">
        <Labelled label={t("editor.from")}>
          {(id) => (
            <Input
              id={id}
              type="time"
              value={leaf.from}
              onChange={({ target }) => onChange({ from: target.value })}
            />
          )}
        </Labelled>
        <Labelled label={t("editor.until")}>
          {(id) => (
            <Input
              id={id}
              type="time"
              value={leaf.until}
              onChange={({ target }) => onChange({ until: target.value })}
            />
          )}
        </Labelled>
        <Labelled label={t("editor.timeZone")}>
          {(id) => (
            <>
              <Input
                id={id}
                list={listId}
                value={leaf.timeZone}
                autoComplete="off"
                spellCheck={false}
                onChange={({ target }) => onChange({ timeZone: target.value })}
              />
              <datalist id={listId}>
                {zones.map((zone) => (
                  <option key={zone} value={zone}>
                    {zone}
                  </option>
                ))}
              </datalist>
            </>
          )}
        </Labelled>
      </div>
    </div>
  );
}
