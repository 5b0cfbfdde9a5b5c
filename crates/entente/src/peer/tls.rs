//! TLS between nodes: 1.3 only, one hybrid key exchange, and exactly the certificates the cards pin.
//!
//! Owns the rustls configurations of both ends and our own certificate. Must not know batches, parcels or sockets. Trust
//! is the SHA-256 of a public key in a card both Parties hold (wire.md §2.3): names, issuers and dates in certificates
//! are not looked at, no ticket is issued and nothing is sent before the handshake is over.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ids::{Hash32, PartyId};
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, ParsedCertificate};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, PeerIncompatible, ServerConfig,
    SignatureScheme,
};
use sha2::{Digest, Sha256};

/// The one application protocol: HTTP/2.
const ALPN: &[u8] = b"h2";

/// Our certificate and its key, as PEM.
#[derive(Clone)]
pub struct Identity {
    cert_pem: String,
    key_pem: String,
}

/// The certificates that may be presented to us: SHA-256 of the public key (SPKI, DER) to the Party that holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins(BTreeMap<Hash32, PartyId>);

/// Why TLS cannot be set up with what lies in the node's folder.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    /// A certificate cannot be made.
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// The PEM of the certificate or key cannot be read.
    #[error("the {what} is not readable PEM: {why}; restore it or make the node anew")]
    Pem {
        /// `certificate` or `key`.
        what: &'static str,
        /// The parser's words.
        why: String,
    },
    /// The library refuses the certificate or key.
    #[error("the certificate and key are refused: {0}; restore both from the same backup")]
    Refused(#[from] Error),
}

impl Identity {
    /// A fresh P-256 key and its self-signed certificate. What it says of itself is never looked at.
    ///
    /// # Errors
    /// [`TlsFault::Make`] when the library fails.
    pub fn generate(party: &PartyId) -> Result<Self, TlsFault> {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
        let mut params = rcgen::CertificateParams::new(Vec::<String>::new())?;
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, format!("Entente node of {party}"));
        let cert = params.self_signed(&key)?;
        Ok(Self { cert_pem: cert.pem(), key_pem: key.serialize_pem() })
    }

    /// The identity kept in two PEM texts.
    ///
    /// # Errors
    /// [`TlsFault`] when either cannot be used.
    pub fn from_pem(cert_pem: String, key_pem: String) -> Result<Self, TlsFault> {
        let identity = Self { cert_pem, key_pem };
        // Reading once proves both usable, and that the key belongs to the certificate.
        server_config(&identity, Arc::new(Pins::default()))?;
        Ok(identity)
    }

    /// The certificate as PEM.
    #[must_use]
    pub fn cert_pem(&self) -> &str {
        &self.cert_pem
    }

    /// The key as PEM: secret.
    #[must_use]
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// SHA-256 of its public key (SPKI, DER): what our card pins.
    ///
    /// # Errors
    /// [`TlsFault::Pem`] when the certificate cannot be read.
    pub fn spki_sha256(&self) -> Result<Hash32, TlsFault> {
        Ok(spki_sha256(&self.cert()?)?)
    }

    fn cert(&self) -> Result<CertificateDer<'static>, TlsFault> {
        let cert = CertificateDer::from_pem_slice(self.cert_pem.as_bytes());
        cert.map_err(|error| TlsFault::Pem { what: "certificate", why: error.to_string() })
    }

    fn key(&self) -> Result<PrivateKeyDer<'static>, TlsFault> {
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes());
        key.map_err(|error| TlsFault::Pem { what: "key", why: error.to_string() })
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(..)")
    }
}

impl Pins {
    /// Pins each Party's public key.
    #[must_use]
    pub fn new(pins: impl IntoIterator<Item = (Hash32, PartyId)>) -> Self {
        Self(pins.into_iter().collect())
    }

    /// The Party whose pinned key stands in this certificate.
    ///
    /// # Errors
    /// A certificate nobody's card pins, or none at all.
    pub fn party_of(&self, cert: &CertificateDer<'_>) -> Result<&PartyId, Error> {
        let pin = spki_sha256(cert)?;
        self.0.get(&pin).ok_or(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }
}

/// SHA-256 of a certificate's public key (SPKI, DER).
///
/// # Errors
/// When it is no X.509 certificate.
pub fn spki_sha256(cert: &CertificateDer<'_>) -> Result<Hash32, Error> {
    let spki = ParsedCertificate::try_from(cert)?.subject_public_key_info();
    Ok(Hash32(Sha256::digest(spki.as_ref()).into()))
}

/// The end that other Parties' nodes dial: every one of `pins`, nobody else.
///
/// # Errors
/// [`TlsFault`] when our own certificate or key cannot be used.
pub fn server_config(identity: &Identity, pins: Arc<Pins>) -> Result<ServerConfig, TlsFault> {
    let verifier = Arc::new(Verifier { pins });
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![identity.cert()?], identity.key()?)?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Ok(config)
}

