//! The sentences by which two agree on a secret: one function each, one row per algorithm.

use zencode_crypto::mlkem512::Encapsulated;
use zencode_crypto::random::Generator;
use zencode_macros::when;
use zeroize::Zeroizing;

use crate::codec::Traits;
use crate::error::Error;
use crate::library::scenario::qp::KEMS;
use crate::library::signature::public_key;
use crate::machine::Machine;
use crate::schema::record;
use crate::scheme::SignatureScheme;
use crate::value::Value;

/// Makes a secret for the holder of a public key.
pub(super) type Encapsulate = fn(public: &[u8], random: &mut Generator) -> Result<Encapsulated, Error>;

/// Learns the secret of a ciphertext with a secret key.
pub(super) type Decapsulate = fn(secret: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error>;

/// An algorithm by which somebody makes a secret and a ciphertext that tells it to the holder of a key.
pub(super) struct Kem {
    /// What it has in common with signatures: its name and its keys.
    pub(super) scheme: &'static SignatureScheme,
    pub(super) ciphertext_octets: usize,
    pub(super) encapsulate: Encapsulate,
    pub(super) decapsulate: Decapsulate,
}

impl Kem {
    /// Name of the member of a `kem` that holds the ciphertext.
    pub(super) fn ciphertext(&self) -> String {
        format!("{}_ciphertext", self.scheme.name)
    }

    /// Name of the member of a `kem` that holds the secret.
    pub(super) fn secret(&self) -> String {
        format!("{}_secret", self.scheme.name)
    }

    fn of(scheme: &SignatureScheme) -> Result<&'static Self, Error> {
        let found = KEMS.iter().find(|kem| kem.scheme.name == scheme.name);
        found.ok_or_else(|| Error::failed(format!("{} agrees on no secrets", scheme.name)))
    }
}

/// Makes a secret that only the holder of a public key's secret key can learn, and the ciphertext that tells it.
///
/// Both are members of an object under a name such as `kyber_kem`: `kyber_secret` is kept, and `kyber_ciphertext`
/// is sent. Without a public key of the name given, the one named like the algorithm's is taken.
///
/// # Example
/// ```zencode
/// Scenario 'qp': Alice makes a secret for Bob
/// Given I have a 'mlkem512 public key' from 'Bob'
/// When I create the mlkem512 kem for 'Bob'
/// Then print the 'mlkem512 ciphertext' from 'mlkem512 kem'
/// ```
/// ```json data
/// { "Bob": { "mlkem512_public_key": "qLKnPIEJT3RnJUwc+IF87VJSixGBLgkg1bRP1mOloauRqKNRPksK2tkjJKhzSCqM/1zMinZgVVNR3KmrtxWs2UkNFXtUdPwp7mO5yBYSDIRdNjRojmOPSUu78xzGm1a6TLBcWjtjCEcjw/sZ5Vcv4sUNIntAFNnMintEzyPHNfWZeFd8fuAXQHpfxLOG8FVlyxFyZSvG55wXhFS+i/cqeuJAzvYEoZgctAMHzmp1pFsWEeG+h0ejYtVQ06OT/DGcyxMJ64S70FIgzwEWWvAHoiJ7FrNor+SpumHCLIZZ8uZCpULIeII8O9ElxOQ1PFeMrnuRbWIdRjYkpIiKJ6Fe2Sq13aXDWJA2eEAYb3lILHmulQGUcRN+oYhjqAKcLIwsdaSP7sOkHVoqeAEnJzC9IMm95VyN9zpn5xyPQ2tL03DBrMBghStE3xMtAHhyZOKbg+LJ91R52tkOL+yzBYo2W/Sfg+B+e8eEstwE0bET6qwgXReJIAg19XIMmeW5U5Vq3LLMDvE6kuaH5nRU8IaHQqM0FYBGyVPGlSV45kxz4lsjfxKPDdCwFqRgyOZOTuKNvGxB7/EBuzMINOESUegliguLvNw12KWuJTGa8Xk1nOI5TYAe5UCUJ4XFK6AhzDSV0rVKF4FqImgaFTgy/ChF0MvH/6aUw3bCEAeL/WKp2nJIVnDL17o0q+fG/RReKnU/ZXZkPFzFXxdbUxBrrUueB4l+JlNHH0CoM7Y07tMzUBQISQY33Sq7KEPDmuNnVUB9u/gRhaGoEuK7ObmAqta7wvSC/8i6yuwpzUW/z7YjtVcSaIqTRhAAIlHDjmls8zFZ43AxQGJgY9vCeyVv3LvMn6SF5PCHFXOQcVjIqcorkrKc4CtZZ/ZLhgYu6Jl0qLM3E+GIJMikwpdTxHrHf5q51HvDIzG3JiRpzJNmQzQdflHBx2OnB8QwDpctVxZD3vwwCcVQy8kxKfltdkqfwUVjZCQq00mcYlIs/ft6qcQvsmOz7rBzkHeOfCa2doPOhYBrVUD0hz9Yq/tysjwHDU7PuIlAu6kSN3YvDOm7szuZ8G4=" } }
/// ```
#[when("create {scheme} kem for ''")]
fn create_kem(machine: &mut Machine, scheme: &'static SignatureScheme, owner: &str) -> Result<(), Error> {
    let kem = Kem::of(scheme)?;
    let public = public_key(machine, scheme, owner)?;
    let name = format!("{}_kem", scheme.name);
    machine.empty(&name)?;
    let made = (kem.encapsulate)(&public, &mut machine.random)?;
    let (secret, ciphertext) = (kem.secret(), kem.ciphertext());
    let members = vec![(&*ciphertext, made.ciphertext), (&*secret, made.shared.to_vec())];
    machine.create(&name, record(members), Traits::default())
}

/// Learns the secret that a ciphertext tells to the holder of the secret key in the keyring.
///
/// The secret is made under a name such as `kyber_secret`. A ciphertext that was made for another key, or was
/// changed, gives a secret that nobody else has: no error tells an attacker what was wrong with it.
///
/// # Example
/// ```zencode
/// Scenario 'qp': two have one secret
/// Given nothing
/// When I create the mlkem512 key
/// When I create the mlkem512 public key
/// When I create the mlkem512 kem for 'mlkem512 public key'
/// When I create the copy of 'mlkem512 ciphertext' from dictionary 'mlkem512 kem'
/// When I create the mlkem512 secret from 'copy'
/// Then print the 'mlkem512 secret'
/// ```
#[when("create {scheme} secret from ''")]
fn create_secret(
    machine: &mut Machine,
    scheme: &'static SignatureScheme,
    ciphertext: &str,
) -> Result<(), Error> {
    let kem = Kem::of(scheme)?;
    let secret = Zeroizing::new(machine.secret_key(scheme.name)?);
    let octets = machine.octets(ciphertext)?;
    let name = kem.secret();
    machine.empty(&name)?;
    let shared = (kem.decapsulate)(&secret, &octets)?;
    machine.create(&name, Value::Octet(shared.to_vec()), Traits::default())
}
