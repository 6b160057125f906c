// An independent verifier of certificates, written from docs/protocol.md alone: Node.js and nothing else, except that
// each vote's signature is also checked by the reference engine's own `eddsa` scenario.
//
// Start: node verify-certificate.mjs FILE [FOLDER]      FOLDER holds node_modules with the npm package `zenroom`.
// Prints one JSON line and exits with 0; or says what does not hold and exits with 1.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const SKEW = 5000;
const [file, folder] = process.argv.slice(2);

const holds = (condition, what) => {
  if (!condition) throw new Error(what);
};
const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const toBase58 = (octets) => {
  let number = BigInt(`0x0${octets.toString("hex")}`);
  let text = "";
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  return "1".repeat(octets.findIndex((octet) => octet !== 0) === -1 ? octets.length : octets.findIndex((octet) => octet !== 0)) + text;
};
const fromBase58 = (text, length) => {
  let number = 0n;
  for (const character of text) {
    holds(ALPHABET.includes(character), `${text} is not base58`);
    number = number * 58n + BigInt(ALPHABET.indexOf(character));
  }
  const octets = Buffer.from(number.toString(16).padStart(2 * length, "0"), "hex");
  holds(octets.length === length && toBase58(octets) === text, `${text} is not ${length} octets`);
  return octets;
};

// RFC 8785: ECMAScript's own number and string forms, keys sorted by UTF-16 code units.
const jcs = (value) => {
  if (Array.isArray(value)) return `[${value.map(jcs).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${jcs(value[key])}`);
  return `{${members.join(",")}}`;
};
const digest = (text) => toBase58(sha256(text));

const keyOfDid = (did) => {
  holds(did.startsWith("did:dyne:zenswarm:"), `${did} is not a DID of a machine`);
  return did.slice("did:dyne:zenswarm:".length);
};
const isSigned = (key, text, signature) => {
  const x = fromBase58(key, 32).toString("base64url");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verify(null, Buffer.from(text), publicKey, fromBase58(signature, 64));
};
const textOf = (message) => `zenswarm/v1/${message.body.type}\n${jcs(message.body)}`;
const checkMessage = (message, type, swarm, sender) => {
  const { body, signature } = message;
  holds(body.type === type && body.suite === "eddsa", `a ${type} is of another type or suite`);
  holds(body.swarm === swarm, `the ${type} is another swarm's`);
  holds(body.sender === sender, `the ${type} is by another sender`);
  holds(body.expires_at > body.issued_at, `the ${type} never holds`);
  holds(isSigned(keyOfDid(sender), textOf(message), signature), `the signature of the ${type} is wrong`);
};

const seats = (policy, active) => {
  const words = policy.split(" ");
  const n = (text) => Number(text);
  if (words[0] === "full") return words[2] ? [n(words[2]), n(words[2])] : [active, active];
  if (words[0] === "bft") return [3 * n(words[1]) + 1, 2 * n(words[1]) + 1];
  if (words[0] === "majority") {
    const of = words[2] ? n(words[2]) : active;
    return [of, Math.floor(of / 2) + 1];
  }
  return [n(words[2]), n(words[0])];
};

const draw = (seed, population, count) => {
  let counter = 0n;
  let block = [];
  const word = () => {
    if (block.length === 0) {
      const octets = Buffer.alloc(8);
      octets.writeBigUInt64BE(counter);
      counter += 1n;
      const hash = sha256(seed, octets);
      block = [0, 8, 16, 24].map((at) => hash.readBigUInt64BE(at));
    }
    return block.shift();
  };
  const below = (bound) => {
    const surplus = 2n ** 64n % bound;
    for (;;) {
      const drawn = word();
      if (drawn < 2n ** 64n - surplus) return Number(drawn % bound);
    }
  };
  const places = Array.from({ length: population }, (_, place) => place);
  for (let place = 0; place < count; place += 1) {
    const other = place + below(BigInt(population - place));
    [places[place], places[other]] = [places[other], places[place]];
  }
  return places.slice(0, count);
};

