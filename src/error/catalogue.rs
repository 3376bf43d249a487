//! What the platforms document about their errors: one entry per status and code.

pub mod table;

pub use table::Catalogue;
use table::FIRST;

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

/// What a catalogue says of an error in words.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Texts {
    /// The platform's own text, misspellings included; empty where it is not known.
    pub message: &'static str,
    /// What it means, as a whole sentence.
    pub meaning: &'static str,
    /// What to do about it, as a whole sentence.
    pub remedy: &'static str,
}

/// What is said of a code that no catalogue has.
pub const GENERAL: Texts = Texts {
    message: "",
    meaning: "The platform refused the call with a code that the catalogue does not hold.",
    remedy: "Read the platform's description, and ask its operator about the code.",
};

/// One documented error, as it is read out of its [`Catalogue`].
///
/// Its texts are half of what a browser would download, and no decision needs them. So in wasm32 an entry
/// has none: JavaScript finds them by its number, in a module that `scripts/pkg` writes from the tables here.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// Its place among the entries of all platforms, from 0.
    pub number: u32,
    /// HTTP status.
    pub status: u16,
    /// The platform's code.
    pub code: &'static str,
    /// A sign for the place of each among [`NAMES`].
    operations: &'static [u8],
    /// The remedy as a word for programs.
    pub action: Action,
    /// Whether the unchanged call may succeed later, once `action` is done.
    pub retryable: bool,
    /// What it says to people.
    #[cfg(not(target_arch = "wasm32"))]
    pub texts: Texts,
}

impl Entry {
    /// Names of the operations whose documentation lists it.
    pub fn operations(&self) -> impl Iterator<Item = &'static str> {
        let places = self.operations.iter().map(|sign| usize::from(sign - FIRST));
        places.filter_map(|place| NAMES.get(place).copied())
    }

    /// Whether `code` is this entry's, to the letter: then it is the platform's own word and no echo.
    pub fn is_exactly(&self, code: &str) -> bool {
        self.code == code
    }

    /// How well this entry fits, 0 for not at all: the code to the letter outweighs the right status, and that
    /// the right operation.
    fn fit(&self, operation: &str, status: u16, code: &str) -> u8 {
        let same_code = if self.is_exactly(code) {
            5
        } else if self.code.strip_suffix("%s").is_some_and(|prefix| code.starts_with(prefix)) {
            1
        } else {
            return 0;
        };
        let same_status = if self.status == status { 2 } else { 0 };
        same_code + same_status + u8::from(self.operations().any(|name| name == operation))
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
pub fn lookup(
    catalogue: &'static Catalogue,
    operation: &str,
    status: u16,
    code: &str,
) -> Option<Entry> {
    let (mut best, mut best_fit) = (None, 0);
    for entry in catalogue.entries() {
        let fit = entry.fit(operation, status, code);
        // Of equally good entries the first one counts, so the order of the table decides and not chance.
        if fit > best_fit {
            (best, best_fit) = (Some(entry), fit);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::table::{Row, length, packed};
    use super::*;

    const ROWS: &[Row] = &[
        Row::new(403, "1", "a").on(&["getAuthToken"]),
        Row::new(500, "1", "b").on(&["refreshDeviceKey"]),
        Row::new(500, "1", "c").on(&["applyToken"]),
    ];
    static CATALOGUE: Catalogue = Catalogue::new(&[], ROWS, &packed::<{ length(ROWS) }>(ROWS));

    #[track_caller]
    fn assert_found(operation: &str, status: u16, message: &str) {
        assert_eq!(lookup(&CATALOGUE, operation, status, "1").unwrap().texts.message, message);
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
        assert!(lookup(&CATALOGUE, "x", 403, "2").is_none());
    }
}
