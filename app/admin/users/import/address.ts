import "server-only";
import { USERS_PATH } from "@/app/admin/users/address";

export const IMPORT_PATH = `${USERS_PATH}/import`;

export const importPath = (id: string): string => `${IMPORT_PATH}/${encodeURIComponent(id)}`;
