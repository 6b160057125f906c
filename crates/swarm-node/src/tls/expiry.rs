//! Until when a certificate holds.

use rustls::pki_types::CertificateDer;
use swarm_protocol::time::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Error};

/// The end of a certificate's validity.
///
/// # Errors
/// When it is no X.509 certificate in DER.
///
/// # Source
/// RFC 5280, section 4.1.2.5.
pub(super) fn not_after(certificate: &CertificateDer<'_>) -> Result<Timestamp, Error> {
    let certificate = Certificate::from_der(certificate)?;
    let time = certificate.tbs_certificate().validity().not_after;
    let since_1970 = time.to_unix_duration();
    Ok(Timestamp::from_millis(u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)))
}
