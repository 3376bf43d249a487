//! A small public key infrastructure, made anew at each start.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// Makes all certificates, writes them into the folder and gives the server's side.
///
/// Without a folder it makes a new one, below the system's place for temporary files.
pub(crate) fn make(
    folder: Option<&Path>,
    client_required: bool,
) -> io::Result<(PathBuf, ServerConfig)> {
    let folder = match folder {
        Some(folder) => {
            private_folder(folder, true)?;
            folder.to_owned()
        }
        None => new_folder()?,
    };
    let ca = authority("northbound simulator CA")?;
    let foreign = authority("foreign CA")?;
    let (server, server_key) = signed(&ca, "localhost", &["localhost", "127.0.0.1", "::1"])?;
    let (client, client_key) = signed(&ca, "northbound-client", &[])?;
    let (stranger, stranger_key) = signed(&foreign, "foreign-client", &[])?;
    for (name, text) in [
        ("ca.pem", ca.pem()),
        ("server.pem", server.pem()),
        ("client.pem", client.pem()),
        ("client.key", client_key.serialize_pem()),
        ("foreign-ca.pem", foreign.pem()),
        ("foreign-client.pem", stranger.pem()),
        ("foreign-client.key", stranger_key.serialize_pem()),
    ] {
        private_file(&folder.join(name), &text)?;
    }
    let provider = Arc::new(ring::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    let config = if client_required {
        let mut roots = RootCertStore::empty();
        roots.add(ca.der().clone()).map_err(io::Error::other)?;
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(io::Error::other)?;
        config.with_client_cert_verifier(verifier)
    } else {
        config.with_no_client_auth()
    };
    let chain: Vec<CertificateDer<'static>> = vec![server.der().clone(), ca.der().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server_key.serialize_der()));
    Ok((folder, config.with_single_cert(chain, key).map_err(io::Error::other)?))
}

/// A folder that did not exist before: one that exists may belong to somebody else.
fn new_folder() -> io::Result<PathBuf> {
    let mut number = 0;
    loop {
        let name = format!("northbound-simulator-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        match private_folder(&folder, false) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            result => return result.map(|()| folder),
        }
    }
}

fn authority(name: &str) -> io::Result<CertifiedIssuer<'static, KeyPair>> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().map_err(io::Error::other)?;
    CertifiedIssuer::self_signed(params, key).map_err(io::Error::other)
}

/// A certificate for a server with these names, or for a client if there are none.
fn signed(
    issuer: &CertifiedIssuer<'static, KeyPair>,
    common_name: &str,
    names: &[&str],
) -> io::Result<(rcgen::Certificate, KeyPair)> {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let usage = if names.is_empty() {
        ExtendedKeyUsagePurpose::ClientAuth
    } else {
        ExtendedKeyUsagePurpose::ServerAuth
    };
    let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = params.signed_by(&key, issuer).map_err(io::Error::other)?;
    Ok((certificate, key))
}

fn private_folder(folder: &Path, may_exist: bool) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(may_exist);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private_file(path: &Path, text: &str) -> io::Result<()> {
    // A file left by an earlier run would keep its own access rights.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
