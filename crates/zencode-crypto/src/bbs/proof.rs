//! The proof to have a signature of messages, some of them shown.

use super::{Error, PublicKey, SCALAR_OCTETS, Signature, Statement, Suite, point, scalar};
use crate::bls12_381::{G1, G1_ZCASH_OCTETS, G2, Scalar, pairings_agree};
use crate::random::Generator;

/// Points of a proof.
const POINTS: usize = 3;

/// Scalars of a proof besides one for every message that is not shown.
const SCALARS: usize = 4;

/// Octets of the shortest proof, which shows all messages.
const OCTETS_MIN: usize = POINTS * G1_ZCASH_OCTETS + SCALARS * SCALAR_OCTETS;

/// A proof to have a signature; two of them cannot be told to be of one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    a: G1,
    b: G1,
    d: G1,
    e: Scalar,
    r1: Scalar,
    r3: Scalar,
    hidden: Vec<Scalar>,
    challenge: Scalar,
}

/// What the challenge is about, besides what is shown.
struct Commitment {
    points: [G1; 5],
    domain: Scalar,
}

impl Commitment {
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 3.7.4 "Challenge calculation".
    fn challenge(&self, suite: Suite, header: &[u8], disclosed: &[(usize, &Scalar)]) -> Scalar {
        let mut octets = (disclosed.len() as u64).to_be_bytes().to_vec();
        for (position, message) in disclosed {
            octets.extend_from_slice(&(*position as u64).to_be_bytes());
            octets.extend_from_slice(&*message.to_fixed());
        }
        for point in self.points {
            octets.extend_from_slice(&point.to_zcash());
        }
        octets.extend_from_slice(&*self.domain.to_fixed());
        octets.extend_from_slice(&(header.len() as u64).to_be_bytes());
        octets.extend_from_slice(header);
        suite.hash(&octets)
    }
}

/// Positions from 0 that ascend and are below a count.
fn check(positions: &[usize], count: usize) -> Result<(), Error> {
    let ascending = positions.windows(2).all(|pair| pair[0] < pair[1]);
    let within = positions.last().is_none_or(|last| *last < count);
    if ascending && within { Ok(()) } else { Err(Error::Positions) }
}

/// The sum of products.
fn sum<'a>(start: G1, parts: impl Iterator<Item = (G1, &'a Scalar)>) -> G1 {
    parts.fold(start, |sum, (point, scalar)| sum + point * scalar)
}

impl Signature {
    /// Proves to have this signature of the messages, and shows those at the positions (from 0, ascending).
    /// The presentation header is what the proof is made for: a nonce of the verifier, a purpose, a date.
    ///
    /// Draws five scalars, and one for every message that is not shown. A signature that is wrong gives a
    /// proof that is wrong.
    ///
    /// # Errors
    /// `Messages`, `Positions`.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 3.6.3 "CoreProofGen"; Zenroom `crypto_bbs.lua`, `core_proof_gen`.
    pub fn prove(
        &self,
        suite: Suite,
        public: &PublicKey,
        presentation_header: &[u8],
        messages: &[Vec<u8>],
        positions: &[usize],
        generator: &mut Generator,
    ) -> Result<Proof, Error> {
        check(positions, messages.len())?;
        let statement = Statement::new(suite, public, messages)?;
        let scalars = &statement.scalars;
        let hidden: Vec<usize> =
            (0..messages.len()).filter(|position| positions.binary_search(position).is_err()).collect();
        let [r1, r2, e_tilde, r1_tilde, r3_tilde] = std::array::from_fn(|_| Scalar::draw(generator));
        let blinds: Vec<Scalar> = hidden.iter().map(|_| Scalar::draw(generator)).collect();

        let d = statement.point(suite) * &r2;
        let a = self.a * &(&r1 * &r2);
        let b = d * &r1 - a * &self.e;
        let parts = hidden.iter().map(|position| statement.generators[position + 1]).zip(&blinds);
        let second = sum(d * &r3_tilde, parts);
        let commitment =
            Commitment { points: [a, b, d, a * &e_tilde + d * &r1_tilde, second], domain: statement.domain };
        let disclosed: Vec<_> = positions.iter().map(|position| (*position, &scalars[*position])).collect();
        let c = commitment.challenge(suite, presentation_header, &disclosed);
        let r3 = r2.inverse().ok_or(Error::Zero)?;
        let hidden = hidden.iter().zip(&blinds);
        Ok(Proof {
            a,
            b,
            d,
            e: &e_tilde + &(&self.e * &c),
            r1: &r1_tilde - &(&r1 * &c),
            r3: &r3_tilde - &(&r3 * &c),
            hidden: hidden.map(|(position, blind)| blind + &(&scalars[*position] * &c)).collect(),
            challenge: c,
        })
    }
}

