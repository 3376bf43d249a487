//! What can go wrong, sorted by who has to act, and in which words it is told.

pub mod catalogue;

use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use crate::fields::Problem;
use crate::text;
use catalogue::{Action, Entry};
#[cfg(not(target_arch = "wasm32"))]
use catalogue::{GENERAL, Texts};

/// A failed call: which operation, after how many attempts, and why.
///
/// Behind a pointer, so that results which hardly ever carry one stay small.
#[derive(Clone, Debug)]
pub struct Failure(Box<FailedCall>);

/// What a [`Failure`] tells.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FailedCall {
    /// The operation that failed. A login made on behalf of another call is named itself.
    pub operation: &'static str,
    /// Attempts made, the first included; 0 if nothing was sent.
    pub attempts: u32,
    /// Why; clones share it.
    pub error: Rc<Error>,
    /// What to look at, where nobody knows whether the platform acted.
    pub outcome_unknown: Option<&'static str>,
}

impl Failure {
    /// A failure of `operation`.
    pub fn new(operation: &'static str, attempts: u32, error: Error) -> Self {
        let error = Rc::new(error);
        Self(Box::new(FailedCall { operation, attempts, error, outcome_unknown: None }))
    }
}

impl Deref for Failure {
    type Target = FailedCall;

    fn deref(&self) -> &FailedCall {
        &self.0
    }
}

impl DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut FailedCall {
        &mut self.0
    }
}

impl FailedCall {
    /// Whether the same call may succeed later without any change.
    pub fn retryable(&self) -> bool {
        self.outcome_unknown.is_none() && self.error.retryable()
    }

    /// The sentence for the person who has to act.
    pub fn message(&self) -> String {
        let message = self.error.message();
        match self.outcome_unknown {
            Some(look) => [&message, "; whether the platform acted is not known: ", look].concat(),
            None => message,
        }
    }
}

/// Why a call failed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// The caller's own function for credentials failed.
    Credentials(Cause),
    /// Somebody else answered: a proxy's page, a redirect, cut JSON, a missing member.
    Decode(Box<Unreadable>),
    /// We are wrong: a fault of this package.
    Internal(&'static str),
    /// The caller passed something that cannot be sent, and nothing was sent.
    InvalidArgument(Problem),
    /// Nobody answered: refused, reset, name not found, TLS, CORS.
    Network(Cause),
    /// The platform said no.
    Platform(Box<Refusal>),
    /// Nobody answered in the time allowed.
    Timeout {
        /// The time allowed, in milliseconds.
        timeout_ms: u32,
    },
}

impl Error {
    /// The kind as the public types spell it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Decode(_) => "decode",
            Self::Internal(_) => "internal",
            Self::Credentials(_) | Self::InvalidArgument(_) => "invalid-argument",
            Self::Network(_) => "network",
            Self::Platform(_) => "platform",
            Self::Timeout { .. } => "timeout",
        }
    }

    /// Whether the same call may succeed later without any change.
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Decode(unreadable) => matches!(unreadable.status, 429 | 502 | 503 | 504),
            Self::Credentials(_) | Self::Internal(_) | Self::InvalidArgument(_) => false,
            Self::Network(_) | Self::Timeout { .. } => true,
            Self::Platform(refusal) => refusal.retryable(),
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::InvalidArgument(problem)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message())
    }
}

impl std::error::Error for Error {}

impl Error {
    /// The sentence for the person who has to act.
    pub fn message(&self) -> String {
        match self {
            Self::Credentials(_) => {
                "`config.credentials` failed instead of giving credentials; see `cause`".to_owned()
            }
            Self::Decode(unreadable) => {
                let status = text::integer(unreadable.status.into());
                ["[", &status, "] the answer is none of the platform's: ", &unreadable.problem]
                    .concat()
            }
            Self::Internal(what) => {
                [what, "; this is a fault of northbound, please report it"].concat()
            }
            Self::InvalidArgument(problem) => problem.sentence(),
            Self::Network(_) => {
                "no answer: the connection failed before one arrived; see `cause`, \
                and check address, port, certificates and, in a browser, CORS"
                    .to_owned()
            }
            #[cfg(not(target_arch = "wasm32"))]
            Self::Platform(refusal) => refusal.message(),
            // JavaScript has the texts: `errors.js` puts them in front.
            #[cfg(target_arch = "wasm32")]
            Self::Platform(_) => String::new(),
            Self::Timeout { timeout_ms } => {
                ["no answer within ", &text::integer((*timeout_ms).into()), " ms"].concat()
            }
        }
    }
}

/// A host's own value behind a failure, carried through untouched.
#[derive(Clone, Default)]
pub struct Cause(Option<Rc<dyn Any>>);

impl Cause {
    /// Wraps what the host threw.
    pub fn new(value: impl Any) -> Self {
        Self(Some(Rc::new(value)))
    }

