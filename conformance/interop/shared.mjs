// What the topics share: the packages, our interpreter, and conditions that say what does not hold.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [program, parts, scratch] = process.argv.slice(2);

// A package of the folder of parts, which is not beside this file.
export const need = createRequire(join(resolve(parts), "package.json"));

export const holds = (condition, what) => {
  if (!condition) throw new Error(what);
};
export const same = (found, expected, what) => {
  const [left, right] = [found, expected].map((value) => JSON.stringify(value));
  holds(left === right, `${what}: found ${left}, expected ${right}`);
};

export const hex = (octets) => Buffer.from(octets).toString("hex");
export const fromHex = (text) => Uint8Array.from(Buffer.from(text.replace(/^0x/, ""), "hex"));
export const base64 = (octets) => Buffer.from(octets).toString("base64");
export const fromBase64 = (text) => Uint8Array.from(Buffer.from(text, "base64"));
export const url64 = (octets) => Buffer.from(octets).toString("base64url");
// A changed letter in the middle of a text, of the same alphabet.
export const changed = (text, at = text.length >> 1) => text.slice(0, at) + (text[at] === "1" ? "2" : "1") + text.slice(at + 1);

const file = (name, text) => {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
};

// Runs a contract as `zenswarm zenroom` and returns what it printed.
export const contract = (script, { data = {}, keys = {} } = {}) => {
  const inputs = ["-a", file("data.json", JSON.stringify(data)), "-k", file("keys.json", JSON.stringify(keys))];
  const options = { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
  return JSON.parse(execFileSync(program, ["zenroom", "-z", ...inputs, file("contract.zen", script)], options));
};

// The contract has to end with exit code 1: refused, not broken.
export const refuses = (script, inputs, what) => {
  try {
    contract(script, inputs);
  } catch (error) {
    holds(error.status === 1 && !String(error.stderr).includes("panicked"), `${what}: broken instead of refused\n${error.stderr}`);
    return;
  }
  throw new Error(`${what}: taken`);
};
