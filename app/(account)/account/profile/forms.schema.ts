import { z } from "zod";
import { Email } from "@/lib/shared/email.schema";

export const EmailForm = z.object({ email: Email });

export const Nothing = z.object({});
