//! The keys and addresses that oracles published in 2022 are read, or refused with the reason.

use zencode::{Contract, Inputs, Library, Limits, Seed, Settings, Step};

struct Identity {
    ecdh: &'static str,
    reflow: &'static str,
    schnorr: &'static str,
    bitcoin: &'static str,
    ethereum: &'static str,
}

/// As printed in the README of that time.
const PUBLISHED: &[Identity] = &[
    Identity {
        ecdh: "BN2H/OxIfEeX/ZUbRJvE3FvSkRrJrDl7x6U1+r8yMbvVKJ2o/C4B0/HusVTkyulzs2hiIij/2L6GvLCVgv4TOEE=",
        reflow: "DLQiNv10/RmHe5wa8lL9wKY9oXl3SYgT8/fF38dWZjFJPLamHOfiY5avIUfbOAVVBmooTgyYUWNsoWvzfT+32gXOfyLNNNVNL1nq/DLOxU89Kbm/+7cijpz+Ev1AcAHYFmxGGnL7sHh5bmKgAKT5A7UTYFoOr85Z/bZd/2o+1Ipmp7PPUihPIBwkfmCXIm3BAIVcIMqNZwhJe7nMm9iER8GUgK01ObOtlzqTq3ShpBmT5/OdbHZ+7SZj6g+ciich",
        schnorr: "101889fafdb60fd8443a8c97f3063d06340e4b22a79c3e359bdede5e921c4710c1c0e6088568e4489701631911cbd5e5",
        bitcoin: "bc1q5xngalmnf4vau3uuq8ssh3pp65dqzm0mtuxj44",
        ethereum: "a494024323222c4e9ac0fcbf7df460b0a393e6ad",
    },
    Identity {
        ecdh: "BDb0B6qWEJpz3RECjr58+ZWa1zGUan6zHfCF3PatfLzWRcQ78Lt1z9MM/qqyqmEi4tPkUr1n3SVOyD2XfbfXxYk=",
        reflow: "Cd/Npe5RSnyV+mt1IxNMNN9+UCKBCK7mEpT/mv1Q9ih14apmfKBTy4meNBUpSvRNGdRJ68ZUNcBfkDAQAG2RsCCJwPxn3GL+nmhz2xBRhJaxN0EyTfFTnG0uTohZP+Z/AiLS4bF8Nb4aKev6MJORzJTMX8pH3Lj95dtR10DcfhRe8kMcllDl7oXUHnqmcbPLBl27lPaGIABwgVAERCJuM5gxTJKMqluu67wcyVgijlXdu1jur40k+PcrjvOQTL5m",
        schnorr: "066db2b2047271104ccedf31a2012f023eff28447811feb8928cb8629fbacfcc9ea4ee9d817382aa726a50d811814018",
        bitcoin: "bc1qy0z0k22srzz085lhesazw0fma9ae3ypsyrrvr3",
        ethereum: "571df9f1de18f86b61a5124eb0f7859709eac6da",
    },
    Identity {
        ecdh: "BFX6UPhr0rDbv3zzMjhYXYthFddFrhcjmNzjGkjy5csnB9CpOgyu4Y4kIMuSMB+jZpX5EOR8iw0NU526t/+HO/o=",
        reflow: "Ey341Uioo68+KuUla7SI4v9vioW3aJlHOFwhpv0bj1An8Rn1kQPX04C8a40GIfJjDSq5DA6KtZfbXGpMoQnIDoQuUzlNRikVqHFp19H5yIDnoSOpFR1TIIKkMOzX6+7EBdgIz8RRe92VoHQXgKPwgrJEnHzkmZWovm4VPzjPeO7vchinDLa77itsQICzzQT5FcOegZiVXCGMzADhxqUJRwiz9sme0XjORNQFyaDYqiOmxGXmSu5frNYhK/NXRkm0",
        schnorr: "0c57c2b5a2cc43daaae2cf8eead24e23c62e38cd9870ab091b92005a7365f47f4916393a87769e19c8c11795dc56c30c",
        bitcoin: "bc1qzn7zjfpvdsd5l0gt3fhn9hcn0qx4dnsa7yst4y",
        ethereum: "391f2cedbfc845ea0db3df4b1f529810c5e7e0af",
    },
    Identity {
        ecdh: "BDNtfT0/sx9wVPSR9H+mjpRaD7zhjhksb8KPAibfqN2YHy6vv9ECCGh7sff8LlJTZPdTUBsZH2DiiknqsnrP6xs=",
        reflow: "Daww03xahKmIIkdWbeXar/veuyV56ib7PlD0TnZuXprmr6DHAStbXK/ZJG3xfMuRBpzrlW/p2liqLvStylCxBLAWN9kjLxGUUjLAQ5yknXh6DnqGRndzdsoTzT3bR6TnF7mtzH1Ro/0gNQ206nzhZaL4mqeJE2gG1x+mGZP6CrehlPLUWqj0xiQ9i9IiZZsVEXm0Y4n+nJw4w9wgs/8x7hNelDHvXP2xJWRPjfCs0ekT+wqRHIuMBaP9lqSz9aH/",
        schnorr: "0c095bd75250368be273d928cca08c787aba8acf6af31dc163e1d120832dbaf73bbcc85b772728ffbc707f6bbff1a803",
        bitcoin: "bc1qgrt69h8v83fc8ataw3a7ser6rzdcxutsvxz4pq",
        ethereum: "aa8f7e1d2d9c85c4f450ba5cf841c31578a7aad0",
    },
    Identity {
        ecdh: "BNKEZI/c5S1i0TOQKv2ZUB9hHtZA/IrsJBga2GOMgevLjNkMO8fKDykLrB7hRX07hvOkfwJE14Za2t+jkFQWTW8=",
        reflow: "F9/NncAfcphm5s9Kw9YruSuwBXUSvPD/TaNyvYq5rkBlT2SQu0siNOftpXKHsPVLEPpzMNPHU7SrM3CXOHk1woRkEz87TwIzsNAG8ekqX+6gUiJftJTRrnH20smvZ/1ACKqG4iV/sAvanFSST84QQpXhisZjQewoBFKHKJhePVY6hnLa+ANDsFFxLr8nmrB7BeFF6eQMtyay94ACNa5zRZ86KCWBpA2A6arfVPGUi7L/ZocEYQbhVLUUmdg3cD0K",
        schnorr: "0be32933a6a8be278e59f68676e8e7daa4401a4cff10756b172161520cf88e67b62b4d6afa3b97d80663a1a7da2d91f4",
        bitcoin: "bc1qxsfjk2k6kunmkmhyur0gp5s5zhjcw72llkssgx",
        ethereum: "823f56ad5386b3d3505e8c196f0905fba6525d8e",
    },
    Identity {
        ecdh: "BAk6V54mtV0362oFnIGt/qPOb5o57KOOJx7KScdu+a+/1vTcZ0nYO8FtkuNJk7c1L4uLBuaZ8Q3uisii+nCJx2E=",
        reflow: "AzI8skvJE+UlLbCeGtMZZx8HzCfzzmjz/XtlH1VJpYLL875t4Idq/3QFYF0ILKUCFLgN1ncWcZDbLzwEl13+wSc2pvzrztF0tIQpAgY35Ju18znWOrJKsC2QcxVUDfyQBmPNkf8nAKdJ5xRhWtiNhh75Qx3HAHILy/odESRrKPsjk3xUbVCoyl4KJ0gx+h1jDVY6MAVwtb46QqfEP0ebnCW3SwedqRxjkfWddkiQMSo0p4iifB1jEzgfjSU1f6Fh",
        schnorr: "00d892e798a8a4a22574f3e778296457ef477b6f8fa95589e85f5bd6afecb61742405087a60a8977ea7de39d0bbd63c3",
        bitcoin: "bc1qex58qawdr99upg6hx6pzeu4vsly394cg7mnuwg",
        ethereum: "a78ed579726853d6761575813eaaaad79fb0988a",
    },
    Identity {
        ecdh: "BNz4LBFlRL+Ik/+1pZ4mvI0PrwSYjosETf6Axw91oKAE1pmfxDLf5eofzqPiFgqgzwDefLPvlDIrY/C4i3qZjto=",
        reflow: "AeLw9Z8Ag7jenNNP4Y5eQIeTnDtZuVMqz+U1HzvjqSNK58Gsy8oveFF2KTd5W/ISGaFm7nUKtnwKwQzySPE/QI4VQur/ZCwm+e8Y72E3jIpdmJaaDN2HJlpNXeMUqosHBkhwu0sMW5PRaxil8xGjfET+iZVsV0xt9A7IBhGej1vMr9oswNRteq99MaMrdtxcE/vgOTsdxR16WFwCsmCWTBBvBzMNEJ/JfrS6DJTfhEm8DkTc9aAuT5S9kbYWb1Vt",
        schnorr: "08eaad7e99b34a13ba1078707cce51278b05d98f101964f3d390058a511a047adb31b7dafef01d6f012ebffe464a0cbc",
        bitcoin: "bc1qz9sshm5l7029nnggqyftqqre5u372m90pq8p9p",
        ethereum: "26a3f1224076b11d1a6b5a3077d126b98bebc39a",
    },
];

