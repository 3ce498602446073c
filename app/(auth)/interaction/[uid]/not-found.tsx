import { AuthShell } from "@/components/layout/auth-shell";
import { ButtonLink } from "@/components/ui/button";

/** A request of an app that is not there: answered, grown too old, or never made. */
export default function RequestGone() {
  return (
    <AuthShell
      title="This request is over"
      description="It was answered, or took longer than half an hour. Go back to the app and sign in there once more: here nothing is lost."
    >
      <ButtonLink href="/dashboard" variant="secondary">
        Go to your account
      </ButtonLink>
    </AuthShell>
  );
}
