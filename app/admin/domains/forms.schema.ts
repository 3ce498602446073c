import { z } from "zod";
import { DomainName } from "@/lib/domains/domain.schema";
import { Id } from "@/lib/shared/id.schema";

export const AddDomainForm = z.object({ domain: DomainName });

export const DomainForm = z.object({ id: Id });
