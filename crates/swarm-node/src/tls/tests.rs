//! Which files are good, and which take the place of which.

use std::os::unix::fs::PermissionsExt as _;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};

use super::*;

/// A certificate of its own key that holds until the end of a year.
fn pair(year: i32) -> (String, String) {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(year, 12, 31);
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new((certificate, key): &(String, String)) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("tls.crt", certificate);
        folder.write("tls.key", key);
        folder
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn files(&self) -> TlsFiles {
        TlsFiles { certificate: self.0.path().join("tls.crt"), key: self.0.path().join("tls.key") }
    }

    fn load(&self) -> Result<Tls, TlsError> {
        Tls::load(self.files())
    }
}

#[test]
fn a_certificate_and_its_key_are_good_until_the_day_they_say() {
    let tls = Folder::new(&pair(2999)).load().unwrap();
    assert_eq!(tls.not_after().xml_date_time(), "2999-12-31T00:00:00Z");
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let folder = Folder::new(&(pair(2999).0, pair(2999).1));
    assert!(matches!(folder.load(), Err(TlsError::Mismatch { .. })));
}

#[test]
fn a_key_that_everybody_may_read_is_refused() {
    let folder = Folder::new(&pair(2999));
    std::fs::set_permissions(folder.files().key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(folder.load(), Err(TlsError::Exposed { mode: 0o644, .. })));
}

#[test]
fn files_that_hold_something_else_are_refused_with_their_path() {
    let good = pair(2999);
    for (certificate, key, path) in [
        ("", good.1.as_str(), "tls.crt"),
        ("nonsense", &good.1, "tls.crt"),
        (&good.1, &good.1, "tls.crt"),
        ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", &good.1, "tls.crt"),
        (&good.0, "", "tls.key"),
        (&good.0, "nonsense", "tls.key"),
        (&good.0, &good.0, "tls.key"),
        (&good.0, "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", "tls.key"),
    ] {
        let error = Folder::new(&(certificate.to_owned(), key.to_owned())).load().unwrap_err();
        assert!(error.to_string().contains(path), "{error}");
    }
}

#[test]
fn a_file_that_is_missing_or_too_large_is_refused() {
    let folder = Folder::new(&pair(2999));
    folder.write("tls.crt", &"x".repeat(PEM_OCTETS_MAX + 1));
    assert!(matches!(folder.load(), Err(TlsError::TooLarge { .. })));
    std::fs::remove_file(folder.files().certificate).unwrap();
    assert!(matches!(folder.load(), Err(TlsError::Read { .. })));
}

#[test]
fn new_files_take_the_place_of_old_ones() {
    let folder = Folder::new(&pair(2998));
    let tls = folder.load().unwrap();
    assert_eq!(tls.reload(), Reload::Unchanged);
    let (certificate, key) = pair(2999);
    folder.write("tls.key", &key);
    folder.write("tls.crt", &certificate);
    assert_eq!(tls.reload(), Reload::Changed);
    assert_eq!(tls.not_after().xml_date_time(), "2999-12-31T00:00:00Z");
    assert_eq!(tls.reload(), Reload::Unchanged);
}

#[test]
fn a_link_that_is_turned_to_other_files_is_followed() {
    let old = Folder::new(&pair(2998));
    let new = Folder::new(&pair(2999));
    let links = tempfile::tempdir().unwrap();
    let turn = |to: &Folder| {
        for name in ["tls.crt", "tls.key"] {
            let link = links.path().join(name);
            drop(std::fs::remove_file(&link));
            std::os::unix::fs::symlink(to.0.path().join(name), link).unwrap();
        }
    };
    turn(&old);
    let files = TlsFiles { certificate: links.path().join("tls.crt"), key: links.path().join("tls.key") };
    let tls = Tls::load(files).unwrap();
    turn(&new);
    assert_eq!(tls.reload(), Reload::Changed);
}

#[test]
fn bad_new_files_leave_the_old_ones_and_the_trouble_is_told_until_it_is_over() {
    let folder = Folder::new(&pair(2998));
    let tls = folder.load().unwrap();
    let other = pair(2999);
    for (certificate, key) in
        [("nonsense", other.1.as_str()), (&other.0, "nonsense"), (&pair(2999).0, &other.1)]
    {
        folder.write("tls.crt", certificate);
        folder.write("tls.key", key);
        assert_eq!(tls.reload(), Reload::Refused);
        assert_eq!(tls.not_after().xml_date_time(), "2998-12-31T00:00:00Z");
        assert!(tls.trouble().is_some());
        assert_eq!(tls.reload(), Reload::Unchanged);
    }
    folder.write("tls.crt", &other.0);
    folder.write("tls.key", &other.1);
    assert_eq!(tls.reload(), Reload::Changed);
    assert_eq!(tls.trouble(), None);
}

#[test]
fn a_certificate_that_has_expired_does_not_take_the_place_of_one_that_has_not() {
    let folder = Folder::new(&pair(2998));
    let tls = folder.load().unwrap();
    let (certificate, key) = pair(2001);
    folder.write("tls.crt", &certificate);
    folder.write("tls.key", &key);
    assert_eq!(tls.reload(), Reload::Refused);
    assert_eq!(tls.trouble().unwrap().split(" expired at ").nth(1), Some("2001-12-31T00:00:00Z"));
}

#[test]
fn no_message_quotes_the_key() {
    let good = pair(2999);
    let damaged = good.1.replace("\nM", "\n!M");
    let error = Folder::new(&(good.0, damaged.clone())).load().unwrap_err();
    let secret = damaged.lines().nth(1).unwrap();
    assert!(!format!("{error} {error:?}").contains(secret), "{error}");
}
