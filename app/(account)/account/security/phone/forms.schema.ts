import { z } from "zod";

const ReturnTo = z.string().optional();

export const StartPhoneForm = z.object({
  number: z.string().trim().min(1, "Enter a telephone number.").max(40, "That is too long."),
  returnTo: ReturnTo,
});

export const ConfirmPhoneForm = z.object({
  code: z
    .string()
    .trim()
    .min(1, "Enter the code that we sent to your telephone.")
    .max(20, "That is too long."),
  returnTo: ReturnTo,
});
