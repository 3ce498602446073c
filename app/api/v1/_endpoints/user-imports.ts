import "server-only";
import { z } from "zod";
import { csvReply } from "@/app/api/csv-reply";
import { endpoint } from "@/app/api/endpoint";
import { notFound } from "@/app/api/problems";
import { jsonReply } from "@/lib/platform/http/reply";
import { exportRemarks, viewImport } from "@/lib/user-imports/list-imports";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

const ImportParams = z.object({ id: z.string() });

const Resource = z.object({
  id: z.uuid(),
  format: z.string(),
  state: z.enum(["checked", "running", "finished"]),
  rowCount: z.int(),
  badCount: z.int(),
  cursor: z.int().describe("How many rows have been looked at."),
  createdCount: z.int(),
  createdAt: z.iso.datetime(),
});

const getImportEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/user-imports/{id}",
  tag: "Users",
  summary: "How far an import is",
  access: USER_PERMISSIONS.manage,
  params: ImportParams,
  responses: { 200: { description: "The import", schema: Resource } },
  run: async ({ caller, params: { id } }) => {
    const found = await viewImport(caller, id, 0);
    if (found === null) throw notFound("import");
    const { remarks: _none, ...record } = found;
    return jsonReply(200, { ...record, createdAt: record.createdAt.toISOString() });
  },
});

const exportRemarksEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/user-imports/{id}/remarks.csv",
  tag: "Users",
  summary: "What was found in the rows of an import, as a file",
  access: USER_PERMISSIONS.manage,
  params: ImportParams,
  responses: { 200: { description: "A file (RFC 4180)" } },
  run: async ({ caller, params: { id } }) => {
    const file = await exportRemarks(caller, id);
    if (file === null) throw notFound("import");
    return csvReply("import", file);
  },
});

export const USER_IMPORT_ENDPOINTS = [getImportEndpoint, exportRemarksEndpoint];