/// The end that dials one other Party's node.
///
/// # Errors
/// [`TlsFault`] when our own certificate or key cannot be used.
pub fn client_config(identity: &Identity, peer: PartyId, pin: Hash32) -> Result<ClientConfig, TlsFault> {
    let verifier = Arc::new(Verifier { pins: Arc::new(Pins::new([(pin, peer)])) });
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_client_auth_cert(vec![identity.cert()?], identity.key()?)?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_early_data = false;
    config.enable_sni = false;
    Ok(config)
}

/// One key exchange, hybrid: what is recorded today must not open when X25519 falls (wire.md §6, threat 15).
fn provider() -> Arc<CryptoProvider> {
    let mut provider = aws_lc_rs::default_provider();
    provider.kx_groups = vec![aws_lc_rs::kx_group::X25519MLKEM768];
    Arc::new(provider)
}

/// Accepts the pinned public keys, at either end.
#[derive(Debug)]
struct Verifier {
    pins: Arc<Pins>,
}

impl Verifier {
    fn signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signed, &aws_lc_rs::default_provider().signature_verification_algorithms)
    }

    fn schemes(&self) -> Vec<SignatureScheme> {
        aws_lc_rs::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.pins.party_of(end_entity).map(|_| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::PeerIncompatible(PeerIncompatible::Tls12NotOffered))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes()
    }
}

impl ClientCertVerifier for Verifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.pins.party_of(end_entity).map(|_| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::PeerIncompatible(PeerIncompatible::Tls12NotOffered))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::{ClientConnection, ServerConnection};

    /// Shakes hands in memory; says whether both ends came through.
    fn shake(client: ClientConfig, server: ServerConfig) -> Result<(), Error> {
        let name = ServerName::try_from("peer.invalid").expect("a name");
        let mut client = ClientConnection::new(Arc::new(client), name)?;
        let mut server = ServerConnection::new(Arc::new(server))?;
        while client.is_handshaking() || server.is_handshaking() {
            let mut wire = Vec::new();
            client.write_tls(&mut wire).expect("writes to memory");
            server.read_tls(&mut wire.as_slice()).expect("reads from memory");
            server.process_new_packets()?;
            wire.clear();
            server.write_tls(&mut wire).expect("writes to memory");
            client.read_tls(&mut wire.as_slice()).expect("reads from memory");
            client.process_new_packets()?;
        }
        Ok(())
    }

    fn identity(party: &str) -> (PartyId, Identity, Hash32) {
        let party = PartyId::new(party).expect("a party");
        let identity = Identity::generate(&party).expect("a certificate");
        let pin = identity.spki_sha256().expect("a pin");
        (party, identity, pin)
    }

    #[test]
    fn only_pinned_keys_one_version_and_one_key_exchange_come_through() {
        let (gb, ours, our_pin) = identity("GB");
        let (cn, theirs, their_pin) = identity("CN");
        let (_, stranger, stranger_pin) = identity("XX");
        let server = || server_config(&theirs, Arc::new(Pins::new([(our_pin, gb.clone())]))).expect("a server");
        let client = |who: &Identity, pin| client_config(who, cn.clone(), pin).expect("a client");
        let check = |name: &str, client: ClientConfig, comes_through: bool| {
            assert_eq!(shake(client, server()).is_ok(), comes_through, "{name}");
        };
        check("pinned", client(&ours, their_pin), true);
        check("a stranger's certificate", client(&stranger, their_pin), false);
        check("another server than the card's", client(&ours, stranger_pin), false);

        let loose = |versions: &[&'static rustls::SupportedProtocolVersion], x25519_only: bool| {
            let mut provider = aws_lc_rs::default_provider();
            if x25519_only {
                provider.kx_groups = vec![aws_lc_rs::kx_group::X25519];
            }
            ClientConfig::builder_with_provider(Arc::new(provider))
                .with_protocol_versions(versions)
                .expect("versions")
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Verifier {
                    pins: Arc::new(Pins::new([(their_pin, cn.clone())])),
                }))
                .with_client_auth_cert(vec![ours.cert().expect("ours")], ours.key().expect("ours"))
                .expect("a client")
        };
        let mut h2 = loose(&[&rustls::version::TLS13], false);
        h2.alpn_protocols = vec![ALPN.to_vec()];
        check("any TLS 1.3 client with the pinned key", h2, true);
        check("TLS 1.2", loose(&[&rustls::version::TLS12], false), false);
        check("X25519 only", loose(&[&rustls::version::TLS13], true), false);
    }
}
