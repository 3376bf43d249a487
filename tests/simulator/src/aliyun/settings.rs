//! What the reference leaves open, or documents in two ways: one field each.

use serde::{Deserialize, Serialize};

use crate::exchange::Format;

/// The settings of the Aliyun platform: a flag at the start, a member of `/_sim/settings` later.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[command(next_help_heading = "Aliyun platform")]
#[group(skip)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent open question")]
pub(crate) struct Settings {
    /// Instance that the account may use; any other is refused. Repeatable.
    #[arg(
        long = "instance",
        value_name = "ID",
        value_delimiter = ',',
        default_value = "post-cn-simulator01,post-cn-0pp12gl****"
    )]
    pub(crate) instances: Vec<String>,
    /// Group or topic of somebody else: gives `PermissionCheckFailed`. Repeatable.
    #[arg(long = "denied-resource", value_name = "ID")]
    pub(crate) denied_resources: Vec<String>,
    /// Milliseconds that the platform's clock is ahead of the true time; may be negative.
    #[arg(long, default_value_t = 0, value_name = "MS", allow_hyphen_values = true)]
    pub(crate) clock_shift_ms: i64,
    /// Seconds that a call's date may differ; another document says 1860.
    #[arg(long, default_value_t = 900, value_name = "S")]
    pub(crate) clock_tolerance_s: u64,
    /// Seconds that a nonce is remembered; 0 = as long as the tolerance.
    #[arg(long, default_value_t = 0, value_name = "S")]
    pub(crate) nonce_memory_s: u64,
    /// Seconds from the start to the end of the temporary keys; 0 = no end.
    #[arg(long, default_value_t = 0, value_name = "S")]
    pub(crate) sts_life_s: u64,
    /// Order of the gateway's checks: all three names.
    #[arg(long, value_delimiter = ',', value_enum, default_value = "timestamp,nonce,signature")]
    pub(crate) gateway_checks: Vec<Check>,
    /// HTTP status of `SignatureDoesNotMatch`.
    #[arg(long, default_value_t = 400, value_name = "STATUS")]
    pub(crate) mismatch_status: u16,
    /// HTTP status of `SignatureNonceUsed`.
    #[arg(long, default_value_t = 400, value_name = "STATUS")]
    pub(crate) nonce_status: u16,
    /// HTTP status of `Throttling` and its kind: 429 or 400.
    #[arg(long, default_value_t = 429, value_name = "STATUS")]
    pub(crate) throttling_status: u16,
    /// Which headers of a throttling error say how long to wait.
    #[arg(long, default_value = "both", value_enum)]
    pub(crate) throttle_hints: Hints,
    /// The documented limits per operation and second are in force.
    #[arg(long)]
    pub(crate) documented_limits: bool,
    /// A limit of its own for an operation, also without the documented ones. Repeatable.
    #[arg(long = "operation-limit", value_name = "OPERATION=CALLS")]
    pub(crate) operation_limits: Vec<String>,
    /// Calls per second, operation and address, beyond which the address is blocked; 0 = no limit.
    #[arg(long, default_value_t = 0, value_name = "CALLS")]
    pub(crate) address_limit: usize,
    /// Code of a call beyond its limit: the product's or the gateway's.
    #[arg(long, default_value = "product", value_enum)]
    pub(crate) overflow: Overflow,
    /// What a second registration of the same client id gives.
    #[arg(long, default_value = "error", value_enum)]
    pub(crate) second_register: SecondRegister,
    /// What a refresh changes.
    #[arg(long, default_value = "key-and-secret", value_enum)]
    pub(crate) refresh_changes: RefreshChanges,
    /// Code of a refresh of an unknown client id.
    #[arg(long, default_value = "DeviceCredentialNotFound", value_name = "CODE")]
    pub(crate) refresh_unknown_code: String,
    /// Credentials that an instance may hold; 0 = no limit.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) max_credentials: usize,
    /// Final full stop of the message of `DeviceCredentialNotFound`.
    #[arg(long, default_value = "per-operation", value_enum)]
    pub(crate) not_found_full_stop: FullStop,
    /// Code of a call that lacks a parameter.
    #[arg(long, default_value = "invalid-parameter", value_enum)]
    pub(crate) missing_parameter: Missing,
    /// The list of client ids asks for `PageNo`.
    #[arg(long)]
    pub(crate) page_no_mandatory: bool,
    /// GET is allowed for each operation, not only for the two that document it.
    #[arg(long)]
    pub(crate) get_for_all: bool,
    /// Format of answers to RPC calls that name none.
    #[arg(long, default_value = "xml", value_enum)]
    pub(crate) default_format: Format,
    /// No answer has CORS headers.
    #[arg(long)]
    pub(crate) no_cors_headers: bool,
    /// What the answer to a preflight allows.
    #[arg(long, default_value = "2022", value_enum)]
    pub(crate) preflight: Preflight,
    /// Refresh and unregister end the live MQTT connections of the client id.
    #[arg(long)]
    pub(crate) cut_connections: bool,
    /// What a second MQTT connection with the same client id meets.
    #[arg(long, default_value = "take-over", value_enum)]
    pub(crate) duplicate_client: Duplicate,
    /// CONNACK code of MQTT 3.1.1 for a wrong password, 5 or 4; MQTT 5.0: 0x87 or 0x86.
    #[arg(long, default_value_t = 5, value_name = "CODE", value_parser = clap::value_parser!(u8).range(4..=5))]
    pub(crate) wrong_password_code: u8,
}

