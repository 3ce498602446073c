import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { retireKeysAction, rotateKeysAction } from "@/app/admin/keys/actions";
import { EncryptionSection } from "@/app/admin/keys/encryption-section";
import { SigningKeysTable } from "@/app/admin/keys/signing-keys-table";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Card, Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { describeKeys } from "@/lib/keys/describe-keys";
import { KEY_PERMISSIONS } from "@/lib/keys/permissions";

export const metadata: Metadata = { title: "Keys" };

export default async function KeysPage() {
  const caller = await requirePermission("/admin/keys", KEY_PERMISSIONS.view);
  const { signing, encryption, secrets } = await answerDenials(() => describeKeys(caller));
  const mayRotate = (await can(caller, KEY_PERMISSIONS.manage)) && signing.length > 0;
  return (
    <>
      <PageHeader
        title="Keys"
        description="What tokens are signed with, and what secrets in the database are encrypted with."
        actions={mayRotate && <Rotations />}
      />
      <div className="space-y-6">
        {signing.length === 0 ? (
          <Card>
            <EmptyState
              title="No signing keys yet"
              description="They are made when the first app signs somebody in."
            />
          </Card>
        ) : (
          <SigningKeysTable keys={signing} />
        )}
        <EncryptionSection keys={encryption} />
        <Section
          title="Secrets of cookies"
          description={
            <>
              Of <Code>AUTH_SECRET</Code>: the first one signs, all are accepted. A former one can
              be removed an hour after it was the first.
            </>
          }
        >
          <ol className="flex flex-wrap gap-2">
            {secrets.map((name) => (
              <li key={name}>
                <Code>{name}</Code>
              </li>
            ))}
          </ol>
        </Section>
      </div>
    </>
  );
}

function Rotations() {
  return (
    <div className="flex flex-wrap gap-2">
      <ConfirmDialog
        trigger="Rotate now"
        variant="secondary"
        size="md"
        title="Let the waiting keys sign?"
        description="The next keys sign from now on, and others wait in their place. What was signed before stays good until it ends: nobody notices."
        confirmLabel="Rotate keys"
        tone="primary"
        action={rotateKeysAction}
      />
      <ConfirmDialog
        trigger="Compromised"
        triggerLabel="Compromised: rotate and retire at once"
        size="md"
        title="Rotate, and retire every key at once?"
        description={
          <>
            <p>For keys that somebody else may have. All of them go, also those that wait.</p>
            <ul className="mt-2 list-disc space-y-1 pl-5">
              <li>Every access token and id token so far is worth nothing from now on.</li>
              <li>
                Apps get new ones with their refresh tokens; an app that keeps the key set fails
                until it asks for it again.
              </li>
              <li>People stay signed in here.</li>
            </ul>
          </>
        }
        confirmLabel="Rotate and retire"
        action={retireKeysAction}
      />
    </div>
  );
}
