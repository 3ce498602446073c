import { Laptop } from "lucide-react";
import { distrustDevicesAction } from "@/app/(account)/account/security/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { listTrustedDevices } from "@/lib/sessions/trusted-devices";
import type { Caller } from "@/lib/shared/caller";
import { describeUserAgent } from "@/lib/shared/user-agent";

/** Browsers that are spared the second factor (F21); nothing while there are none. */
export async function TrustedDevicesSection({ caller }: { caller: Caller }) {
  const devices = await listTrustedDevices(caller);
  if (devices.length === 0) return null;
  return (
    <Section
      title="Trusted devices"
      description="Here you are not asked for a second factor when you sign in."
      flush
    >
      <ItemList>
        {devices.map((device) => (
          <Item
            key={device.id}
            leading={<Laptop aria-hidden="true" />}
            title={describeUserAgent(device.userAgent)}
            actions={
              <ConfirmDialog
                trigger="Stop trusting"
                triggerLabel={`Stop trusting ${describeUserAgent(device.userAgent)}`}
                variant="secondary"
                title="Stop trusting this device?"
                description="The next sign-in there asks for a second factor."
                confirmLabel="Stop trusting"
                action={distrustDevicesAction}
                fields={{ deviceId: device.id }}
              />
            }
          >
            Last seen <RelativeTime value={device.lastSeenAt} /> · trusted until{" "}
            <RelativeTime value={device.trustedUntil} />
          </Item>
        ))}
      </ItemList>
    </Section>
  );
}
