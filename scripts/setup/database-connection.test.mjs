import { expect, test } from "vitest";
import { explainConnection } from "./database-connection.mjs";

const URL = "postgresql://ann:s%40cret@db.example.com/house";

test.each([
  ["ECONNREFUSED", "", "nothing accepts connections at db.example.com:5432"],
  ["ENOTFOUND", "", "the host of db.example.com:5432 is unknown"],
  ["28P01", "", 'the password for user "ann" at db.example.com:5432 is wrong'],
  ["3D000", "", 'there is no database "house" at db.example.com:5432'],
  ["", "timeout expired", "db.example.com:5432 does not answer"],
  ["XX000", "odd", "cannot connect to db.example.com:5432: odd"],
])("%s says what is wrong, never the password", (code, message, expected) => {
  const failure = explainConnection(URL, Object.assign(new Error(message), { code }));
  expect(failure.message).toContain(expected);
  expect(failure.message).not.toMatch(/s%40cret|s@cret/);
});
