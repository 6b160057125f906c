//! Sentences of the reference servers that are left out, and why.

/// Sentences of one package of a reference server that no connector here has.
#[derive(Debug)]
pub struct Absent {
    /// The package.
    pub package: &'static str,
    /// What to do instead, or why there is nothing.
    pub reason: &'static str,
    /// Words by which a sentence of the package is known, as lines are looked up: without `the`.
    pub words: &'static [&'static str],
}

const LEDGER: &str = "it comes with the ledger's connector";
const BROWSER: &str = "an oracle is no browser: there is no page, no location and no history";

/// Every package with sentences that are left out.
pub const ABSENT: &[Absent] = &[
    Absent {
        package: "@slangroom/shell",
        reason: "a contract never runs commands on the machine of an oracle",
        words: &["execute in shell"],
    },
    Absent {
        package: "@slangroom/location",
        reason: BROWSER,
        words: &[
            "current location",
            "current page",
            "redirect to url",
            "in history",
            "history length",
            "new window",
        ],
    },
    Absent {
        package: "@slangroom/pocketbase",
        reason: "PocketBase is a web service: `do get` and `do post` speak to it, with its token in the headers",
        words: &[
            "pb client",
            "and login",
            "refresh token",
            "password reset",
            "get some records",
            "get one record",
            "create record",
            "update record",
            "delete record",
            "send request",
        ],
    },
    Absent {
        package: "@slangroom/oauth",
        reason: "an authorisation server keeps codes and tokens between requests, and contracts keep nothing",
        words: &[
            "access token",
            "request parameters",
            "authorization code",
            "request uri",
            "authorization details",
            "redirect_uri",
        ],
    },
    Absent {
        package: "@slangroom/wallet",
        reason: "the scenarios `sd_jwt` and `es256` issue, present and verify such credentials",
        words: &["vc sd jwt", "p256 key", "p256 public key", "pretty print sd jwt"],
    },
    Absent {
        package: "@slangroom/dcql",
        reason: "the scenario `dcql_query` matches credentials with a query",
        words: &["against dcql_query"],
    },
    Absent {
        package: "@slangroom/rdf",
        reason: "a document in JSON-LD means nothing without contexts that are fetched while it is read: `eddsa-jcs-2022` signs JSON as it is",
        words: &["canonical rdf"],
    },
    Absent { package: "@slangroom/ethereum", reason: LEDGER, words: &["read ethereum ", "erc20 "] },
    Absent {
        package: "@restroom-mw/ethereum",
        reason: LEDGER,
        words: &["ethereum", "erc721", "in head", "in block preceding"],
    },
    Absent {
        package: "@restroom-mw/fabric",
        reason: LEDGER,
        words: &["fabric", "connect to msp", "connect to channel", "use chaincode", "in tag", "into tag"],
    },
    Absent { package: "@restroom-mw/planetmint", reason: LEDGER, words: &["planetmint"] },
    Absent { package: "@restroom-mw/sawroom", reason: LEDGER, words: &["sawroom"] },
];

/// Why there is no such sentence, for who wrote it.
pub(in crate::library) fn reason(line: &str) -> Option<String> {
    let line = line.to_ascii_lowercase();
    let known = ABSENT.iter().find(|row| row.words.iter().any(|words| line.contains(words)))?;
    Some(format!("sentences of {} are left out: {}", known.package, known.reason))
}
