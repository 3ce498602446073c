import {
  cancelEmailChangeAction,
  requestEmailChangeAction,
} from "@/app/(account)/account/profile/actions";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Badge } from "@/components/ui/badge";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { findOwnEmailChange } from "@/lib/authn/change-email";
import type { Caller } from "@/lib/shared/caller";

const confirmation = (confirmed: boolean) =>
  confirmed ? <Badge tone="success">Confirmed</Badge> : <Badge>Waiting for the link</Badge>;

/** The caller's address, the way to another, and the change that waits for its mails (F106). */
export async function EmailSection({ caller }: { caller: Caller }) {
  const pending = await findOwnEmailChange(caller);
  const { email } = caller.principal;
  return (
    <Section
      title="Email address"
      description="You sign in with it, and what concerns your account is mailed to it."
    >
      {pending === null ? (
        <ActionForm
          action={requestEmailChangeAction}
          className="max-w-md"
          aria-label="Change email address"
        >
          <p className="text-sm">
            Now <strong className="break-all font-medium">{email}</strong>
          </p>
          <TextField
            name="email"
            label="New email address"
            type="email"
            autoComplete="email"
            inputMode="email"
            hint="Both addresses get a mail. Once both have confirmed, the address changes."
            required
          />
          <div>
            <SubmitButton>Change address</SubmitButton>
          </div>
        </ActionForm>
      ) : (
        <div className="flex flex-col gap-5">
          <Callout title="A change waits for your confirmation">
            <p>
              Open the link in both mails, in any order. They expire{" "}
              <RelativeTime value={pending.expiresAt} />.
            </p>
          </Callout>
          <DescriptionList
            items={[
              {
                term: "Present address",
                value: (
                  <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <span className="break-all">{email}</span>
                    {confirmation(pending.oldConfirmed)}
                  </span>
                ),
              },
              {
                term: "New address",
                value: (
                  <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <span className="break-all">{pending.newEmail}</span>
                    {confirmation(pending.newConfirmed)}
                  </span>
                ),
              },
            ]}
          />
          <ReadMailHint />
          <ActionForm action={cancelEmailChangeAction} aria-label="Cancel the change of address">
            <div>
              <SubmitButton variant="secondary">Cancel the change</SubmitButton>
            </div>
          </ActionForm>
        </div>
      )}
    </Section>
  );
}
