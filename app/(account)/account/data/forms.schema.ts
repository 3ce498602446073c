import { z } from "zod";
import { Email } from "@/lib/shared/email.schema";

export const DeletionForm = z.object({ email: Email });

export const Nothing = z.object({});
