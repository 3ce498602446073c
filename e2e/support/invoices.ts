import { randomBytes } from "node:crypto";
import type pg from "pg";
import { v7 as newId } from "uuid";

export interface AddedInvoice {
  id: string;
  number: string;
  customer: string;
}

/** An invoice of the default organization, with a number that no other has. */
export async function addInvoice(
  database: pg.Pool,
  ownerId: string,
  {
    customer = "Ada & Co",
    amount = 12_345,
    status = "draft",
    createdAt = new Date(),
  }: { customer?: string; amount?: number; status?: string; createdAt?: Date } = {},
): Promise<AddedInvoice> {
  const id = newId();
  const number = `T-${randomBytes(5).toString("hex").toUpperCase()}`;
  await database.query(
    `INSERT INTO invoices (id, organization_id, owner_id, number, customer, customer_key, amount,
                           currency, status, created_at)
     SELECT $1, default_organization_id, $2, $3, $4, lower($4), $5, 'EUR', $6, $7
       FROM instance`,
    [id, ownerId, number, customer, amount, status, createdAt],
  );
  return { id, number, customer };
}
