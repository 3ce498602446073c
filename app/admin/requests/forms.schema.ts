import { z } from "zod";
import { PreviewIntent } from "@/app/_impact/intent.schema";
import { Acknowledgement, ReviewNote } from "@/lib/access-requests/access-request.schema";
import { Id } from "@/lib/shared/id.schema";

export const ReviewForm = z.object({ requestId: Id, note: ReviewNote });

export const ApproveForm = ReviewForm.extend(PreviewIntent.shape);

export const AcknowledgeForm = z.object({ requestId: Id, note: Acknowledgement });

export const EndForm = z.object({ requestId: Id, ...PreviewIntent.shape });
