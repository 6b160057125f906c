//! Whether one credential is what a query asks for.
//!
//! # Source
//! OpenID for Verifiable Presentations 1.0, 6.4, 7 and appendix B; Zenroom `crypto_dcql_query.lua`.

use std::borrow::Cow;

use super::{tables, text};
use crate::calendar::Date;
use crate::encoding::Output;
use crate::error::Error;
use crate::export::{Printed, leaf};
use crate::library::jose;
use crate::value::{Key, Table, Value};

/// Steps that one sentence takes: claims, disclosures and values that are looked at.
const STEPS_MAX: usize = 1_000_000;

/// Warnings that one sentence keeps.
const WARNINGS_MAX: usize = 1000;

/// A search through credentials.
pub(super) struct Matching {
    now_seconds: i64,
    steps: usize,
    pub(super) warnings: Vec<String>,
}

/// A `dc+sd-jwt`, its parts as they came in.
struct Disclosed<'a> {
    token: &'a str,
    payload: Value,
    disclosures: Vec<(&'a str, Value)>,
}

impl<'a> Disclosed<'a> {
    /// # Source
    /// RFC 9901, 4: "SD-JWT".
    fn of(compact: &'a str) -> Result<Self, Error> {
        let mut parts = compact.split('~').filter(|part| !part.is_empty());
        let token = parts.next().ok_or_else(|| Error::failed("the credential has no token"))?;
        let payload = jose::part(&jose::import(token)?, "payload")?.clone();
        let disclosure = |part| Ok::<_, Error>((part, jose::value(&jose::decoded(part)?)?));
        Ok(Self { token, payload, disclosures: parts.map(disclosure).collect::<Result<_, _>>()? })
    }

    /// The credential with some of its disclosures.
    fn with(&self, chosen: &[usize]) -> Value {
        let mut compact = format!("{}~", self.token);
        for (part, _) in chosen.iter().filter_map(|index| self.disclosures.get(*index)) {
            compact += part;
            compact += "~";
        }
        Value::text(&compact)
    }
}

/// What a path leads to from a value; its first name has been followed already.
fn follow<'a>(root: &'a Value, path: &[&Value]) -> Option<&'a Value> {
    path.iter().try_fold(root, |value, step| value.table()?.get(&key(step)?))
}

/// The name or position that an item of a path is.
fn key(step: &Value) -> Option<Key> {
    match leaf(step, Output::Text).ok()? {
        Printed::Text(name) => Some(Key::Name(String::from_utf8_lossy(&name).into_owned())),
        Printed::Number(number) => number.integral_text()?.parse().ok().map(Key::Position),
        _ => None,
    }
}

/// The path in words; nothing when it has an item that is neither a name nor a position.
fn shown(path: &[&Value]) -> Result<String, Error> {
    let step = |step: &&Value| match leaf(step, Output::Text)? {
        Printed::Text(name) => Ok(String::from_utf8_lossy(&name).into_owned()),
        Printed::Number(number) => Ok(number.text()),
        _ => Err(Error::failed("a path is made of names and positions")),
    };
    Ok(path.iter().map(step).collect::<Result<Vec<_>, _>>()?.join("."))
}

fn path_of(claim: &Table) -> Vec<&Value> {
    claim.member("path").and_then(Value::table).map(|path| path.values().collect()).unwrap_or_default()
}

impl Matching {
    pub(super) fn new(now_seconds: i64) -> Self {
        Self { now_seconds, steps: 0, warnings: Vec::new() }
    }

    fn warn(&mut self, warning: impl Into<Cow<'static, str>>) {
        if self.warnings.len() < WARNINGS_MAX {
            self.warnings.push(warning.into().into_owned());
        }
    }

