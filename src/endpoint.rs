//! The facts about an operation that the platform fixed: name, method, path, what it takes.

/// An HTTP method.
///
/// Our own four, since the `http` crate's cannot be built in a const.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the platforms use these four")]
pub enum Method {
    /// Removes.
    Delete,
    /// Reads.
    Get,
    /// Creates, or does something.
    Post,
    /// Replaces.
    Put,
}

impl Method {
    /// The method as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "DELETE",
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// One operation of a platform.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Endpoint {
    /// Its name, as the platform's SDKs call it.
    pub operation: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, with `{name}` where a member goes in.
    pub path: &'static str,
    /// Whether it needs an access token.
    pub authenticated: bool,
}

impl Endpoint {
    /// An operation that reads.
    pub const fn get(operation: &'static str, path: &'static str) -> Self {
        Self::new(operation, Method::Get, path)
    }

    /// An operation that creates or does something.
    pub const fn post(operation: &'static str, path: &'static str) -> Self {
        Self::new(operation, Method::Post, path)
    }

    /// An operation that replaces.
    pub const fn put(operation: &'static str, path: &'static str) -> Self {
        Self::new(operation, Method::Put, path)
    }

    /// An operation that removes.
    pub const fn delete(operation: &'static str, path: &'static str) -> Self {
        Self::new(operation, Method::Delete, path)
    }

    /// The same, without a token: logging in.
    #[must_use]
    pub const fn without_token(mut self) -> Self {
        self.authenticated = false;
        self
    }

    const fn new(operation: &'static str, method: Method, path: &'static str) -> Self {
        Self { operation, method, path, authenticated: true }
    }
}

/// What a lost answer means for an operation: nobody knows whether the platform acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AfterLoss {
    /// Comparing tells whether it happened.
    Compare,
    /// An existing credential may be the lost one.
    Find,
    /// It is sent again, and not finding its object then means that it was done.
    Gone,
    /// It is sent again.
    SendAgain,
    /// It is sent again, and if its object is there then, the caller is told what to look at.
    SendAgainOrLook(&'static str),
    /// It is not sent again, and the caller is told what to look at.
    Unknown(&'static str),
}

impl AfterLoss {
    /// The same for a request that may be sent again.
    #[must_use]
    pub const fn repeatable(self) -> Self {
        if let Self::Unknown(look) = self { Self::SendAgainOrLook(look) } else { self }
    }
}