impl Settings {
    /// Refuses what no sensible platform can be made of.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut order = self.gateway_checks.clone();
        order.sort_unstable();
        order.dedup();
        if order.len() != 3 || self.gateway_checks.len() != 3 {
            return Err("gatewayChecks has to name each of the three checks once".to_owned());
        }
        for status in [self.mismatch_status, self.nonce_status, self.throttling_status] {
            if !(400..600).contains(&status) {
                return Err(format!("status {status} is no HTTP status of an error"));
            }
        }
        if !matches!(self.wrong_password_code, 4 | 5) {
            return Err("wrongPasswordCode is 4 or 5".to_owned());
        }
        for limit in &self.operation_limits {
            if limit.split_once('=').is_none_or(|(_, calls)| calls.parse::<usize>().is_err()) {
                return Err(format!("the limit `{limit}` is not written OPERATION=CALLS"));
            }
        }
        Ok(())
    }
}

/// Makes an enum of settings.
macro_rules! choice {
    ($(#[$of:meta])* $name:ident { $($(#[$meta:meta])* $variant:ident,)+ }) => {
        $(#[$of])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord,
            clap::ValueEnum, Serialize, Deserialize,
        )]
        #[serde(rename_all = "kebab-case")]
        pub(crate) enum $name { $($(#[$meta])* $variant,)+ }
    };
}

choice!(
    /// One check of the gateway.
    Check { Timestamp, Nonce, Signature, }
);
choice!(
    /// Headers of a throttling error.
    Hints { Both, RetryAfter, Ratelimit, None, }
);
choice!(
    /// Who answers a call beyond its limit.
    Overflow { Product, Gateway, }
);
choice!(
    /// What a second registration gives.
    SecondRegister { Error, Same, New, }
);
choice!(
    /// What a refresh changes.
    RefreshChanges { KeyAndSecret, Secret, }
);
choice!(
    /// Where a message ends with a full stop.
    FullStop { PerOperation, Always, Never, }
);
choice!(
    /// How a missing parameter is called.
    Missing {
        /// `InvalidParameter.<Name>`
        InvalidParameter,
        /// `Missing<Name>`
        OwnCode,
        /// `ParameterCheckFailed`
        ParameterCheckFailed,
    }
);
choice!(
    /// What a preflight's answer allows.
    Preflight {
        /// The list that was seen in 2022; the newer signature does not pass it.
        #[value(name = "2022")]
        #[serde(rename = "2022")]
        List2022,
        /// Whatever is asked for.
        Permissive,
        /// Nothing.
        None,
    }
);
choice!(
    /// What a second connection meets.
    Duplicate { TakeOver, Reject, }
);
