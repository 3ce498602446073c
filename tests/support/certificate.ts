import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A DER value of ASN.1 with its tag and length. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length =
    body.length < 128
      ? Buffer.from([body.length])
      : Buffer.from([0x82, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const octets = (hex: string) => Buffer.from(hex, "hex");
/** Object identifiers as they are encoded. */
const ECDSA_WITH_SHA256 = sequence(octets("06082a8648ce3d040302"));
const COMMON_NAME = octets("0603550403");
const SUBJECT_ALTERNATIVE_NAME = octets("0603551d11");
const BASIC_CONSTRAINTS = octets("0603551d13");

const time = (daysFromNow: number) => {
  const text = new Date(Date.now() + daysFromNow * 86_400_000).toISOString();
  return der(0x17, Buffer.from(`${text.replace(/[-:T]/g, "").slice(2, 14)}Z`));
};

/** A certificate of its own for 127.0.0.1, good for a day: nothing that could lie about and expire. */
export function aCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  // Two of one name are taken for each other.
  const subject = Buffer.from(`client server of a test ${randomBytes(8).toString("hex")}`);
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, subject))));
  const names = sequence(
    der(0x87, Buffer.from([127, 0, 0, 1])),
    der(0x82, Buffer.from("localhost")),
  );
  const extensions = sequence(
    sequence(BASIC_CONSTRAINTS, der(0x04, sequence(octets("0101ff")))),
    sequence(SUBJECT_ALTERNATIVE_NAME, der(0x04, names)),
  );
  const serial = randomBytes(8);
  serial[0] = 0x01;
  const content = sequence(
    der(0xa0, octets("020102")),
    der(0x02, serial),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(-1), time(1)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const signature = sign("sha256", content, privateKey);
  const certificate = sequence(content, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature));
  return {
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`,
  };
}
