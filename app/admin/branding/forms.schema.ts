import { z } from "zod";
import { Branding } from "@/lib/branding/branding.schema";
import { SCHEMES } from "@/lib/shared/accent";

const emptyIsNull = (value: unknown) => (value === "" ? null : value);

export const BrandingForm = z.object({
  name: z.preprocess(emptyIsNull, Branding.shape.name),
  accent: z.preprocess(emptyIsNull, Branding.shape.accent),
  version: z.coerce.number<string>().int().min(0).max(999_999_999),
});

export const LogoForm = z.object({ scheme: z.enum(SCHEMES) });

export const Nothing = z.object({});
