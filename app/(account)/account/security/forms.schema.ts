import { z } from "zod";

const ReturnTo = z.string().optional();

export const StartTotpForm = z.object({ returnTo: ReturnTo });

export const ConfirmTotpForm = z.object({
  code: z
    .string()
    .trim()
    .min(1, "Enter the code that your app shows.")
    .max(20, "That is too long."),
  returnTo: ReturnTo,
});

export const RecoveryCodesForm = z.object({ replace: z.literal("on").optional() });

export const Nothing = z.object({});

export const DeviceForm = z.object({ deviceId: z.uuid().optional() });
