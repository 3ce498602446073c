"use client";

import { useCallback, useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "#translations";
import { type ConditionCatalogue, commonType } from "@/components/admin/condition-editor/catalogue";
import { ConditionEditor } from "@/components/admin/condition-editor/condition-editor";
import { useFieldState, useReturnedValues } from "@/components/form/form-context";
import { useScripted } from "@/components/form/use-scripted";
import { FieldError } from "@/components/ui/field";
import { Checkbox } from "@/components/ui/input";
import type { Condition } from "@/lib/authz/condition.schema";

export interface PolicyPermission {
  key: string;
  description: string;
  resourceType: string;
  /** No policy can deny it. */
  undeniable: boolean;
}

export interface PolicyDraft {
  effect: "allow" | "deny";
  permissions: readonly string[];
  fields: readonly string[];
  condition: Condition | null;
}

const EFFECTS = ["deny", "allow"] as const;

type Values = Record<string, string> | undefined;

/** What is ticked in a form that came back, or else what is stored. */
function tickedIn(values: Values, name: string, stored: readonly string[]): readonly string[] {
  if (values === undefined) return stored;
  return Object.entries(values).flatMap(([field, value]) =>
    field.startsWith(`${name}.`) ? [value] : [],
  );
}

/** What a version says: effect, permissions, hidden fields and condition. */
export function PolicyContentFields({
  draft,
  permissions,
  catalogue,
}: {
  draft: PolicyDraft;
  permissions: readonly PolicyPermission[];
  catalogue: ConditionCatalogue;
}) {
  const t = useTranslations("admin-policy-editor");
  const values = useReturnedValues();
  const scripted = useScripted();
  const root = useRef<HTMLDivElement>(null);
  const initial = {
    effect: values?.["effect"] ?? draft.effect,
    permissions: tickedIn(values, "permission", draft.permissions),
    fields: tickedIn(values, "hide", draft.fields),
  };
  const [effect, setEffect] = useState<string>(initial.effect);
  const [ticked, setTicked] = useState<readonly string[]>(initial.permissions);

  // The fields are the truth: a form that was kept, or reset, says itself what is ticked.
  const read = useCallback(() => {
    const boxes = root.current?.querySelectorAll<HTMLInputElement>("[name^='permission.']:checked");
    setTicked([...(boxes ?? [])].map(({ value }) => value));
    const radio = root.current?.querySelector<HTMLInputElement>("[name='effect']:checked");
    if (radio) setEffect(radio.value);
  }, []);
  useEffect(() => {
    const restored = setTimeout(read);
    return () => clearTimeout(restored);
  }, [read]);

  const types = [
    ...new Set(
      permissions.flatMap(({ key, resourceType }) => (ticked.includes(key) ? [resourceType] : [])),
    ),
  ].sort();
  const hideable = scripted
    ? commonType(catalogue, types).hideable
    : [...new Set(catalogue.recordTypes.flatMap((type) => type.hideable))];
  return (
    <div ref={root} className="space-y-6">
      <EffectChoice initial={initial.effect} onChange={read} />
      <PermissionChoice permissions={permissions} ticked={initial.permissions} onChange={read} />
      <HiddenFields
        offered={!scripted || effect === "deny" ? hideable : []}
        chosen={initial.fields}
      />
      <ConditionEditor
        name="condition"
        label={t("condition")}
        value={draft.condition}
        catalogue={catalogue}
        resourceTypes={types}
      />
    </div>
  );
}

function EffectChoice({ initial, onChange }: { initial: string; onChange: () => void }) {
  const id = useId();
  const t = useTranslations("admin-policy-editor.effect");
  const { errors } = useFieldState("effect");
  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="mb-1 font-medium text-ink text-sm">{t("legend")}</legend>
      {EFFECTS.map((value) => (
        <div key={value} className="flex items-start gap-2.5 text-sm">
          <input
            id={`${id}-${value}`}
            type="radio"
            name="effect"
            value={value}
            defaultChecked={initial === value}
            onChange={onChange}
            aria-describedby={`${id}-${value}-hint`}
            className="mt-0.5 size-4 accent-accent"
          />
          <div className="min-w-0">
            <label htmlFor={`${id}-${value}`} className="font-medium text-ink">
              {t(value)}
            </label>
            <p id={`${id}-${value}-hint`} className="text-ink-faint">
              {t(`${value}Hint`)}
            </p>
          </div>
        </div>
      ))}
      <FieldError id={id} errors={errors} />
    </fieldset>
  );
}

function PermissionChoice({
  permissions,
  ticked,
  onChange,
}: {
  permissions: readonly PolicyPermission[];
  ticked: readonly string[];
  onChange: () => void;
}) {
  const id = useId();
  const t = useTranslations("admin-policy-editor");
  const { errors } = useFieldState("permissions");
  return (
    <fieldset className="min-w-0" aria-describedby={errors ? `${id}-error` : undefined}>
      <legend className="mb-1 font-medium text-ink text-sm">{t("permissions")}</legend>
      <ul className="grid max-h-96 gap-x-6 gap-y-2 overflow-y-auto p-0.5 sm:grid-cols-2">
        {permissions.map(({ key, description, undeniable }, place) => (
          <li key={key} className="flex items-start gap-2.5 text-sm">
            <Checkbox
              id={`${id}-${key}`}
              name={`permission.${place}`}
              value={key}
              defaultChecked={ticked.includes(key)}
              onChange={onChange}
              aria-invalid={(place === 0 && errors !== undefined) || undefined}
              aria-describedby={`${id}-${key}-about`}
            />
            <div className="min-w-0">
              <label htmlFor={`${id}-${key}`} className="text-ink">
                {description}
              </label>
              <p
                id={`${id}-${key}-about`}
                className="font-mono text-ink-faint text-xs [overflow-wrap:anywhere]"
              >
                {undeniable ? t("neverDenied", { key }) : key}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <FieldError id={id} errors={errors} />
    </fieldset>
  );
}

function HiddenFields({
  offered,
  chosen,
}: {
  offered: readonly string[];
  chosen: readonly string[];
}) {
  const id = useId();
  const t = useTranslations("admin-policy-editor");
  const { errors } = useFieldState("fields");
  if (offered.length === 0 && errors === undefined) return null;
  return (
    <fieldset className="min-w-0 space-y-1">
      <legend className="mb-1 font-medium text-ink text-sm">{t("hide")}</legend>
      <p className="text-ink-faint text-sm">{t("hideText")}</p>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {offered.map((field, place) => (
          <span key={field} className="flex min-h-8 items-center gap-2 text-sm">
            <Checkbox
              id={`${id}-${field}`}
              name={`hide.${place}`}
              value={field}
              defaultChecked={chosen.includes(field)}
            />
            <label htmlFor={`${id}-${field}`} className="text-ink">
              {field}
            </label>
          </span>
        ))}
      </div>
      <FieldError id={id} errors={errors} />
    </fieldset>
  );
}
