// JSON Web Signatures and Tokens: `jose`, Node.js's own Ed25519, and secp256k1 of `@noble/curves`.
import { createHash, createPublicKey, verify } from "node:crypto";
import { base64, changed, contract, fromBase64, holds, need, refuses, same, url64 } from "./shared.mjs";

const jose = need("jose");
const { secp256k1 } = need("@noble/curves/secp256k1.js");

const order = { item: "lamp", pieces: "3" };
const text = (octets) => new TextDecoder().decode(octets);
const fails = async (promise, what) => holds(await promise.then(() => false, () => true), `${what}: taken`);

const sign = (algorithm) => `Scenario 'w3c'
Scenario '${algorithm}'
Given I have a 'keyring'
Given I have a 'string dictionary' named 'order'
When I create the ${algorithm} public key
When I create the jwk of ${algorithm} public key
When I create the jws header for '${algorithm}' signature
When I create the jws signature of header 'jws header' and payload 'order'
When I create the jws detached signature of header 'jws header' and payload 'order'
Then print the 'jws signature'
Then print the 'jws detached signature'
Then print the 'jwk'
Then print the '${algorithm} public key'
`;
const check = (algorithm) => `Scenario 'w3c'
Scenario '${algorithm}'
Given I have a 'string' named 'token'
Given I have a '${algorithm} public key'
When I verify the jws signature in 'token'
Then print the string 'authentic'
`;
const checkDetached = (algorithm) => `Scenario 'w3c'
Scenario '${algorithm}'
Given I have a 'string' named 'token'
Given I have a 'string' named 'message'
Given I have a '${algorithm} public key'
When I verify 'message' has a jws signature in 'token'
Then print the string 'authentic'
`;

// The numbers of a JSON Web Key as our keyring has them.
const number = (name, octets) => (jwk) => {
  const found = Buffer.from(jwk[name], "base64url");
  return Buffer.concat([Buffer.alloc(octets - found.length), found]);
};
const KINDS = {
  ES256: {
    ours: "es256",
    options: {},
    secret: (jwk) => number("d", 32)(jwk),
    public: (jwk) => Buffer.concat(["x", "y"].map((name) => number(name, 32)(jwk))),
  },
  RS256: {
    ours: "rsa",
    options: { modulusLength: 4096 },
    // Our last number is the inverse of the first prime, theirs that of the second.
    secret: (jwk) => Buffer.concat(["q", "p", "dq", "dp", "qi"].map((name) => number(name, 256)(jwk))),
    public: (jwk) => Buffer.concat([number("n", 512)(jwk), number("e", 4)(jwk)]),
  },
};
const made = async (algorithm) => {
  const kind = KINDS[algorithm];
  const pair = await jose.generateKeyPair(algorithm, { extractable: true, ...kind.options });
  return { ...kind, ...pair, jwk: await jose.exportJWK(pair.privateKey) };
};

const ourSignatureInJose = async (algorithm) => {
  const { ours, secret, jwk } = await made(algorithm);
  const output = contract(sign(ours), { data: { order }, keys: { keyring: { [ours]: base64(secret(jwk)) } } });
  const key = await jose.importJWK(output.jwk, algorithm);
  const { payload, protectedHeader } = await jose.compactVerify(output.jws_signature, key);
  same(JSON.parse(text(payload)), order, "the payload");
  same(protectedHeader, { alg: algorithm }, "the header");
  const [header, empty, signature] = output.jws_detached_signature.split(".");
  same(empty, "", "the payload of a detached signature");
  await jose.flattenedVerify({ protected: header, payload: url64(JSON.stringify(order)), signature }, key);
  await fails(jose.compactVerify(changed(output.jws_signature), key), "a changed token");
};
const signatureOfJoseInOurs = async (algorithm) => {
  const { ours, privateKey, jwk, public: publicOf } = await made(algorithm);
  const header = { alg: algorithm, kid: "a key", typ: "JWT" };
  const token = await new jose.CompactSign(new TextEncoder().encode("hello")).setProtectedHeader(header).sign(privateKey);
  const data = { token, message: "hello", [`${ours}_public_key`]: base64(publicOf(jwk)) };
  contract(check(ours), { data });
  const [head, , tail] = token.split(".");
  contract(checkDetached(ours), { data: { ...data, token: `${head}..${tail}` } });
  refuses(checkDetached(ours), { data: { ...data, token: `${head}..${tail}`, message: "hullo" } }, "another message");
  refuses(check(ours), { data: { ...data, token: changed(token, token.length - 9) } }, "a changed signature");
};

