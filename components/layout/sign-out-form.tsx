import { LogOut } from "lucide-react";
import { ActionForm, type FormAction } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";

/** The way out. A form, because a link could be followed by a prefetch or by another site. */
export function SignOutForm({ action }: { action: FormAction }) {
  return (
    <ActionForm action={action} aria-label="This account">
      <SubmitButton variant="ghost" className="h-9 w-full justify-start px-3">
        <LogOut aria-hidden="true" className="mr-1 text-ink-faint" />
        Sign out
      </SubmitButton>
    </ActionForm>
  );
}
