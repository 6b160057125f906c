// Bitcoin keys, addresses and transactions: `@scure/btc-signer`.
import { contract, fromHex, hex, holds, need, refuses, same } from "./shared.mjs";

const bitcoin = need("@scure/btc-signer");
const { secp256k1 } = need("@noble/curves/secp256k1.js");

const KINDS = [
  ["bitcoin", bitcoin.NETWORK],
  ["testnet", bitcoin.TEST_NETWORK],
];
const wallet = (network) => {
  const secret = secp256k1.utils.randomSecretKey();
  const publicKey = secp256k1.getPublicKey(secret, true);
  const { address, script } = bitcoin.p2wpkh(publicKey, network);
  return { secret, publicKey, address, script, wif: bitcoin.WIF(network).encode(secret) };
};
const keys = (kind) => `Scenario 'bitcoin'
Given I have a 'keyring'
When I create the ${kind} public key
When I create the ${kind} address
Then print the '${kind} public key' as 'hex'
Then print the '${kind} address'
`;
const spend = (kind) => `Scenario 'bitcoin'
Given I have a 'keyring'
Given I have a '${kind} address' named 'sender'
Given I have a '${kind} address' named 'recipient'
Given I have a 'satoshi fee'
Given I have a 'satoshi amount'
Given I have a '${kind} unspent'
When I create the ${kind} transaction
When I sign the ${kind} transaction
When I create the ${kind} raw transaction
Then print '${kind} raw transaction'
`;
const readAddress = (kind) => `Scenario 'bitcoin'
Given I have a '${kind} address' named 'a'
Then print the 'a'
`;

export const facts = {
  "our keys and addresses are those of btc-signer": () => {
    for (const [kind, network] of KINDS) {
      const { wif, publicKey, address } = wallet(network);
      const output = contract(keys(kind), { keys: { keyring: { [kind]: wif } } });
      same(output[`${kind}_public_key`], hex(publicKey), "the public key");
      same(output[`${kind}_address`], address, "the address");
      const generated = `Scenario 'bitcoin'\nGiven nothing\nWhen I create the ${kind} key\nThen print the 'keyring'\n`;
      const { keyring } = contract(generated);
      holds(secp256k1.utils.isValidSecretKey(bitcoin.WIF(network).decode(keyring[kind])), "the key is refused");
    }
  },
  "we read the addresses of btc-signer and refuse them damaged": () => {
    const { address } = wallet(bitcoin.NETWORK);
    same(contract(readAddress("bitcoin"), { data: { a: address } }), { a: address }, "the address");
    for (const place of [5, 20, address.length - 1]) {
      const letter = address[place] === "q" ? "p" : "q";
      const a = address.slice(0, place) + letter + address.slice(place + 1);
      refuses(readAddress("bitcoin"), { data: { a } }, `letter ${place} changed`);
    }
  },
  "btc-signer reads our transaction and verifies each signature": () => {
    for (const [kind, network] of KINDS) {
      const [sender, recipient] = [wallet(network), wallet(network)];
      const outputs = [["aa".repeat(32), 300, 100n], ["bb".repeat(32), 0, 5000n]];
      const amounts = ["0.000001", "0.00005"];
      const unspent = outputs.map(([txid, vout], place) => ({ txid, vout, amount: amounts[place], address: sender.address }));
      const data = { sender: sender.address, recipient: recipient.address, "satoshi amount": "4000", "satoshi fee": "141", [`${kind} unspent`]: unspent };
      const raw = contract(spend(kind), { data, keys: { keyring: { [kind]: sender.wif } } })[`${kind}_raw_transaction`];
      const read = bitcoin.Transaction.fromRaw(fromHex(raw));
      same([read.version, read.lockTime, read.inputsLength, read.outputsLength], [2, 0, 2, 2], "the parts");
      same([0, 1].map((place) => read.getOutputAddress(place, network)), [recipient.address, sender.address], "who is paid");
      same([0, 1].map((place) => String(read.getOutput(place).amount)), ["4000", "959"], "how much");
      outputs.forEach(([txid, vout, amount], place) => {
        const input = read.getInput(place);
        same([hex(input.txid), input.index], [txid, vout], "what is spent");
        const [signature, publicKey] = input.finalScriptWitness;
        same(hex(publicKey), hex(sender.publicKey), "whose it is");
        same(signature.at(-1), bitcoin.SigHash.ALL, "what is signed");
        const script = bitcoin.OutScript.encode({ type: "pkh", hash: sender.script.slice(2) });
        const digest = read.preimageWitnessV0(place, script, bitcoin.SigHash.ALL, amount);
        const isOf = (message) => secp256k1.verify(signature.slice(0, -1), message, publicKey, { prehash: false, format: "der" });
        holds(isOf(digest), `signature ${place} is refused`);
        holds(!isOf(read.preimageWitnessV0(place, script, bitcoin.SigHash.ALL, amount + 1n)), "another amount is taken");
      });
      same(hex(read.toBytes(true, true)), raw, "the transaction written again");
    }
  },
};