impl Proof {
    /// Reads a proof.
    ///
    /// # Errors
    /// `Length`, `Messages`, `Part`, `Zero`.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 4.2.4 "Octets to proof".
    pub fn from_octets(octets: &[u8]) -> Result<Self, Error> {
        let length = octets.len();
        let Some(more) = length.checked_sub(OCTETS_MIN).filter(|more| more.is_multiple_of(SCALAR_OCTETS))
        else {
            return Err(Error::Length(length));
        };
        if more / SCALAR_OCTETS > super::MESSAGES_MAX {
            return Err(Error::Messages(more / SCALAR_OCTETS));
        }
        let (points, scalars) = octets.split_at(POINTS * G1_ZCASH_OCTETS);
        let mut points = points.chunks(G1_ZCASH_OCTETS).map(point);
        let mut point = || points.next().unwrap_or(Err(Error::Length(length)));
        let (a, b, d) = (point()?, point()?, point()?);
        let mut scalars = scalars.chunks(SCALAR_OCTETS).map(scalar).collect::<Result<Vec<_>, _>>()?;
        let challenge = scalars.pop().ok_or(Error::Length(length))?;
        let hidden = scalars.split_off(SCALARS - 1);
        let [e, r1, r3] = <[Scalar; SCALARS - 1]>::try_from(scalars).map_err(|_| Error::Length(length))?;
        Ok(Self { a, b, d, e, r1, r3, hidden, challenge })
    }

    /// The proof: 272 octets, and 32 for every message that is not shown.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 4.2.4 "Proof to octets".
    pub fn to_octets(&self) -> Vec<u8> {
        let mut octets = [self.a, self.b, self.d].map(G1::to_zcash).concat();
        for scalar in [&self.e, &self.r1, &self.r3].into_iter().chain(&self.hidden).chain([&self.challenge]) {
            octets.extend_from_slice(&*scalar.to_fixed());
        }
        octets
    }

    /// Whether its maker has a signature by a key of messages of which those shown stand at the positions
    /// (from 0, ascending), and made it for the presentation header.
    ///
    /// # Errors
    /// `Messages`, `Positions`, `Disclosed`.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 3.6.4 "CoreProofVerify".
    pub fn verify(
        &self,
        suite: Suite,
        public: &PublicKey,
        presentation_header: &[u8],
        messages: &[Vec<u8>],
        positions: &[usize],
    ) -> Result<bool, Error> {
        if messages.len() != positions.len() {
            return Err(Error::Disclosed { messages: messages.len(), positions: positions.len() });
        }
        let count = positions.len() + self.hidden.len();
        check(positions, count)?;
        let generators = suite.generators(count)?;
        let domain = suite.domain(public, &generators);
        let scalars: Vec<Scalar> = messages.iter().map(|message| suite.message(message)).collect();
        let disclosed: Vec<_> = positions.iter().copied().zip(&scalars).collect();

        let shown = disclosed.iter().map(|(position, scalar)| (generators[position + 1], *scalar));
        let shown = sum(suite.base() + generators[0] * &domain, shown);
        let hidden = (0..count).filter(|position| positions.binary_search(position).is_err());
        let hidden = hidden.map(|position| generators[position + 1]).zip(&self.hidden);
        let first = self.b * &self.challenge + self.a * &self.e + self.d * &self.r1;
        let second = sum(shown * &self.challenge + self.d * &self.r3, hidden);
        let commitment = Commitment { points: [self.a, self.b, self.d, first, second], domain };
        Ok(commitment.challenge(suite, presentation_header, &disclosed) == self.challenge
            && pairings_agree((&public.0, &self.a), (&G2::generator(), &self.b)))
    }
}
