import { AllowButtons } from "@/app/(auth)/allow-buttons";
import { ScopeList } from "@/app/(auth)/scope-list";
import { ActionForm } from "@/components/form/action-form";
import type { FormState } from "@/lib/shared/form-state";

export function ConsentForm({
  uid,
  scopes,
  action,
}: {
  uid: string;
  scopes: string[];
  action: (previous: FormState, form: FormData) => Promise<FormState>;
}) {
  return (
    <ActionForm action={action} aria-label="Allow this app">
      <input type="hidden" name="uid" value={uid} />
      <ScopeList scopes={scopes} />
      <AllowButtons />
      <p className="mt-4 text-ink-soft text-xs">
        Allow only what you came here for. The app never sees how you sign in.
      </p>
    </ActionForm>
  );
}
