import { z } from "zod";
import {
  ConnectionChange,
  ConnectionInput,
  ConnectionSecret,
} from "@/lib/federation/connection.schema";
import { Id } from "@/lib/shared/id.schema";

const confirm = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");
const Existing = z.object({
  id: Id,
  version: z.coerce.number<string>().int().min(1).max(999_999_999),
});

export const NewConnectionForm = ConnectionInput;
export const ChangeConnectionForm = ConnectionChange.extend(Existing.shape);
export const SecretForm = ConnectionSecret.extend(Existing.shape);
export const SwitchForm = Existing.extend({ confirm });
export const TestForm = z.object({ id: Id });
export const DeleteConnectionForm = z.object({ id: Id, confirm });
