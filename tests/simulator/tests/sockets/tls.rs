//! Who may speak on the TLS address.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::{login, request, simulator};

/// Sends a request with the client certificate of that name, or with none.
async fn exchange(
    address: std::net::SocketAddr,
    folder: &Path,
    client: Option<&str>,
    text: &str,
) -> io::Result<String> {
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_file(folder.join("ca.pem")).expect("ca.pem");
    roots.add(ca).expect("root");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots);
    let config = match client {
        None => config.with_no_client_auth(),
        Some(name) => {
            let pem = |end: &str| folder.join(format!("{name}.{end}"));
            let chain = vec![CertificateDer::from_pem_file(pem("pem")).expect("certificate")];
            let key = PrivateKeyDer::from_pem_file(pem("key")).expect("key");
            config.with_client_auth_cert(chain, key).expect("client")
        }
    };
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").expect("name");
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    stream.write_all(text.as_bytes()).await?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer).await {
        // The simulator closes without a farewell, like many servers do.
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(String::from_utf8(answer).expect("UTF-8")),
    }
}

#[tokio::test]
async fn only_a_certificate_of_its_own_authority_lets_a_caller_speak() {
    let running = simulator(&[]).await;
    let (address, folder) = (running.tls().expect("tls"), running.certificates().expect("folder"));
    let answer = exchange(address, folder, Some("client"), &login()).await.expect("answer");
    assert!(answer.contains("accessToken"), "{answer}");
    assert!(exchange(address, folder, None, &login()).await.is_err());
    assert!(exchange(address, folder, Some("foreign-client"), &login()).await.is_err());
}

#[tokio::test]
async fn a_certificate_can_be_made_optional() {
    let running = simulator(&["--no-client-cert"]).await;
    let (address, folder) = (running.tls().expect("tls"), running.certificates().expect("folder"));
    let answer = exchange(address, folder, None, &login()).await.expect("answer");
    assert!(answer.contains("accessToken"), "{answer}");
}

#[tokio::test]
async fn there_is_no_control_over_tls() {
    let running = simulator(&[]).await;
    let (address, folder) = (running.tls().expect("tls"), running.certificates().expect("folder"));
    let text = request("GET", "/_sim/journal", "", "");
    let answer = exchange(address, folder, Some("client"), &text).await.expect("answer");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

#[cfg(unix)]
#[tokio::test]
async fn keys_are_for_their_owner_alone_and_go_with_the_simulator() {
    use std::os::unix::fs::PermissionsExt;
    let running = simulator(&[]).await;
    let folder = running.certificates().expect("folder").clone();
    let mode = |path: &Path| path.metadata().expect("metadata").permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("client.key"))), (0o700, 0o600));
    drop(running);
    assert!(!folder.exists());
}
