import "server-only";

/** The people of the demo, one address each: given name, family name, role. */
const GIVEN = ["Amara", "Bruno", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hiro"];
const FAMILY = ["Okafor", "Silva", "Rossi", "Lindqvist", "Kaya"];

export interface DemoPerson {
  email: string;
  name: string;
  role: string;
}

/** One for each default role, whose passwords are told, and forty more users. */
export function demoPeople(): { named: DemoPerson[]; others: DemoPerson[] } {
  const named = ["Admin", "Manager", "User"].map((role) => ({
    email: `${role.toLowerCase()}@demo.example`,
    name: `Demo ${role}`,
    role,
  }));
  const others = FAMILY.flatMap((family) =>
    GIVEN.map((given) => ({
      email: `${given}.${family}@demo.example`.toLowerCase(),
      name: `${given} ${family}`,
      role: "User",
    })),
  );
  return { named, others };
}

export const CUSTOMERS = [
  "Harbour & Sons",
  "Nordlicht GmbH",
  "Café Miró",
  "Blue Mesa Outfitters",
  "Sakura Prints",
  "Atelier Lumière",
  "Tidewater Books",
  "Old Mill Bakery",
];
