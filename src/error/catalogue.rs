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
    operations: Operations,
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
            operations: Operations(0),
            meaning: "",
            remedy: "",
            action: Action::Nothing,
            retryable: false,
        }
    }

    /// The operations that document it.
    #[must_use]
    pub const fn on(mut self, operations: &[&str]) -> Self {
        self.operations = Operations::of(operations);
        self
    }

    /// Names of the operations whose documentation lists it.
    pub fn operations(&self) -> impl Iterator<Item = &'static str> + '_ {
        NAMES
            .iter()
            .enumerate()
            .filter(|(at, _)| self.operations.0 >> at & 1 == 1)
            .map(|(_, name)| *name)
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
        same_status + u8::from(self.operations().any(|name| name == operation))
    }
}

/// Every operation that an entry names, a bit each: as lists of names they would be the largest part of
/// the catalogue.
#[derive(Clone, Copy, Debug)]
struct Operations(u64);

impl Operations {
    /// Runs while compiling, where a name that is missing below is an error.
    const fn of(mut names: &[&str]) -> Self {
        let mut bits = 0;
        while let [name, rest @ ..] = names {
            bits |= 1 << bit_of(name, NAMES, 0);
            names = rest;
        }
        Self(bits)
    }
}

#[expect(clippy::panic, reason = "happens while compiling, or never")]
const fn bit_of(name: &str, names: &[&str], bit: u32) -> u32 {
    match names {
        [first, ..] if same(first.as_bytes(), name.as_bytes()) => bit,
        [_, rest @ ..] => bit_of(name, rest, bit + 1),
        [] => panic!("an operation that NAMES lacks"),
    }
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([a, one @ ..], [b, other @ ..]) => *a == *b && same(one, other),
        _ => false,
    }
}

/// The operations that the two catalogues name.
const NAMES: &[&str] = &[
    "getAuthToken",
    "refreshAuthToken",
    "v3Token",
    "regDirectDevice",
    "refreshDeviceKey",
    "modifyDeviceInfo",
    "modifyDeviceShadow",
    "createBatchTask",
    "createDeviceGroup",
    "modifyDeviceGroup",
    "addDevicesToGroup",
    "deleteDevicesFromGroup",
    "queryDeviceStatus",
    "deleteDirectDevice",
    "querySingleDeviceInfo",
    "queryBatchDevicesInfo",
    "queryDeviceShadow",
    "queryDeviceDataHistory",
    "queryDeviceDesiredHistory",
    "invokeDeviceService",
    "queryOneTask",
    "queryTaskDetails",
    "querySingleDeviceGroup",
    "queryDeviceGroups",
    "deleteDeviceGroup",
    "queryDeviceGroupMembers",
    "postDeviceCommand",
    "queryDeviceCommand",
    "updateDeviceCommand",
    "createDeviceCmdCancelTask",
    "queryDeviceCmdCancelTask",
    "subDeviceBusinessData",
    "queryBatchSubscriptions",
    "queryDeviceRealtimeLocation",
    "queryDeviceCapabilities",
    "querySingleSubscription",
    "deleteSingleSubscription",
    "deleteBatchSubscriptions",
    "subDeviceManagementData",
    "queryUpgradePackageList",
    "queryUpgradePackage",
    "deleteUpgradePackage",
    "createSoftwareUpgradeTask",
    "createFirmwareUpgradeTask",
    "queryUpgradeTask",
    "queryUpgradeSubTask",
    "queryUpgradeTaskList",
    "createRule",
    "updateRule",
    "queryRules",
    "deleteRule",
    "changeRuleStatus",
    "batchChangeRuleStatus",
    "registerDeviceCredential",
    "getDeviceCredential",
    "refreshDeviceCredential",
    "unRegisterDeviceCredential",
    "listDeviceCredentialClientId",
    "applyToken",
    "queryToken",
    "revokeToken",
];

/// The entry for what a platform said: by operation, status and code, then by status and code, then
/// by code alone. A code that ends in `%s` is a template, which counts where no exact one does.
pub fn lookup<'a>(
    entries: &'a [Entry],
    operation: &str,
    status: u16,
    code: &str,
) -> Option<&'a Entry> {
    let exact = best(entries.iter().filter(|entry| entry.code == code), operation, status);
    let template = |entry: &&Entry| {
        entry.code.strip_suffix("%s").is_some_and(|prefix| code.starts_with(prefix))
    };
    exact.or_else(|| best(entries.iter().filter(template), operation, status))
}

fn best<'a>(
    entries: impl DoubleEndedIterator<Item = &'a Entry>,
    operation: &str,
    status: u16,
) -> Option<&'a Entry> {
    // Of equally good entries the first one counts, so the order of the table decides and not chance.
    entries.rev().max_by_key(|entry| entry.fit(operation, status))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRIES: &[Entry] = &[
        Entry::new(403, "1", "a").on(&["getAuthToken"]),
        Entry::new(500, "1", "b").on(&["refreshDeviceKey"]),
        Entry::new(500, "1", "c").on(&["applyToken"]),
    ];

    #[track_caller]
    fn assert_found(operation: &str, status: u16, message: &str) {
        assert_eq!(lookup(ENTRIES, operation, status, "1").unwrap().message, message);
    }

    #[test]
    fn status_outweighs_operation_and_both_outweigh_the_code_alone() {
        assert_found("applyToken", 500, "c");
        assert_found("getAuthToken", 500, "b");
        assert_found("refreshDeviceKey", 401, "b");
        assert_found("other", 401, "a");
    }

    #[test]
    fn an_unknown_code_has_no_entry() {
        assert!(lookup(ENTRIES, "x", 403, "2").is_none());
    }
}
