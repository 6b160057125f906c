// Makes a keyring with the reference engine: what the contracts that sign get as KEYS, on every server.
//
// Start: node keyring.mjs PACKAGES      PACKAGES holds node_modules with `zenroom`. It prints JSON.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const packages = resolve(process.argv.at(-1));
const { zencode_exec } = createRequire(join(packages, "package.json"))("zenroom");
const contract = `Scenario 'ecdh': keys
Scenario 'qp': keys
Given nothing
When I create the ecdh key
When I create the dilithium key
Then print the 'keyring'
`;
const { result } = await zencode_exec(contract, {});
console.log(result);
