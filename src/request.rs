//! Builds requests: an operation fills a [`Draft`], its platform makes a [`Request`] of it.

use crate::endpoint::{AfterLoss, Endpoint, Method};
use crate::json::Json;
use crate::text;
use crate::types::{Secret, percent_encode};

/// One request, ready to send.
///
/// Plain text in every part, because that is what each sender takes. Characters that no header can
/// carry are refused where ids and tokens are read, so nothing in here can break a line.
#[derive(Clone)]
#[non_exhaustive]
pub struct Request {
    /// The operation that it belongs to.
    pub operation: &'static str,
    /// Its method.
    pub method: Method,
    /// Where it goes, query included.
    pub url: String,
    /// The path alone, for events.
    pub path: String,
    /// Lower-case names and their values.
    pub headers: Vec<(&'static str, String)>,
    /// Its body, if it has one.
    pub body: Option<String>,
    /// What must not be shown of it, nor of an answer that echoes it.
    pub secrets: Vec<Secret>,
}

impl Request {
    /// A request of which nothing but this is known.
    pub const fn new(
        endpoint: Endpoint,
        url: String,
        path: String,
        headers: Vec<(&'static str, String)>,
        body: Option<String>,
        secrets: Vec<Secret>,
    ) -> Self {
        let Endpoint { operation, method, .. } = endpoint;
        Self { operation, method, url, path, headers, body, secrets }
    }
}

/// Says where it goes and nothing that it carries.
impl std::fmt::Debug for Request {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Request")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// A request before its platform has added address and credentials.
#[derive(Clone)]
pub struct Draft {
    endpoint: Endpoint,
    path: String,
    pub(crate) parameters: Vec<(&'static str, String)>,
    content: Option<(&'static str, String)>,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) after_loss: AfterLoss,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Draft").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Draft {
    /// A request to `endpoint`, with nothing in it.
    pub fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            path: endpoint.path.to_owned(),
            parameters: Vec::new(),
            content: None,
            secrets: Vec::new(),
            after_loss: AfterLoss::SendAgain,
        }
    }

    /// Puts `value` in the place of `{name}`; encoded, so that it stays one segment.
    pub fn path(&mut self, name: &str, value: &str) {
        let mut encoded = String::new();
        percent_encode(&mut encoded, value);
        self.path = text::replaced(&self.path, &["{", name, "}"].concat(), &encoded);
    }

    /// Adds a query parameter, if it has a value.
    pub fn query(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.parameters.push((name, value.to_owned()));
        }
    }

    /// Sends `fields` the way an HTML form does.
    pub fn form(&mut self, fields: &[(&str, &str)]) {
        self.content = Some((FORM, form(fields)));
    }

    /// Sends `body` as JSON.
    pub fn json(&mut self, body: &Json) {
        let mut text = String::new();
        body.write(&mut text);
        self.content = Some(("application/json", text));
    }

    /// Names a secret that is part of it.
    pub fn secret(&mut self, secret: &Secret) {
        self.secrets.push(secret.clone());
    }

    /// Makes it one of another operation that takes the same parameters.
    pub const fn redirect(&mut self, endpoint: Endpoint) {
        self.endpoint = endpoint;
        self.after_loss = AfterLoss::SendAgain;
    }

    /// What a lost answer means.
    pub const fn after_loss(&self) -> AfterLoss {
        self.after_loss
    }

    /// The query parameters, not encoded.
    pub fn parameters(&self) -> &[(&'static str, String)] {
        &self.parameters
    }

    /// What must not be shown of it.
    pub fn secrets(&self) -> &[Secret] {
        &self.secrets
    }

    /// What it is a request to.
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The request to the platform at `base`.
    pub fn request(&self, base: &str, mut headers: Vec<(&'static str, String)>) -> Request {
        let query = form(&pairs(&self.parameters));
        let sign = if query.is_empty() { "" } else { "?" };
        let url = [base, &self.path, sign, &query].concat();
        let mut body = None;
        if let Some((content_type, content)) = &self.content {
            headers.push(("content-type", (*content_type).to_owned()));
            body = Some(content.clone());
        }
        Request::new(self.endpoint, url, self.path.clone(), headers, body, self.secrets.clone())
    }
}

/// Names with their values, borrowed.
#[inline(never)]
pub fn pairs<'a>(owned: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    let mut pairs = Vec::with_capacity(owned.len());
    for (name, value) in owned {
        pairs.push((*name, value.as_str()));
    }
    pairs
}

/// The media type of a form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// Names and values as a query or a form: percent-encoded, joined, an empty value as `name=`.
#[inline(never)]
pub fn form(pairs: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(if pairs.is_empty() { 0 } else { 256 });
    let mut sign = "";
    for (name, value) in pairs {
        out.push_str(sign);
        percent_encode(&mut out, name);
        out.push('=');
        percent_encode(&mut out, value);
        sign = "&";
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENDPOINT: Endpoint = Endpoint::put("x", "/a/{id}/b");

    proptest! {
        #[test]
        fn an_id_stays_one_segment(id in ".{1,40}") {
            let mut draft = Draft::new(ENDPOINT);
            draft.path("id", &id);
            let request = draft.request("https://h", vec![]);
            prop_assert_eq!(request.path.matches('/').count(), 3);
            prop_assert!(request.path.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert_eq!(percent_decoded(&request.path), format!("/a/{}/b", id));
        }

        #[test]
        fn a_form_reads_back_the_same(first in ".{0,40}", second in ".{0,40}") {
            let mut draft = Draft::new(ENDPOINT);
            draft.form(&[("appId", &first), ("secret", &second)]);
            let body = draft.request("https://h", vec![]).body.unwrap();
            let pairs: Vec<(&str, String)> = body
                .split('&')
                .map(|pair| pair.split_once('=').unwrap())
                .map(|(name, value)| (name, percent_decoded(value)))
                .collect();
            prop_assert_eq!(pairs, vec![("appId", first), ("secret", second)]);
        }
    }

    /// Decodes by searching for the percent sign, unlike the encoder, which goes byte by byte.
    fn percent_decoded(text: &str) -> String {
        let mut parts = text.split('%');
        let mut bytes = parts.next().unwrap().as_bytes().to_vec();
        for part in parts {
            let (hex, rest) = part.split_at(2);
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            bytes.extend(rest.as_bytes());
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn absent_parts_leave_no_trace() {
        let mut draft = Draft::new(ENDPOINT);
        draft.query("appId", None);
        draft.path("id", "1");
        let request = draft.request("https://h:1/p", vec![]);
        assert_eq!(request.url, "https://h:1/p/a/1/b");
        assert_eq!((request.headers, request.body), (vec![], None));
    }

    #[test]
    fn debug_shows_neither_headers_nor_body_nor_query() {
        let mut draft = Draft::new(ENDPOINT);
        draft.query("q", Some("s3cr3t"));
        draft.form(&[("a", "s3cr3t")]);
        let request = draft.request("https://h", vec![("authorization", "s3cr3t".into())]);
        assert!(!format!("{request:?}").contains("s3cr3t"));
    }
}
