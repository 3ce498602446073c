import { z } from "zod";
import { Id } from "@/lib/shared/id.schema";

export const MessageForm = z.object({ id: Id });

export const EveryMessageForm = z.object({});
