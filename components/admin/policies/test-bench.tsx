"use client";

import { startTransition, useActionState, useEffect, useMemo, useRef, useState } from "react";
import { useTranslations } from "#translations";
import type { ConditionCatalogue } from "@/components/admin/condition-editor/catalogue";
import { PROOFS } from "@/components/admin/condition-words";
import { BenchResult } from "@/components/admin/policies/bench-result";
import type { BenchState } from "@/components/admin/policies/bench-view";
import type { PolicyPermission } from "@/components/admin/policies/permission-fields";
import { AccountField } from "@/components/form/form-account";
import { FormContext } from "@/components/form/form-context";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField, SelectField, TextField } from "@/components/form/text-field";
import { useScripted } from "@/components/form/use-scripted";
import { Callout } from "@/components/ui/callout";
import type { FormState } from "@/lib/shared/form-state";

/** How long a change may rest before it is tried. */
const REST_MS = 350;

const RECORDS = ["any", "known", "described"] as const;
const MEANS = ["session", "app", "personal-token"] as const;

const IDLE: BenchState = { status: "idle" };

/** The bench's own fields, and what stands in the editor meanwhile. */
function collect(form: HTMLFormElement, editorId: string): FormData {
  const data = new FormData(form);
  const editor = document.getElementById(editorId);
  if (!(editor instanceof HTMLFormElement)) return data;
  for (const [name, value] of new FormData(editor)) {
    if (!name.startsWith("$")) data.append(`draft.${name}`, value);
  }
  return data;
}

/**
 * Says what the rules say to a request that somebody could make, and what they would say with
 * another version. With script it answers while one types; without, after a press.
 */
export function TestBench({
  action,
  editorId,
  policyId,
  versions,
  permissions,
  catalogue,
  initial,
}: {
  action: (previous: BenchState, form: FormData) => Promise<BenchState>;
  /** The form whose content is tried. */
  editorId: string;
  policyId: string | null;
  /** Numbers of the versions that there are, newest first. */
  versions: readonly number[];
  permissions: readonly PolicyPermission[];
  catalogue: ConditionCatalogue;
  initial: { email: string; asked: string };
}) {
  const t = useTranslations("admin-policy-editor.bench");
  const scripted = useScripted();
  const [state, post, pending] = useActionState(action, IDLE);
  const form = useRef<HTMLFormElement>(null);
  const [asked, setAsked] = useState(initial.asked);
  const [record, setRecord] = useState("any");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  // A change here or in the editor is tried once it rests; what is being typed stays as it is.
  useEffect(() => {
    const editor = document.getElementById(editorId);
    const soon = () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        if (form.current === null) return;
        const data = collect(form.current, editorId);
        if (data.get("email") === "") return;
        startTransition(() => post(data));
      }, REST_MS);
    };
    const own = form.current;
    const kinds = ["input", "change", "click"];
    own?.addEventListener("input", soon);
    for (const kind of kinds) editor?.addEventListener(kind, soon);
    return () => {
      clearTimeout(timer.current);
      own?.removeEventListener("input", soon);
      for (const kind of kinds) editor?.removeEventListener(kind, soon);
    };
  }, [editorId, post]);

  // Fields know the errors of the form that they stand in.
  const context = useMemo(
    () => ({ state: (state.status === "given" ? IDLE : state) as FormState, pending }),
    [state, pending],
  );
  const type = permissions.find(({ key }) => key === asked)?.resourceType;
  const fields = catalogue.recordTypes.find(({ name }) => name === type)?.fields ?? {};
  const tried = [
    { value: "", label: t("nothingElse") },
    ...(scripted ? [{ value: "edited", label: t("edited") }] : []),
    ...versions.map((number) => ({ value: String(number), label: t("version", { number }) })),
  ];
  return (
    <FormContext value={context}>
      <form
        ref={form}
        action={post}
        noValidate
        aria-label={t("label")}
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          const data = collect(event.currentTarget, editorId);
          startTransition(() => post(data));
        }}
      >
        <AccountField />
        {policyId !== null && <input type="hidden" name="policyId" value={policyId} />}
        {state.status === "error" && state.message !== undefined && (
          <Callout tone="danger" role="alert">
            <p>{state.message}</p>
          </Callout>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="email"
            label={t("person")}
            type="email"
            autoComplete="off"
            defaultValue={initial.email}
            required
          />
          <SelectField
            name="asked"
            label={t("permission")}
            defaultValue={initial.asked}
            options={permissions.map(({ key }) => ({ value: key, label: key }))}
            onChange={({ target }) => setAsked(target.value)}
          />
          <SelectField
            name="record"
            label={t("record")}
            options={RECORDS.map((value) => ({ value, label: t(`records.${value}`) }))}
            defaultValue="any"
            onChange={({ target }) => setRecord(target.value)}
          />
          <SelectField
            name="tried"
            label={t("compare")}
            key={scripted ? "scripted" : "plain"}
            defaultValue={scripted ? "edited" : ""}
            options={tried}
          />
        </div>
        {(!scripted || record === "known") && (
          <TextField name="recordId" label={t("recordId")} autoComplete="off" />
        )}
        {(!scripted || record === "described") && <DescribedRecord fields={fields} />}
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField name="at" label={t("time")} type="datetime-local" hint={t("timeHint")} />
          <TextField
            name="address"
            label={t("address")}
            placeholder="192.0.2.1"
            autoComplete="off"
          />
          <SelectField
            name="acr"
            label={t("proven")}
            options={Object.entries(PROOFS).map(([value, proof]) => ({
              value,
              label: t(`proofs.${proof}`),
            }))}
            defaultValue="urn:gatehouse:aal1"
          />
          <TextField
            name="proofMinutes"
            label={t("minutes")}
            inputMode="decimal"
            defaultValue="0"
            autoComplete="off"
          />
          <SelectField
            name="means"
            label={t("comes")}
            options={MEANS.map((value) => ({ value, label: t(`means.${value}`) }))}
            defaultValue="session"
          />
        </div>
        <div>
          <SubmitButton variant="secondary">{t("try")}</SubmitButton>
        </div>
      </form>
      <div aria-live="polite" aria-busy={pending} className="mt-5 grid gap-4 lg:grid-cols-2">
        {state.status === "given" ? (
          <>
            <BenchResult title={t("stored")} verdict={state.value.stored} />
            {state.value.tried !== null && (
              <BenchResult title={state.value.tried.title} verdict={state.value.tried.verdict} />
            )}
          </>
        ) : (
          <p className="text-ink-faint text-sm">{t("nothing")}</p>
        )}
      </div>
    </FormContext>
  );
}

function DescribedRecord({
  fields,
}: {
  fields: ConditionCatalogue["recordTypes"][number]["fields"];
}) {
  const t = useTranslations("admin-policy-editor.bench");
  return (
    <fieldset className="space-y-3 rounded-md border border-line p-4">
      <legend className="px-1 text-ink-soft text-sm">{t("theRecord")}</legend>
      <CheckboxField name="owned" label={t("owned")} />
      <div className="grid gap-4 sm:grid-cols-2">
        {Object.entries(fields).map(([field, kind]) =>
          typeof kind === "string" ? (
            <TextField
              key={field}
              name={`field.${field}`}
              label={field}
              inputMode={kind === "number" ? "numeric" : undefined}
              autoComplete="off"
            />
          ) : (
            <SelectField
              key={field}
              name={`field.${field}`}
              label={field}
              options={[
                { value: "", label: t("notKnown") },
                ...kind.map((value) => ({ value, label: value })),
              ]}
            />
          ),
        )}
      </div>
    </fieldset>
  );
}
