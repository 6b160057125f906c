//! What is said about each scenario: its title, what it is for, and why one is missing.

/// A scenario of the language or of the reference engine.
#[derive(Debug)]
pub(crate) struct Note {
    pub(crate) name: &'static str,
    /// The heading of its page.
    pub(crate) title: &'static str,
    /// What it is for: one paragraph.
    pub(crate) about: &'static str,
    /// Why it will not be there.
    pub(crate) refused: Option<&'static str>,
}

const fn note(name: &'static str, title: &'static str, about: &'static str) -> Note {
    Note { name, title, about, refused: None }
}

const fn refused(name: &'static str, title: &'static str, about: &'static str, why: &'static str) -> Note {
    Note { name, title, about, refused: Some(why) }
}

/// What is known of a scenario.
pub(crate) fn note_of(name: &str) -> Option<&'static Note> {
    NOTES.iter().find(|note| note.name == name)
}

/// Every scenario, those of the language first.
pub(crate) const NOTES: &[Note] = &[
    note(
        "given",
        "Given: what comes in",
        "A `Given` line declares one input: its type, its name, and where among the data it stands. What no line declares is dropped. \
         The lines are checked in order, and the first input that is missing or of another type ends the run.",
    ),
    note(
        "when",
        "When: making, moving and changing objects",
        "A `When` line works on the objects in memory. An object is never overwritten: what is made under a name that is taken ends \
         the run, so rename or remove the first one.",
    ),
    note(
        "then",
        "Then: what goes out",
        "A `Then` line adds to the output, which is one line of JSON with sorted keys. Without `as`, octets are printed in the encoding that \
         they came in with, and what was made in the encoding of `Rule output encoding`.",
    ),
    note(
        "verify",
        "Verify: conditions",
        "Each of these is said in two ways. After `When`, the run ends if it does not hold. After `If`, the lines up to `EndIf` are left out.",
    ),
    note(
        "foreach",
        "Foreach: loops",
        "The lines up to `EndForeach` are repeated, with the present item under the name that the loop gives it. Nothing is printed inside a \
         loop. `maxiter` in the configuration limits the turns.",
    ),
    note("array", "Array: lists", "Making lists, filling them, and summing up what they hold."),
    note(
        "dictionary",
        "Dictionary: records",
        "Dictionaries hold values by name. These statements search in many of them at once, sum up one of their fields, and copy what they hold.",
    ),
    note(
        "table",
        "Table: members of lists and records",
        "A table is an array or a dictionary. These statements move, copy, look for and remove single members of either.",
    ),
    note(
        "math",
        "Math: the four operations and expressions",
        "Both sides are of one kind: integers of any size, numbers with a fraction, or times. A result is made under the name `result`.",
    ),
    note(
        "random",
        "Random: octets, numbers and picks",
        "Everything is drawn from the run's generator, in the order of the lines. Under one `rngseed` a contract draws the same values, here and \
         in the reference engine.",
    ),
    note(
        "hash",
        "Hash: digests, authentication codes and derived keys",
        "The functions are `sha256`, `sha512`, `sha3_256`, `sha3_512`, `keccak256` and `shake256`. Where a sentence names none, it is `sha256` or what \
         `Rule set hash` says.",
    ),
    note(
        "time",
        "Time: seconds, dates and texts",
        "A time is a count of seconds since 1970. It is turned into a date table (year, month, day, hour, min, sec) or into a text, and back.",
    ),
    note(
        "pack",
        "Pack: MessagePack",
        "Any object as octets, and back, in MessagePack with the extensions of the reference engine.",
    ),
    note(
        "keyring",
        "Keyring: secret keys",
        "The object `keyring` holds the secret keys of a contract, one for each algorithm. Scenarios add their keys to it.",
    ),
    note(
        "debug",
        "Debug: looking inside a run",
        "These write to the log what the run knows, and change nothing. They are for trying a contract, not for serving it.",
    ),
    note(
        "ecdh",
        "ecdh: ECDSA, ECDH and secret messages",
        "Keys on the curve secp256k1. Signatures are ECDSA over SHA-256, secret messages are AES-GCM under a password or under a key that two \
         key pairs agree on.",
    ),
    note("eddsa", "eddsa: Ed25519 signatures", "Keys and signatures of Ed25519, written in base58."),
    note(
        "connector_http",
        "Connector: web services",
        "These describe requests to web services, which an oracle performs and the command `zenswarm zenroom` refuses. A request is answered before \
         the first statement works, or after the last one, so that all between is a pure function of what was found. An oracle reaches what is \
         public, and what its operator allows besides.",
    ),
    note(
        "connector_files",
        "Connector: files",
        "An oracle reads and writes files below the one folder that its operator names `files`, and nothing outside it.",
    ),
    note("connector_time", "Connector: time", "An oracle reads its clock."),
    note(
        "connector_log",
        "Connector: log",
        "An oracle appends lines to files below the one folder that its operator names `logs`.",
    ),
    note(
        "connector_did",
        "Connector: decentralised identifiers",
        "An oracle asks its controller, or a resolver that its operator names, for the document of an identifier.",
    ),
    note(
        "connector_redis",
        "Connector: Redis",
        "Values in Redis are JSON texts. A password is best kept in the keys.",
    ),
    note(
        "connector_sql",
        "Connector: SQL databases",
        "Statements run on PostgreSQL, or on an SQLite file below the folder that the operator names `files`. What comes from data is always a \
         parameter, never a part of the statement.",
    ),
    note(
        "connector_git",
        "Connector: git",
        "Repositories lie below the folder that the operator names `files`; they are cloned from there or over HTTP.",
    ),
    note(
        "connector_influx",
        "Connector: InfluxDB",
        "Points are written in InfluxDB's line protocol and read with queries in Flux.",
    ),
    note(
        "connector_value",
        "Connector: JSON values, schemas, QR codes, contracts",
        "These need no host: they compute with inputs before the contract runs, or with its output afterwards. They are there where connectors are, \
         as in the reference servers.",
    ),
    note("es256", "es256", "ECDSA over the curve P-256."),
    note("qp", "qp", "Signatures and key agreement that withstand quantum computers."),
    note("bitcoin", "bitcoin", "Keys, addresses and transactions of Bitcoin and its test network."),
    note("ethereum", "ethereum", "Keys, addresses, transactions and signatures of Ethereum."),
    note("reflow", "reflow", "Multi-signatures over BLS12-381, with seals and material passports."),
    note("credential", "credential", "Coconut: anonymous credentials by several issuers."),
    note(
        "petition",
        "petition: signatures that are counted and not seen",
        "Whoever has a credential signs once. Signatures are added up encrypted, and the one who made the petition proves how many there are. \
         The contract loads `credential` too.",
    ),
    note("schnorr", "schnorr", "Schnorr signatures over secp256k1."),
    note("bbs", "bbs", "BBS signatures with selective disclosure."),
    note("jwk", "jwk", "Keys as JSON Web Keys."),
    note("jws", "jws", "JSON Web Signatures."),
    note("jwt", "jwt", "JSON Web Tokens."),
    note("did", "did", "DID documents and their proofs."),
    note("vc", "vc", "Verifiable credentials."),
    note("w3c", "w3c", "`jwk`, `jws`, `jwt`, `did` and `vc` under one name."),
    note("sd_jwt", "sd_jwt", "JSON Web Tokens with selective disclosure."),
    note(
        "http",
        "http: addresses of web services",
        "An address is checked once, and parameters are appended to it. Nothing here talks to the network: the statements of `connector` do.",
    ),
    note(
        "planetmint",
        "planetmint: signatures for a transaction",
        "The signatures that a Planetmint node wants for the inputs of a transaction.",
    ),
    note(
        "merkle",
        "merkle: one digest for a list",
        "The root of a Merkle tree over the items of a list, and whether a root is that of a list.",
    ),
    note("secshare", "secshare", "Sharing a secret among many."),
    note("pvss", "pvss", "Sharing a secret so that anybody can check the shares."),
    note(
        "fsp",
        "fsp: messages that are no secret",
        "Messages and answers under a shared secret. The reference engine encrypts the first 16 octets only: whoever sees a message reads it \
         from its thirteenth octet on, and can change it there. Statements that encrypt or decrypt are refused, unless the contract has the \
         line `Rule set fsp insecure`. They are here for old messages; new ones belong under `ecdh`.",
    ),
    note("rsa", "rsa", "RSA signatures with keys of 4096 bits."),
    refused(
        "mayo",
        "mayo",
        "MAYO signatures, a candidate of the NIST process.",
        "there is no well-kept Rust implementation of it",
    ),
    note(
        "dp3t",
        "dp3t: proximity tracing that protects privacy",
        "A key for each day, names that are made of it and change all day long, and whom of the infected one has met.",
    ),
    refused(
        "longfellow",
        "longfellow",
        "Zero-knowledge proofs about mobile documents.",
        "there is no well-kept Rust implementation of the proof system",
    ),
    note(
        "dcql_query",
        "dcql_query: which credentials answer a question",
        "A verifier asks for credentials and claims in the Digital Credentials Query Language; the statement finds those that match among the \
         holder's. Signatures are verified elsewhere.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_of_the_library_has_a_page_title() {
        for scenario in zencode::LIBRARY {
            assert!(note_of(scenario.name).is_some(), "say in NOTES what {} is for", scenario.name);
        }
    }
}
