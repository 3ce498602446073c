import { Laptop } from "lucide-react";
import { wordsOfDevice } from "@/app/_locale/device-words";
import { getTranslations } from "@/app/_locale/translations";
import { distrustDevicesAction } from "@/app/(account)/account/security/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import { listTrustedDevices } from "@/lib/sessions/trusted-devices";
import type { Caller } from "@/lib/shared/caller";

/** Browsers that are spared the second factor (F21); nothing while there are none. */
export async function TrustedDevicesSection({ caller }: { caller: Caller }) {
  const devices = await listTrustedDevices(caller);
  if (devices.length === 0) return null;
  const t = await getTranslations("account-security.devices");
  const words = await getTranslations("auth.device");
  return (
    <Section title={t("title")} description={t("description")} flush>
      <ItemList>
        {devices.map((device) => (
          <Item
            key={device.id}
            leading={<Laptop aria-hidden="true" />}
            title={wordsOfDevice(device.userAgent, words)}
            actions={
              <ConfirmDialog
                trigger={t("stop")}
                triggerLabel={t("stopThis", { device: wordsOfDevice(device.userAgent, words) })}
                variant="secondary"
                title={t("stopTitle")}
                description={t("stopText")}
                confirmLabel={t("stop")}
                action={distrustDevicesAction}
                fields={{ deviceId: device.id }}
              />
            }
          >
            {t.rich("lastSeen", timeAgo(device.lastSeenAt))} ·{" "}
            {t.rich("until", timeAgo(device.trustedUntil))}
          </Item>
        ))}
      </ItemList>
    </Section>
  );
}
