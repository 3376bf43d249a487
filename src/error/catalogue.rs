//! What the platforms document about their errors: one entry per status and code.

/// The word that programs and policies act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Activate the device: let it connect once.
    ActivateDevice,
    /// Ask the people who run the platform.
    ContactPlatform,
    /// Change the request, the settings or the rights behind it.
    FixInput,
    /// Obtain a new token, or new temporary credentials, and repeat.
    LoginAgain,
    /// The wanted state exists already.
    Nothing,
    /// Take the device offline.
    TakeDeviceOffline,
    /// Wait, then repeat.
    Wait,
}

impl Action {
    /// The word as the public types spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ActivateDevice => "activate-device",
            Self::ContactPlatform => "contact-platform",
            Self::FixInput => "fix-input",
            Self::LoginAgain => "login-again",
            Self::Nothing => "none",
            Self::TakeDeviceOffline => "take-device-offline",
            Self::Wait => "wait",
        }
    }
}

/// One documented error.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// HTTP status.
    pub status: u16,
    /// The platform's code.
    pub code: &'static str,
    /// The platform's own text, misspellings included; empty where it is not known.
    pub message: &'static str,
    /// Operations whose documentation lists it.
    pub operations: &'static [&'static str],
    /// What it means, as a whole sentence.
    pub meaning: &'static str,
    /// What to do about it, as a whole sentence.
    pub remedy: &'static str,
    /// The same as a word for programs.
    pub action: Action,
    /// Whether the unchanged call may succeed later, once `action` is done.
    pub retryable: bool,
}

impl Entry {
    /// Starts an entry with what is seen on the wire.
    pub const fn new(status: u16, code: &'static str, message: &'static str) -> Self {
        Self {
            status,
            code,
            message,
            operations: &[],
            meaning: "",
            remedy: "",
            action: Action::Nothing,
            retryable: false,
        }
    }

    /// The operations that document it.
    #[must_use]
    pub const fn on(mut self, operations: &'static [&'static str]) -> Self {
        self.operations = operations;
        self
    }

    /// Its meaning.
    #[must_use]
    pub const fn means(mut self, meaning: &'static str) -> Self {
        self.meaning = meaning;
        self
    }

    /// The remedy, as a word and as a sentence.
    #[must_use]
    pub const fn remedy(mut self, action: Action, remedy: &'static str) -> Self {
        self.action = action;
        self.remedy = remedy;
        self
    }

    /// Marks it as one that a repeated call can outlive.
    #[must_use]
    pub const fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// Whether `code` is this entry's, to the letter: then it is the platform's own word and no echo.
    pub fn is_exactly(&self, code: &str) -> bool {
        self.code == code
    }

    /// How well this entry fits: the right status outweighs the right operation.
    fn fit(&self, operation: &str, status: u16) -> u8 {
        let same_status = if self.status == status { 2 } else { 0 };
        same_status + u8::from(self.operations.contains(&operation))
    }
}

/// The entry for what a platform said: by operation, status and code, then by status and code, then
/// by code alone.
pub fn lookup<'a>(
    entries: &'a [Entry],
    operation: &str,
    status: u16,
    code: &str,
) -> Option<&'a Entry> {
    let same_code = entries.iter().filter(|entry| entry.code == code);
    // Of equally good entries the first one counts, so the order of the table decides and not chance.
    same_code.rev().max_by_key(|entry| entry.fit(operation, status))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRIES: &[Entry] = &[
        Entry::new(403, "1", "a").on(&["x"]),
        Entry::new(500, "1", "b").on(&["y"]),
        Entry::new(500, "1", "c").on(&["z"]),
    ];

    #[track_caller]
    fn assert_found(operation: &str, status: u16, message: &str) {
        assert_eq!(lookup(ENTRIES, operation, status, "1").unwrap().message, message);
    }

    #[test]
    fn status_outweighs_operation_and_both_outweigh_the_code_alone() {
        assert_found("z", 500, "c");
        assert_found("x", 500, "b");
        assert_found("y", 401, "b");
        assert_found("other", 401, "a");
    }

    #[test]
    fn an_unknown_code_has_no_entry() {
        assert!(lookup(ENTRIES, "x", 403, "2").is_none());
    }
}
