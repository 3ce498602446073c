import { z } from "zod";
import { Email } from "@/lib/shared/email.schema";

/** One of the accounts that the browser keeps, by the address that it keeps it under. */
export const KeptAccountForm = z.object({ account: Email, returnTo: z.string().optional() });
