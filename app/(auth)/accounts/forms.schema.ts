import { z } from "zod";
import { Email } from "@/lib/shared/email.schema";

/** Where the account that is chosen goes on. */
export const ReturnForm = z.object({ returnTo: z.string().optional() });

/** One of the accounts that the browser keeps, by the address that it keeps it under. */
export const KeptAccountForm = ReturnForm.extend({ account: Email });