const PASSWORD = "seven quiet otters, a lamp and a boat";
const makeToken = `Scenario 'w3c'
Given I have a 'string dictionary' named 'ticket'
Given I have a 'string' named 'password'
When I create the json web token of 'ticket' using 'password'
Then print the 'json web token'
`;
const checkToken = `Scenario 'w3c'
Given I have a 'json web token' named 'ticket'
Given I have a 'string' named 'password'
When I verify the json web token in 'ticket' using 'password'
Then print the string 'the ticket is good'
`;

const signEddsa = `Scenario 'eddsa'
Given I have a 'string' named 'message'
When I create the eddsa key
When I create the eddsa public key
When I create the eddsa signature of 'message'
Then print the 'eddsa signature' as 'base64'
Then print the 'eddsa public key' as 'url64'
`;

export const facts = {
  "jose verifies our ES256 signatures, whole and detached": () => ourSignatureInJose("ES256"),
  "jose verifies our RS256 signatures, whole and detached": () => ourSignatureInJose("RS256"),
  "we verify jose's ES256 signatures, whole and detached": () => signatureOfJoseInOurs("ES256"),
  "we verify jose's RS256 signatures, whole and detached": () => signatureOfJoseInOurs("RS256"),
  "jose reads our tokens": async () => {
    const token = contract(makeToken, { data: { ticket: order, password: PASSWORD } }).json_web_token;
    const { payload } = await jose.jwtVerify(token, new TextEncoder().encode(PASSWORD));
    same(payload, order, "the claims");
    await fails(jose.jwtVerify(token, new TextEncoder().encode("another password")), "another password");
  },
  "we read jose's tokens": async () => {
    const token = new jose.SignJWT(order).setProtectedHeader({ alg: "HS256", typ: "JWT" });
    const ticket = await token.sign(new TextEncoder().encode(PASSWORD));
    contract(checkToken, { data: { ticket, password: PASSWORD } });
    refuses(checkToken, { data: { ticket, password: "another password" } }, "another password");
  },
  "Node.js verifies our Ed25519 signatures": () => {
    const output = contract(signEddsa, { data: { message: "hello" } });
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: output.eddsa_public_key }, format: "jwk" });
    const signature = fromBase64(output.eddsa_signature);
    holds(verify(null, Buffer.from("hello"), key, signature), "the signature is refused");
    holds(!verify(null, Buffer.from("hullo"), key, signature), "another message is taken");
  },
  "our ES256K is ECDSA over half of SHA-512, and not that of RFC 8812": () => {
    const secret = secp256k1.utils.randomSecretKey();
    const output = contract(sign("ecdh"), { data: { order }, keys: { keyring: { ecdh: base64(secret) } } });
    const [header, payload, tail] = output.jws_signature.split(".");
    const digest = (name) => createHash(name).update(`${header}.${payload}`).digest().subarray(0, 32);
    const isOf = (name) =>
      secp256k1.verify(Buffer.from(tail, "base64url"), digest(name), fromBase64(output.ecdh_public_key), { prehash: false, lowS: false });
    holds(isOf("sha512"), "the signature is refused");
    holds(!isOf("sha256"), "the signature is that of RFC 8812, and this fact is out of date");
    // And the other way round.
    const signed = secp256k1.sign(digest("sha512"), secret, { prehash: false });
    const data = { ecdh_public_key: output.ecdh_public_key };
    contract(check("ecdh"), { data: { ...data, token: `${header}.${payload}.${url64(signed)}` } });
    const standard = secp256k1.sign(digest("sha256"), secret, { prehash: false });
    refuses(check("ecdh"), { data: { ...data, token: `${header}.${payload}.${url64(standard)}` } }, "a token of RFC 8812");
  },
};
