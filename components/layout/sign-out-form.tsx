import { LogOut } from "lucide-react";
import { SubmitButton } from "@/components/form/submit-button";

/** The way out. A form, because a link could be followed by a prefetch or by another site. */
export function SignOutForm({ action }: { action: () => Promise<void> }) {
  return (
    <form action={action}>
      <SubmitButton variant="ghost" className="h-9 w-full justify-start px-3">
        <LogOut aria-hidden="true" className="mr-1 text-ink-faint" />
        Sign out
      </SubmitButton>
    </form>
  );
}
