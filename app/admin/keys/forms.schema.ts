import { z } from "zod";

export const RotationForm = z.object({});
