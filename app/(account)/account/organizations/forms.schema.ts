import { z } from "zod";
import { Id } from "@/lib/shared/id.schema";

export const OrganizationForm = z.object({ id: Id });