    /// What the host threw, if it is a `T`.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.as_ref()?.downcast_ref()
    }
}

/// Says nothing of the value: it may quote an address with a token in it.
impl fmt::Debug for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Cause(…)")
    }
}

/// An answer that is none of the platform's.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Unreadable {
    /// HTTP status; 0 where a browser hides it, as it does for redirects.
    pub status: u16,
    /// What is wrong with it.
    pub problem: String,
    /// Its first 512 characters, without secrets.
    pub excerpt: String,
    /// How long the server asks to wait, in milliseconds.
    pub retry_after_ms: Option<f64>,
}

impl Unreadable {
    /// An answer with this status, that is wrong in this way.
    pub const fn new(status: u16, problem: String, excerpt: String) -> Self {
        Self { status, problem, excerpt, retry_after_ms: None }
    }
}

impl Error {
    /// Whether only a new login can mend it.
    pub const fn asks_for_a_login(&self) -> bool {
        if let Self::Platform(refusal) = self {
            matches!(refusal.action(), Action::LoginAgain)
        } else {
            false
        }
    }

    /// The platform's code, if it said one.
    pub fn code(&self) -> Option<&str> {
        if let Self::Platform(refusal) = self { Some(&refusal.code) } else { None }
    }
}

/// The platform's own refusal.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Refusal {
    /// HTTP status; a refusal may come with any, 200 included.
    pub status: u16,
    /// The platform's code, as text.
    pub code: String,
    /// The platform's own words, without secrets.
    pub description: String,
    /// What the catalogue knows about it.
    pub entry: Option<Entry>,
    /// The platform's name for this request.
    pub request_id: Option<String>,
    /// How long the platform asks to wait, in milliseconds.
    pub retry_after_ms: Option<f64>,
    /// What to do about it here and now, where that is not what the catalogue says.
    pub advice: Option<&'static str>,
}

impl Refusal {
    /// A refusal of which nothing more is known than this.
    pub const fn new(status: u16, code: String, description: String) -> Self {
        Self {
            status,
            code,
            description,
            entry: None,
            request_id: None,
            retry_after_ms: None,
            advice: None,
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn message(&self) -> String {
        let (meaning, remedy) = (self.meaning(), self.remedy());
        ["[", &self.status.to_string(), " / ", &self.code, "] ", meaning, " ", remedy].concat()
    }

    /// What it means.
    #[cfg(not(target_arch = "wasm32"))]
    pub const fn meaning(&self) -> &'static str {
        self.texts().meaning
    }

    /// What to do about it.
    #[cfg(not(target_arch = "wasm32"))]
    pub const fn remedy(&self) -> &'static str {
        match self.advice {
            Some(advice) => advice,
            None => self.texts().remedy,
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    const fn texts(&self) -> Texts {
        match self.entry {
            Some(entry) => entry.texts,
            None => GENERAL,
        }
    }

    /// The same as a word for programs.
    pub const fn action(&self) -> Action {
        match self.entry {
            Some(entry) => entry.action,
            None => Action::ContactPlatform,
        }
    }

    /// Whether the same call may succeed later.
    pub const fn retryable(&self) -> bool {
        match self.entry {
            Some(entry) => entry.retryable,
            None => matches!(self.status, 429 | 500 | 502 | 503 | 504),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::catalogue::Catalogue;
    use super::catalogue::table::{Row, length, packed};
    use super::*;

    #[test]
    fn a_platform_error_starts_with_status_and_code_and_ends_with_the_remedy() {
        const ROWS: &[Row] =
            &[Row::new(400, "1", "x").means("It means this.").remedy(Action::Wait, "Do that.")];
        static CATALOGUE: Catalogue = Catalogue::new(&[], ROWS, &packed::<{ length(ROWS) }>(ROWS));
        let mut refusal = Refusal::new(400, "1".into(), "x".into());
        assert_eq!(
            Error::Platform(Box::new(refusal.clone())).to_string(),
            "[400 / 1] The platform refused the call with a code that the catalogue does not hold. \
             Read the platform's description, and ask its operator about the code."
        );
        refusal.entry = CATALOGUE.entries().next();
        assert_eq!(
            Error::Platform(Box::new(refusal)).to_string(),
            "[400 / 1] It means this. Do that."
        );
    }

    #[test]
    fn an_unreadable_answer_is_worth_a_retry_only_where_a_gateway_says_later() {
        let retryable: Vec<u16> = (100..600)
            .filter(|status| {
                Error::Decode(Box::new(Unreadable::new(*status, String::new(), String::new())))
                    .retryable()
            })
            .collect();
        assert_eq!(retryable, [429, 502, 503, 504]);
    }

    #[test]
    fn a_cause_shows_nothing_of_itself() {
        assert_eq!(format!("{:?}", Cause::new("token")), "Cause(…)");
        assert_eq!(Cause::new(7_u8).get::<u8>(), Some(&7));
    }
}