/// Reads a text as a type and prints it again.
fn read(kind: &str, text: &str) -> Result<String, String> {
    let script = format!(
        "Scenario 'ethereum'\nScenario 'reflow'\nScenario 'schnorr'\nGiven I have a '{kind}' named 'a'\nThen print the 'a'\n"
    );
    let limits = Limits::default();
    let contract = Contract::compile(&script, Library::Language, &limits).expect("the lines are statements");
    let settings = Settings { seed: Seed::Reference([0; 64]), now_ms: 0, limits };
    let data = format!(r#"{{"a":"{text}"}}"#);
    let inputs = Inputs { data: &data, ..Inputs::default() };
    match contract.start(inputs, settings).and_then(|mut run| run.step()) {
        Ok(Step::Done(output)) => Ok(output.json),
        Ok(Step::Ask(request)) => Err(format!("{request:?}")),
        Err(failure) => Err(failure.to_string()),
    }
}

#[test]
fn every_published_ecdh_key_is_on_the_curve() {
    for identity in PUBLISHED {
        assert_eq!(read("ecdh public key", identity.ecdh), Ok(format!(r#"{{"a":"{}"}}"#, identity.ecdh)));
    }
}

#[test]
fn every_published_reflow_key_is_a_point_of_its_group() {
    for identity in PUBLISHED {
        assert_eq!(
            read("reflow public key", identity.reflow),
            Ok(format!(r#"{{"a":"{}"}}"#, identity.reflow))
        );
    }
}

#[test]
fn every_published_bitcoin_address_has_its_checksum() {
    for identity in PUBLISHED {
        assert_eq!(
            read("bitcoin address", identity.bitcoin),
            Ok(format!(r#"{{"a":"{}"}}"#, identity.bitcoin))
        );
    }
}

#[test]
fn every_published_ethereum_address_is_read_and_printed_with_a_checksum() {
    for identity in PUBLISHED {
        let printed = read("ethereum address", identity.ethereum).expect("an address is read");
        assert_eq!(printed.to_ascii_lowercase(), format!(r#"{{"a":"0x{}"}}"#, identity.ethereum));
    }
}

/// They are points of BLS12-381, as Schnorr keys were until that scheme moved to secp256k1.
#[test]
fn every_published_schnorr_key_is_refused_for_its_length() {
    for identity in PUBLISHED {
        assert_eq!(identity.schnorr.len(), 2 * 48);
        let refusal = read("schnorr public key", identity.schnorr).unwrap_err();
        assert!(refusal.contains("Schnorr public key"), "{refusal}");
    }
}
