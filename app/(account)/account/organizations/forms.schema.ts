import { z } from "zod";
import { PreviewIntent } from "@/app/_impact/intent.schema";
import { Id } from "@/lib/shared/id.schema";

export const OrganizationForm = z.object({ id: Id });

export const LeaveForm = OrganizationForm.extend(PreviewIntent.shape);
