import { resetFactorsAction } from "@/app/admin/users/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { TextField } from "@/components/form/text-field";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { listEnrolledFactors } from "@/lib/credentials/registry";
import type { FactorKind } from "@/lib/shared/factor";
import type { UserDetail } from "@/lib/users/list-users";

const NAMES: Partial<Record<FactorKind, string>> = {
  passkey: "Passkey",
  totp: "Authenticator app",
  "sms-code": "Text message",
  "recovery-code": "Recovery codes",
};

/** What the user can lose, and the way to help them when they have. */
export async function FactorsSection({ user, editable }: { user: UserDetail; editable: boolean }) {
  const names = (await listEnrolledFactors(user.id)).flatMap((kind) => NAMES[kind] ?? []);
  return (
    <Section
      title="Second factors"
      description="For somebody who has lost their phone or key, and cannot sign in."
    >
      <div className="flex flex-wrap items-center justify-between gap-4">
        {names.length === 0 ? (
          <p className="text-ink-soft text-sm">They have none.</p>
        ) : (
          <ul className="flex flex-wrap gap-2">
            {names.map((name) => (
              <li key={name}>
                <Badge>{name}</Badge>
              </li>
            ))}
          </ul>
        )}
        {editable && names.length > 0 && (
          <ConfirmDialog
            trigger="Reset"
            triggerLabel="Reset second factors"
            title="Take away every second factor?"
            description="Make sure that it is really them who asks. Their sessions end, and a mail tells them."
            confirmLabel="Reset"
            action={resetFactorsAction}
            fields={{ id: user.id }}
          >
            <TextField name="reason" label="Reason" hint="Kept in the audit log." required />
          </ConfirmDialog>
        )}
      </div>
    </Section>
  );
}
