// Proofs of credentials and DID documents: secp256k1 of `@noble/curves`, and P-256 of `jose`.
import { createHash } from "node:crypto";
import { base64, contract, holds, need, refuses, same, url64 } from "./shared.mjs";

const jose = need("jose");
const { secp256k1 } = need("@noble/curves/secp256k1.js");

// Names in order, no blanks: as both are signed.
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
};
// SHA-512, of which 32 octets are signed: the reference engine's ES256K, not that of RFC 8812.
const digest = (header, document) =>
  createHash("sha512").update(`${header}.${url64(canonical(document))}`).digest().subarray(0, 32);

const sign = `Scenario 'w3c'
Given I have a 'keyring'
Given I have a 'string dictionary' named 'diploma'
When I sign the verifiable credential named 'diploma'
Then print the 'diploma'
`;
const checkCredential = `Scenario 'w3c'
Given I have a 'verifiable credential' named 'diploma'
Given I have a 'ecdh public key'
When I verify the verifiable credential named 'diploma'
Then print the string 'authentic'
`;
const check = (algorithm) => `Scenario 'w3c'
Scenario '${algorithm}'
Given I have a 'did document'
Given I have a '${algorithm} public key'
When I verify the did document named 'did document'
Then print the string 'authentic'
`;

const pair = () => {
  const secret = secp256k1.utils.randomSecretKey();
  return { secret, publicKey: secp256k1.getPublicKey(secret, false) };
};
const diploma = { name: "Ada", degree: "mathematics", school: { city: "London" } };
const document = {
  "@context": ["https://www.w3.org/ns/did/v1"],
  id: "did:dyne:example:2s5wmQjZeYtpckyHakLiP5ujWKDL1M2b8CiP6vwajNrK",
  description: "an oracle, è",
};

export const facts = {
  "noble verifies the proof of our credential": () => {
    const { secret, publicKey } = pair();
    const signed = contract(sign, { data: { diploma }, keys: { keyring: { ecdh: base64(secret) } } }).diploma;
    const { proof, ...rest } = signed;
    same(canonical(rest), canonical(diploma), "what is signed");
    const [header, empty, signature] = proof.jws.split(".");
    same(empty, "", "the payload of a detached signature");
    const isOf = (content) =>
      secp256k1.verify(Buffer.from(signature, "base64url"), digest(header, content), publicKey, { prehash: false, lowS: false });
    holds(isOf(diploma), "the proof is refused");
    holds(!isOf({ ...diploma, name: "Eve" }), "another name is taken");
  },
  "we verify a credential that noble signed": () => {
    const { secret, publicKey } = pair();
    const header = url64(JSON.stringify({ alg: "ES256K", b64: true, crit: ["b64"] }));
    const jws = `${header}..${url64(secp256k1.sign(digest(header, diploma), secret, { prehash: false }))}`;
    const data = { diploma: { ...diploma, proof: { jws } }, ecdh_public_key: base64(publicKey) };
    contract(checkCredential, { data });
    refuses(checkCredential, { data: { ...data, diploma: { ...data.diploma, name: "Eve" } } }, "another name");
  },
  "we verify a DID document that noble signed": () => {
    const { secret, publicKey } = pair();
    const header = url64(JSON.stringify({ alg: "ES256K" }));
    const jws = `${header}..${url64(secp256k1.sign(digest(header, document), secret, { prehash: false }))}`;
    const data = { did_document: { ...document, proof: { jws } }, ecdh_public_key: base64(publicKey) };
    contract(check("ecdh"), { data });
    refuses(check("ecdh"), { data: { ...data, did_document: { ...data.did_document, description: "another" } } }, "another text");
    refuses(check("ecdh"), { data: { ...data, ecdh_public_key: base64(pair().publicKey) } }, "another key");
  },
  "we verify a DID document that jose signed": async () => {
    const { privateKey } = await jose.generateKeyPair("ES256", { extractable: true });
    const { x, y } = await jose.exportJWK(privateKey);
    const signed = await new jose.CompactSign(new TextEncoder().encode(canonical(document))).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
    const [header, , signature] = signed.split(".");
    const publicKey = Buffer.concat([x, y].map((text) => Buffer.from(text, "base64url")));
    const data = { did_document: { ...document, proof: { jws: `${header}..${signature}` } }, es256_public_key: base64(publicKey) };
    contract(check("es256"), { data });
    refuses(check("es256"), { data: { ...data, did_document: { ...data.did_document, description: "another" } } }, "another text");
  },
};
