// Ethereum transactions, messages, addresses and calls: `micro-eth-signer`.
import { contract, fromHex, hex, holds, need, refuses, same } from "./shared.mjs";

const { Transaction, addr, eip191Signer } = need("micro-eth-signer");
const { createContract } = need("micro-eth-signer/abi.js");
const { secp256k1 } = need("@noble/curves/secp256k1.js");

const account = () => {
  const { privateKey, address } = addr.random();
  const publicKey = hex(secp256k1.getPublicKey(fromHex(privateKey), false));
  return { secret: privateKey.replace(/^0x/, ""), address, publicKey };
};
const TO = "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816";
const payment = { nonce: "130", to: TO, "gas price": "100000000000", "gas limit": "300000", value: "12345678901234567890" };

const sign = `Scenario 'ethereum'
Given I have a 'keyring'
Given I have a 'ethereum transaction'
When I create the signed ethereum transaction for chain '1337'
Then print the 'signed ethereum transaction'
`;
const check = `Scenario 'ethereum'
Given I have a 'signed ethereum transaction'
Given I have a 'ethereum public key'
When I verify the signed ethereum transaction from 'ethereum public key'
Then print the string 'authentic'
`;
const signMessage = `Scenario 'ethereum'
Given I have a 'keyring'
Given I have a 'string' named 'message'
When I create the ethereum signature of 'message'
When I create the ethereum address
Then print the 'ethereum signature'
Then print the 'ethereum address'
`;
const checkMessage = `Scenario 'ethereum'
Given I have a 'ethereum signature'
Given I have a 'ethereum address' named 'Ugo'
Given I have a 'string' named 'message'
When I verify the 'message' has a ethereum signature in 'ethereum signature' by 'Ugo'
Then print the string 'authentic'
`;
const transfer = `Scenario 'ethereum'
Given I have a 'ethereum transaction'
Given I have a 'ethereum address' named 'to'
Given I have a 'integer' named 'n'
When I use the ethereum transaction to transfer 'n' erc20 tokens to 'to'
Then print the 'ethereum transaction'
`;
const encode = `Scenario 'ethereum'
Given I have a 'string array' named 'types'
Given I have a 'hex array' named 'values'
When I create the ethereum abi encoding of 'values' using 'types'
Then print 'ethereum abi encoding'
`;

export const facts = {
  "micro-eth-signer reads our signed transaction and finds its sender": () => {
    for (const data of ["", "00ff".repeat(40)]) {
      const { secret, address } = account();
      const transaction = data === "" ? payment : { ...payment, data };
      const output = contract(sign, { data: { ethereum_transaction: transaction }, keys: { keyring: { ethereum: secret } } });
      const read = Transaction.fromHex(`0x${output.signed_ethereum_transaction}`);
      same([read.type, read.sender, read.verifySignature()], ["legacy", address, true], "type, sender and signature");
      const { raw } = read;
      const found = [raw.nonce, raw.to, raw.gasPrice, raw.gasLimit, raw.value, raw.chainId].map(String);
      const { nonce, "gas price": price, "gas limit": limit, value } = payment;
      same(found, [nonce, TO, price, limit, value, "1337"], "what is signed");
      same(raw.data.replace(/^0x/, ""), data, "the data");
      same(read.toHex(), `0x${output.signed_ethereum_transaction}`, "the transaction written again");
    }
  },
  "we verify micro-eth-signer's signed transaction": () => {
    const { secret, publicKey } = account();
    const fields = { type: "legacy", nonce: 0n, to: TO, gasPrice: 10n ** 11n, gasLimit: 300000n, value: 7n, chainId: 5n };
    const signed = Transaction.prepare(fields).signBy(secret).toHex().slice(2);
    const data = { signed_ethereum_transaction: signed, ethereum_public_key: publicKey };
    contract(check, { data });
    refuses(check, { data: { ...data, ethereum_public_key: account().publicKey } }, "another signer");
    // The value of 7 becomes 6.
    const other = signed.replace(`${TO.slice(2).toLowerCase()}07`, `${TO.slice(2).toLowerCase()}06`);
    holds(other !== signed, "the value is not where it is changed");
    refuses(check, { data: { ...data, signed_ethereum_transaction: other } }, "another value");
  },
  "micro-eth-signer finds the signer of our message": () => {
    const { secret, address } = account();
    const output = contract(signMessage, { data: { message: "hello, Ada" }, keys: { keyring: { ethereum: secret } } });
    same(output.ethereum_address, address, "the address and its checksum");
    same(eip191Signer.recoverAddress(output.ethereum_signature, "hello, Ada"), address, "the signer");
    // Both draw the nonce from key and message.
    same(output.ethereum_signature, eip191Signer.sign("hello, Ada", secret, false), "the signature");
  },
  "we verify micro-eth-signer's message": () => {
    const { secret, address } = account();
    const data = { message: "hello, Ada", ethereum_signature: eip191Signer.sign("hello, Ada", secret), Ugo: address };
    contract(checkMessage, { data });
    refuses(checkMessage, { data: { ...data, message: "hello, Eve" } }, "another message");
    refuses(checkMessage, { data: { ...data, Ugo: account().address } }, "another signer");
  },
  "micro-eth-signer writes the same calls and arguments": () => {
    const erc20 = [{ type: "function", name: "transfer", inputs: [{ name: "to", type: "address" }, { name: "value", type: "uint256" }], outputs: [] }];
    const call = hex(createContract(erc20).transfer.encodeInput({ to: TO, value: 12345678901234567890n }));
    const output = contract(transfer, { data: { ethereum_transaction: payment, to: TO, n: "12345678901234567890" } });
    same(output.ethereum_transaction.data, call, "a transfer");
    // The example of "Use of Dynamic Types" in the ABI specification of Solidity, and texts in an array.
    const text = (letters) => hex(Buffer.from(letters));
    const types = ["uint256", "uint32[]", "bytes10", "bytes", "string[]"];
    const inputs = types.map((type, place) => ({ name: `a${place}`, type }));
    const abi = [{ type: "function", name: "f", inputs, outputs: [] }];
    const octets = { a2: Buffer.from("1234567890"), a3: Buffer.from("Hello, world!") };
    const theirs = { a0: 0x123n, a1: [0x456n, 0x789n], a2: Uint8Array.from(octets.a2), a3: Uint8Array.from(octets.a3), a4: ["one", "two", "three"] };
    const values = ["0123", ["0456", "0789"], hex(octets.a2), hex(octets.a3), ["one", "two", "three"].map(text)];
    const expected = hex(createContract(abi).f.encodeInput(theirs)).slice(8);
    same(contract(encode, { data: { types, values } }).ethereum_abi_encoding, expected, "arguments");
  },
};
