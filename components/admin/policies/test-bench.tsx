"use client";

import { startTransition, useActionState, useEffect, useMemo, useRef, useState } from "react";
import type { ConditionCatalogue } from "@/components/admin/condition-editor/catalogue";
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

const RECORDS = [
  { value: "any", label: "Any record" },
  { value: "known", label: "One that is there, by its id" },
  { value: "described", label: "One that is described here" },
];
const ACRS = [
  { value: "urn:gatehouse:aal1", label: "One factor" },
  { value: "urn:gatehouse:aal2", label: "Two factors" },
  { value: "urn:gatehouse:aal3", label: "A bound passkey" },
];
const MEANS = [
  { value: "session", label: "A browser session" },
  { value: "app", label: "An app" },
  { value: "personal-token", label: "A personal access token" },
];

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
    { value: "", label: "Nothing else" },
    ...(scripted ? [{ value: "edited", label: "What is being edited" }] : []),
    ...versions.map((number) => ({ value: String(number), label: `Version ${number}` })),
  ];
  return (
    <FormContext value={context}>
      <form
        ref={form}
        action={post}
        noValidate
        aria-label="Test bench"
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
            label="Person"
            type="email"
            autoComplete="off"
            defaultValue={initial.email}
            required
          />
          <SelectField
            name="asked"
            label="Permission"
            defaultValue={initial.asked}
            options={permissions.map(({ key }) => ({ value: key, label: key }))}
            onChange={({ target }) => setAsked(target.value)}
          />
          <SelectField
            name="record"
            label="Record"
            options={RECORDS}
            defaultValue="any"
            onChange={({ target }) => setRecord(target.value)}
          />
          <SelectField
            name="tried"
            label="Compare with"
            key={scripted ? "scripted" : "plain"}
            defaultValue={scripted ? "edited" : ""}
            options={tried}
          />
        </div>
        {(!scripted || record === "known") && (
          <TextField name="recordId" label="Id of the record" autoComplete="off" />
        )}
        {(!scripted || record === "described") && <DescribedRecord fields={fields} />}
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="at"
            label="Time, in UTC"
            type="datetime-local"
            hint="Without one, now."
          />
          <TextField name="address" label="Address" placeholder="192.0.2.1" autoComplete="off" />
          <SelectField
            name="acr"
            label="Proven with"
            options={ACRS}
            defaultValue="urn:gatehouse:aal1"
          />
          <TextField
            name="proofMinutes"
            label="Minutes since the proof"
            inputMode="decimal"
            defaultValue="0"
            autoComplete="off"
          />
          <SelectField name="means" label="Comes with" options={MEANS} defaultValue="session" />
        </div>
        <div>
          <SubmitButton variant="secondary">Try it</SubmitButton>
        </div>
      </form>
      <div aria-live="polite" aria-busy={pending} className="mt-5 grid gap-4 lg:grid-cols-2">
        {state.status === "given" ? (
          <>
            <BenchResult title="As it is stored" verdict={state.value.stored} />
            {state.value.tried !== null && (
              <BenchResult
                title={`With ${state.value.tried.name} in force`}
                verdict={state.value.tried.verdict}
              />
            )}
          </>
        ) : (
          <p className="text-ink-faint text-sm">Nothing is done and nothing is counted here.</p>
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
  return (
    <fieldset className="space-y-3 rounded-md border border-line p-4">
      <legend className="px-1 text-ink-soft text-sm">The record</legend>
      <CheckboxField name="owned" label="It is their own" />
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
                { value: "", label: "Not known" },
                ...kind.map((value) => ({ value, label: value })),
              ]}
            />
          ),
        )}
      </div>
    </fieldset>
  );
}