// RFC 9162, 2.1.3.2.
const isIncluded = (leaf, index, size, path, root) => {
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = sha256(Buffer.from([1]), sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      hash = sha256(Buffer.from([1]), hash, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash.equals(root);
};

const readCheckpoint = (note, swarm, controller) => {
  const lines = note.split("\n");
  const text = `${lines.slice(0, 5).join("\n")}\n`;
  holds(lines[0] === `zenswarm/${swarm}`, "the checkpoint is another swarm's");
  holds(lines[5] === "" && lines[6].startsWith(`\u2014 ${lines[0]} `), "the checkpoint has another form");
  const signed = Buffer.from(lines[6].split(" ")[2], "base64");
  const keyHash = sha256(lines[0], Buffer.from([10, 1]), fromBase58(controller, 32)).subarray(0, 4);
  holds(signed.subarray(0, 4).equals(keyHash), "the checkpoint is signed by another key");
  holds(isSigned(controller, text, toBase58(signed.subarray(4))), "the signature of the checkpoint is wrong");
  const [, count, activeRoot] = lines[3].split(" ");
  return { text, root: Buffer.from(lines[2], "base64"), active: Number(count), activeRoot: Buffer.from(activeRoot, "base64") };
};

const check = (octets) => {
  const certificate = JSON.parse(octets.toString("utf8"));
  holds(Buffer.from(`${jcs(certificate)}\n`).equals(octets), "the file is not canonical");
  const { genesis, checkpoint: note, assignment, seats: proofs, outcome, votes, documents } = certificate.body;
  const { dissenters, equivocations, failures, laggards } = certificate.body;

  const controller = genesis.body.controller;
  const relay = `did:dyne:zenswarm:${controller}`;
  holds(isSigned(controller, textOf(genesis), genesis.signature), "the signature of the genesis record is wrong");
  const swarm = digest(textOf(genesis));
  checkMessage(certificate, "certificate", swarm, relay);
  const checkpoint = readCheckpoint(note, swarm, controller);

  checkMessage(assignment, "assignment", swarm, relay);
  const asked = assignment.body;
  holds(asked.checkpoint === digest(checkpoint.text), "the assignment names another checkpoint");
  const contract = asked.contract.text === undefined ? { name: asked.contract.name } : { text: asked.contract.text };
  holds(contract.text === undefined || digest(contract.text) === asked.contract.digest, "the contract's text is another");
  const deadline_ms = asked.deadline - asked.issued_at;
  const query = { contract, data: asked.data, policy: asked.policy, deadline_ms, errors: asked.errors };
  holds(digest(jcs(query)) === asked.query, "the assignment answers another query");

  const [of, quorum] = seats(asked.policy, checkpoint.active);
  holds(asked.committee.length === of && proofs.length === of, "the committee has another size than the policy says");
  const inputs = [fromBase58(asked.query, 32), checkpoint.root, fromBase58(asked.draw_nonce, 32)];
  const drawn = draw(sha256("zenswarm/v1/draw\n", ...inputs), checkpoint.active, of);
  asked.committee.forEach((did, seat) => {
    const { position, document, path } = proofs[seat];
    const leaf = sha256(Buffer.from([0]), jcs({ did, document }));
    const proof = path.map((text) => fromBase58(text, 32));
    holds(position === drawn[seat], `seat ${seat} is not the one that is drawn`);
    holds(isIncluded(leaf, position, checkpoint.active, proof, checkpoint.activeRoot), `seat ${seat} is not proved`);
  });

  const [kind, value] = Object.entries(outcome)[0];
  holds(kind === "result" || asked.errors === "allowed", "an error is no answer to this query");
  const answer = { [kind]: digest(jcs(value)) };
  const checkVote = (vote) => {
    const voter = vote.body.sender;
    holds(asked.committee.includes(voter), `${voter} has no seat`);
    const subject = { nonce: asked.nonce, assignment: digest(textOf(assignment)), query: asked.query, committee: digest(jcs(asked.committee)), contract: asked.contract.digest };
    for (const [field, expected] of Object.entries(subject)) holds(vote.body[field] === expected, `a vote is for another ${field}`);
    const at = vote.body.observed_at;
    holds(at + SKEW >= asked.issued_at && at <= asked.deadline + SKEW, "a vote is of another time");
    checkMessage(vote, "vote", swarm, voter);
    return voter;
  };
  const voters = votes.map(checkVote);
  holds(votes.every((vote) => jcs(vote.body.outcome) === jcs(answer)), "a vote is for another answer");
  holds(votes.length >= quorum, `${votes.length} votes, ${quorum} are needed`);
  holds(documents.length === votes.length, "a voter has no document");
  documents.forEach((document, number) => {
    holds(document.id === voters[number], "a document is not its voter's");
    holds(digest(jcs(document)) === proofs[asked.committee.indexOf(document.id)].document, "a document is of another time");
  });

  const dissent = dissenters.map(checkVote);
  holds(dissenters.every((vote) => jcs(vote.body.outcome) !== jcs(answer)), "a dissenter agrees");
  equivocations.flat().forEach(checkVote);
  const listed = [...voters, ...dissent, ...failures.map((failed) => failed.oracle), ...laggards];
  holds(jcs([...listed].sort()) === jcs([...asked.committee].sort()), "the committee is not each listed once");
  return { swarm, policy: asked.policy, quorum, of, signers: voters.length, votes };
};

const CONTRACT = `Scenario 'eddsa': check the vote of an oracle
Given I have a 'string' named 'vote'
Given I have a 'eddsa public key' named 'oracle'
Given I have a 'eddsa signature' named 'signature'
When I verify the 'vote' has a eddsa signature in 'signature' by 'oracle'
Then print the string 'the vote is authentic'
`;

try {
  const { votes, ...report } = check(readFileSync(file));
  if (folder) {
    const { zencode_exec } = createRequire(join(resolve(folder), "package.json"))("zenroom");
    for (const vote of votes) {
      const data = { vote: textOf(vote), oracle: keyOfDid(vote.body.sender), signature: vote.signature };
      await zencode_exec(CONTRACT, { data: JSON.stringify(data) });
    }
    report.verified_by_reference_engine = votes.length;
  }
  console.log(JSON.stringify(report));
} catch (error) {
  console.error(`the certificate does not hold: ${error.message ?? error.logs}`);
  process.exitCode = 1;
}
