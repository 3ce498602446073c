import type { Metadata } from "next";
import { requireCaller } from "@/app/_http/page";
import { createTokenAction, revokeTokenAction } from "@/app/(account)/account/tokens/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { RevealedSecret } from "@/components/form/revealed-secret";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField, SelectField, TextField } from "@/components/form/text-field";
import { TokenItem } from "@/components/tokens/token-item";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { EmptyState } from "@/components/ui/empty-state";
import { ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { TextLink } from "@/components/ui/text-link";
import { listOwnTokens, type PersonalToken } from "@/lib/personal-tokens/own-tokens";
import {
  LIFETIME_DAYS_DEFAULT,
  NAME_LENGTH_MAX,
} from "@/lib/personal-tokens/personal-token.schema";

export const metadata: Metadata = { title: "Tokens" };

const LIFETIMES_DAYS = [7, 30, 90, 180, 365];

export default async function TokensPage() {
  const caller = await requireCaller("/account/tokens");
  const tokens = await listOwnTokens(caller);
  return (
    <div className="max-w-3xl">
      <PageHeader
        title="Tokens"
        description={
          <>
            Personal access tokens let your own programs use the{" "}
            <TextLink href="/developers">API</TextLink> as you, with what you may do at that moment.
          </>
        }
      />
      <div className="space-y-6">
        <NewToken />
        <Section
          title="Your tokens"
          description="A new password ends all of them, as does whatever else signs you out everywhere."
          flush
        >
          {tokens.length === 0 ? (
            <EmptyState
              title="No tokens yet"
              description="One for each program: then each can be revoked on its own."
            />
          ) : (
            <ItemList>
              {tokens.map((token) => (
                <TokenItem key={token.id} token={token} actions={<Revoke token={token} />} />
              ))}
            </ItemList>
          )}
        </Section>
      </div>
    </div>
  );
}

function NewToken() {
  return (
    <Section
      title="New token"
      description={
        <>
          Whoever has it acts as you, so give it to one program only. It cannot change how you sign
          in, make other tokens, or do anything else that asks you to confirm who you are.
        </>
      }
    >
      <ActionForm action={createTokenAction} aria-label="New token">
        <RevealedSecret label="your new token">
          <p className="mt-3">
            Programs send it as <Code>Authorization: Bearer …</Code>, never in an address.
          </p>
        </RevealedSecret>
        <TextField
          name="name"
          label="Name"
          hint="Which program is it for? You see it here and in the audit log."
          maxLength={NAME_LENGTH_MAX}
          autoComplete="off"
          fieldClassName="sm:max-w-md"
          required
        />
        <SelectField
          name="lifetimeDays"
          label="Ends after"
          defaultValue={String(LIFETIME_DAYS_DEFAULT)}
          fieldClassName="sm:max-w-md"
        >
          {LIFETIMES_DAYS.map((days) => (
            <option key={days} value={days}>
              {days} days
            </option>
          ))}
        </SelectField>
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-2 font-medium text-ink text-sm">What it reaches</legend>
          <CheckboxField
            name="read"
            label="Read"
            hint="See what you may see (api:read)."
            defaultChecked
          />
          <CheckboxField
            name="write"
            label="Write"
            hint="Create, change and delete what you may (api:write)."
          />
        </fieldset>
        <div>
          <SubmitButton>Make token</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}

const Revoke = ({ token: { id, name } }: { token: PersonalToken }) => (
  <ConfirmDialog
    trigger="Revoke"
    triggerLabel={`Revoke the token ${name}`}
    title={`Revoke “${name}”?`}
    description="Programs that use it are refused from their next request on. It cannot be brought back."
    confirmLabel="Revoke token"
    action={revokeTokenAction}
    fields={{ tokenId: id }}
  />
);
