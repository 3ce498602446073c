import { KeyRound } from "lucide-react";
import { regenerateRecoveryCodesAction } from "@/app/(account)/account/security/actions";
import { ActionForm } from "@/components/form/action-form";
import { RevealedCodes } from "@/components/form/revealed-codes";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";

/** The recovery codes of the page's user: how many are left, and new ones. */
export function RecoveryCodesSection({ left, host }: { left: number; host: string }) {
  return (
    <Section
      id="recovery-codes"
      title="Recovery codes"
      description="For the day on which you have lost your phone or your key. Each works once."
    >
      <ActionForm action={regenerateRecoveryCodesAction} aria-label="Recovery codes">
        <RevealedCodes
          fileName={`${host}-recovery-codes.txt`}
          heading={`Recovery codes for ${host}`}
        />
        {/* A field and no dialog: the codes are shown in this very form. */}
        {left > 0 && (
          <CheckboxField
            name="replace"
            label="My present codes may stop working"
            hint="New ones replace all of them, also those that you have not used."
          />
        )}
        <div className="flex flex-wrap items-center gap-4">
          <SubmitButton variant="secondary">
            {left === 0 ? "Make recovery codes" : "Make new codes"}
          </SubmitButton>
          <p className="flex items-center gap-2 text-ink-soft text-sm">
            <KeyRound aria-hidden="true" className="size-4" />
            {left === 0 ? "You have none." : `${left} of 10 are left.`}
          </p>
        </div>
      </ActionForm>
    </Section>
  );
}