    fn step(&mut self, steps: usize) -> Result<(), Error> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > STEPS_MAX {
            return Err(Error::Limit(format!("Query limit exceeded: {STEPS_MAX} steps")));
        }
        Ok(())
    }

    /// The credentials of the format that is asked for, as far as they match.
    pub(super) fn of_format(&mut self, wallet: &Table, wanted: &Table) -> Result<Vec<Value>, Error> {
        let format = text(wanted, "format")?;
        let Some(held) = wallet.member(&format) else { return Ok(Vec::new()) };
        let check = match format.as_str() {
            "ldp_vc" => Self::linked_data,
            "dc+sd-jwt" => Self::selectively_disclosed,
            _ => return Err(Error::failed(format!("Credential format not yet supported: {format}"))),
        };
        let mut found = Vec::new();
        if let Value::Table(Table::Array(items)) = held {
            for credential in items {
                self.step(1)?;
                found.extend(check(self, credential, wanted)?);
            }
        }
        Ok(found)
    }

    fn linked_data(&mut self, credential: &Value, wanted: &Table) -> Result<Vec<Value>, Error> {
        let members = credential.table();
        let member = |name: &str| members.and_then(|members| members.member(name));
        let (Some(_), Some(kinds), Some(_)) =
            (member("@context"), member("type"), member("credentialSubject"))
        else {
            self.warn("Invalid credential, missing @context or type or credentialSubject");
            return Ok(Vec::new());
        };
        if !self.is_of_kind(kinds, wanted)? {
            self.warn("Credential type does not match any of the required type_values");
            return Ok(Vec::new());
        }
        let until = member("validUntil").and_then(Value::octets);
        let until = until.as_deref().map(String::from_utf8_lossy);
        let until = until.and_then(|text| Date::parse(&text)).and_then(|date| date.seconds());
        let until = until.ok_or_else(|| Error::failed("the credential has no validUntil in UTC"))?;
        if self.now_seconds > until {
            self.warn("Credential is expired");
            return Ok(Vec::new());
        }
        for claims in claim_sets(wanted)? {
            if self.has_claims(members.unwrap_or(&Table::default()), &claims)? {
                return Ok(vec![credential.clone()]);
            }
        }
        Ok(Vec::new())
    }

    /// Whether every type of one of the lists is among the credential's.
    fn is_of_kind(&mut self, kinds: &Value, wanted: &Table) -> Result<bool, Error> {
        let mut held = Vec::new();
        if let Value::Table(Table::Array(items)) = kinds {
            for kind in items {
                let Value::Octet(kind) = kind else {
                    return Err(Error::failed("the types of a credential are texts"));
                };
                held.push(kind);
            }
        }
        let meta = wanted.member("meta").and_then(Value::table);
        let lists = meta.and_then(|meta| tables(meta, "type_values")).unwrap_or_default();
        self.step(held.len() * lists.iter().map(|list| list.count()).sum::<usize>())?;
        let among = |kind: &Value| matches!(kind, Value::Octet(kind) if held.contains(&kind));
        Ok(lists.into_iter().any(|list| list.values().all(among)))
    }

    fn has_claims(&mut self, credential: &Table, claims: &[&Table]) -> Result<bool, Error> {
        for claim in claims {
            if !self.has_claim(credential, claim)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether there is something at the path of a claim, and it is one of the values, if there are any.
    fn has_claim(&mut self, members: &Table, claim: &Table) -> Result<bool, Error> {
        let path = path_of(claim);
        self.step(path.len())?;
        let Some((first, rest)) = path.split_first() else { return Ok(false) };
        let root = key(first).and_then(|key| members.get(&key));
        match root.and_then(|root| follow(root, rest)) {
            Some(found) => self.is_one_of(found, claim, &path),
            None => {
                let shown = shown(&path)?;
                self.warn(format!("Credential does not have the required path: {shown}"));
                Ok(false)
            }
        }
    }

    fn is_one_of(&mut self, found: &Value, claim: &Table, path: &[&Value]) -> Result<bool, Error> {
        let found = leaf(found, Output::Text)?;
        let Some(values) = claim.member("values").and_then(Value::table) else { return Ok(true) };
        self.step(values.count())?;
        let right = values.values().any(|value| leaf(value, Output::Text).is_ok_and(|value| value == found));
        if !right {
            let shown = shown(path)?;
            self.warn(format!(
                "Credential value does not match any of the required values for path: {shown}"
            ));
        }
        Ok(right)
    }

    fn selectively_disclosed(&mut self, credential: &Value, wanted: &Table) -> Result<Vec<Value>, Error> {
        let Value::Octet(compact) = credential else {
            return Err(Error::failed("a dc+sd-jwt is a text"));
        };
        let compact = String::from_utf8_lossy(compact);
        self.step(compact.len() / 100)?;
        let credential = Disclosed::of(&compact)?;
        let payload = credential.payload.table();
        let payload = payload.ok_or_else(|| Error::failed("the payload of a token is a dictionary"))?;
        let kind = payload.member("vct").or_else(|| payload.member("type"));
        let Some(Value::Octet(kind)) = kind else {
            return Err(Error::failed("the credential has neither vct nor type"));
        };
        let meta = wanted.member("meta").and_then(Value::table);
        let kinds = meta.and_then(|meta| meta.member("vct_values")).and_then(Value::table);
        if !kinds.is_some_and(|kinds| kinds.values().any(|known| *known == Value::Octet(kind.clone()))) {
            let kind = String::from_utf8_lossy(kind);
            self.warn(format!("Invalid credential, vct does not match: {kind}"));
            return Ok(Vec::new());
        }
        if self.now_seconds > expiry(payload)? {
            self.warn("Credential is expired");
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for claims in claim_sets(wanted)? {
            match self.disclosures(&credential, payload, &claims)? {
                Some(chosen) => found.push(credential.with(&chosen)),
                None => self.warn("Credential does not match required claims"),
            }
        }
        Ok(found)
    }

    /// The disclosures that show the claims, of which the rest are in the payload; nothing when one is in
    /// neither.
    fn disclosures(
        &mut self,
        credential: &Disclosed<'_>,
        payload: &Table,
        claims: &[&Table],
    ) -> Result<Option<Vec<usize>>, Error> {
        let mut chosen = Vec::new();
        for claim in claims {
            let path = path_of(claim);
            self.step(credential.disclosures.len())?;
            let disclosed = credential.disclosures.iter().enumerate().find_map(|(index, (_, disclosure))| {
                let (first, rest) = path.split_first()?;
                let disclosure = disclosure.table()?;
                let named = disclosure.position(2).is_some_and(|name| name == *first);
                let found = if named { follow(disclosure.position(3)?, rest) } else { None };
                found.map(|found| (index, found))
            });
            let right = match disclosed {
                Some((index, found)) => {
                    chosen.push(index);
                    self.is_disclosed(found, claim, &path)?
                }
                None => self.has_claim(payload, claim)?,
            };
            if !right {
                return Ok(None);
            }
        }
        Ok(Some(chosen))
    }

    /// As [`Self::is_one_of`], where a table is no value and yet something.
    fn is_disclosed(&mut self, found: &Value, claim: &Table, path: &[&Value]) -> Result<bool, Error> {
        match (found, claim.member("values")) {
            (Value::Table(_), None) => Ok(true),
            (Value::Table(_), Some(_)) => {
                let shown = shown(path)?;
                self.warn(format!("Credential value does not match required values for path: {shown}"));
                Ok(false)
            }
            _ => self.is_one_of(found, claim, path),
        }
    }
}

/// The lists of claims of which one is enough: all claims, where the query has no sets of them.
fn claim_sets(wanted: &Table) -> Result<Vec<Vec<&Table>>, Error> {
    let claims = tables(wanted, "claims");
    let claims = claims.ok_or_else(|| Error::failed("the query asks for no claims: that is not taken"))?;
    let Some(sets) = tables(wanted, "claim_sets") else { return Ok(vec![claims]) };
    let named = |id: &Value| claims.iter().find(|claim| claim.member("id") == Some(id)).copied();
    Ok(sets.into_iter().map(|set| set.values().filter_map(named).collect()).collect())
}

/// The last second of a credential. A number that is no time of ours is past or refused.
fn expiry(payload: &Table) -> Result<i64, Error> {
    match payload.member("exp") {
        Some(Value::Time(seconds)) => Ok(*seconds),
        Some(Value::Float(number)) if *number < 1_500_000_000.0 => Ok(0),
        _ => Err(Error::failed("the credential has no exp that is a time up to the year 2100")),
    }
}
