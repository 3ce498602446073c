import { Laptop } from "lucide-react";
import { wordsOfDevice } from "@/app/_locale/device-words";
import { getTranslations } from "@/app/_locale/translations";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import { listDevicesOf } from "@/lib/sessions/trusted-devices";

const SHOWN = 10;

/** Browsers that have signed the user in, and which of them are spared the second factor. */
export async function DevicesSection({ id, userId }: { id: string; userId: string }) {
  const devices = await listDevicesOf(userId, SHOWN + 1);
  const shown = devices.slice(0, SHOWN);
  const t = await getTranslations("admin-users.devices");
  const title = (await getTranslations("admin-users.parts"))("devices");
  const words = await getTranslations("auth.device");
  return (
    <Section
      id={id}
      title={title}
      description={t("description")}
      footer={devices.length > SHOWN && <span>{t("only", { count: SHOWN })}</span>}
      flush={shown.length > 0}
      className="scroll-mt-20"
    >
      {shown.length === 0 ? (
        <p className="text-ink-soft text-sm">{t("none")}</p>
      ) : (
        <ItemList>
          {shown.map((device) => (
            <Item
              key={device.id}
              leading={<Laptop aria-hidden="true" />}
              title={wordsOfDevice(device.userAgent, words)}
              aside={device.trustedUntil !== null && <Badge tone="accent">{t("trusted")}</Badge>}
            >
              {t.rich("lastSeen", timeAgo(device.lastSeenAt))} ·{" "}
              {t.rich("knownSince", timeAgo(device.createdAt))}
              {device.trustedUntil !== null && (
                <> · {t.rich("trustedUntil", timeAgo(device.trustedUntil))}</>
              )}
            </Item>
          ))}
        </ItemList>
      )}
    </Section>
  );
}
