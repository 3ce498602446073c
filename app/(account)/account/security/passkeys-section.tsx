import { KeyRound } from "lucide-react";
import { useTranslations } from "#translations";
import {
  forgetPasskeyAction,
  renamePasskeyAction,
} from "@/app/(account)/account/security/passkeys/actions";
import {
  AddPasskeyForm,
  NAME_LENGTH_MAX,
} from "@/app/(account)/account/security/passkeys/add-passkey-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { TextField } from "@/components/form/text-field";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import type { listOwnPasskeys } from "@/lib/authn/own-passkeys";
import type { Caller } from "@/lib/shared/caller";

type Passkey = Awaited<ReturnType<typeof listOwnPasskeys>>[number];

/** The caller's passkeys: what they are, and adding, naming and deleting them (F26). */
export function PasskeysSection({ caller, passkeys }: { caller: Caller; passkeys: Passkey[] }) {
  const t = useTranslations("account-security.passkeys");
  return (
    <Section id="passkeys" title={t("title")} description={t("description")} flush>
      {passkeys.length > 0 && (
        <ItemList className="border-line border-b">
          {passkeys.map((passkey) => (
            <PasskeyItem key={passkey.id} passkey={passkey} />
          ))}
        </ItemList>
      )}
      <div className="max-w-md px-5 py-5 sm:px-6">
        {passkeys.length === 0 && <p className="mb-4 text-ink-soft text-sm">{t("none")}</p>}
        <AddPasskeyForm caller={caller} />
      </div>
    </Section>
  );
}

function PasskeyItem({
  passkey: { id, name, model, createdAt, lastUsedAt, backupEligible, backedUp },
}: {
  passkey: Passkey;
}) {
  const t = useTranslations("account-security.passkeys");
  return (
    <Item
      leading={<KeyRound aria-hidden="true" />}
      title={name}
      aside={
        backedUp ? (
          <Badge>{t("synced")}</Badge>
        ) : (
          backupEligible === false && <Badge tone="success">{t("bound")}</Badge>
        )
      }
      actions={
        <>
          <ConfirmDialog
            trigger={t("rename")}
            triggerLabel={t("renameThis", { name })}
            variant="secondary"
            title={t("renameTitle")}
            description={t("renameText")}
            confirmLabel={t("save")}
            tone="primary"
            action={renamePasskeyAction}
            fields={{ passkeyId: id }}
          >
            <TextField
              name="name"
              label={t("name")}
              defaultValue={name}
              maxLength={NAME_LENGTH_MAX}
              autoComplete="off"
              required
            />
          </ConfirmDialog>
          <ConfirmDialog
            trigger={t("delete")}
            triggerLabel={t("deleteThis", { name })}
            title={t("deleteTitle", { name })}
            description={t("deleteText")}
            confirmLabel={t("deletePasskey")}
            action={forgetPasskeyAction}
            fields={{ passkeyId: id }}
          />
        </>
      }
    >
      {model !== null && <>{model} · </>}
      {t.rich("added", timeAgo(createdAt))} ·{" "}
      {lastUsedAt === null ? t("notUsed") : t.rich("lastUsed", timeAgo(lastUsedAt))}
    </Item>
  );
}
