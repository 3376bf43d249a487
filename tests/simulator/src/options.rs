//! The command line.

use serde::{Deserialize, Serialize};

use crate::aliyun;
use crate::aliyun::accounts::Accounts;
use crate::huawei;

const CONTROL_HELP: &str = "\
Control API, JSON, on the plain HTTP address only:
  GET    /_sim/journal             all calls; ?summary=1: counts only (tokens ended by age, fullest window, ...)
  DELETE /_sim/journal             forgets them
  GET    /_sim/devices             all devices with their codes
  POST   /_sim/devices             {\"nodeId\",\"state\":\"offline|online|inactive\",\"appId\",\"name\",\"deviceId\",\"gatewayId\"}
  POST   /_sim/devices/ID/online   also /offline and /activate; ID may be a nodeId
  POST   /_sim/bind                {\"verifyCode\"}: a device connects with its code
  POST   /_sim/tokens/kill         ends all access tokens
  POST   /_sim/logins              {\"appId\"}: another system logs in, the former token ends
  GET    /_sim/credentials         of the Aliyun platform; POST {\"clientId\",\"instanceId\",\"createTime\"}
  DELETE /_sim/credentials         {\"clientId\",\"instanceId\"}: that one; no body: all
  POST   /_sim/sts                 {\"accessKeyId\",\"accessKeySecret\",\"securityToken\",\"lifeS\"}
  POST   /_sim/sts/expire          ends all temporary keys
  GET    /_sim/mqtt                connections and attempts; DELETE {\"clientId\"} cuts, no body: all
  GET    /_sim/settings            PATCH changes some of them
  GET    /_sim/clock               POST {\"advanceMs\"} moves the simulated time
  GET    /_sim/faults              orders left; POST adds orders, DELETE drops all
  POST   /_sim/reset               a fresh platform; {\"settings\":true}: fresh settings too

Faults: {\"operation\":\"refreshDeviceKey\" or \"*\",\"times\":1 (-1: always),\"skip\":0,\"kind\":...}
  answer {status,headers,body|bodyBase64}   error {code,status,message,dialect,format,retryAfterMs}
  html {status}      redirect {location,status}      huge {bytes}     slowBody {ms}
  reset, lostBefore  closed, nothing done            lostAfter        done, then closed
  silence {ms}       hangs, then closed              delay {ms}       then as usual
  cut                half a body, then closed        cutJson          half the JSON
  bom                byte order mark                 numericCode {code,status}
  wrongType {member} texts for numbers               missingMember {member}

Exit codes: 0 stopped, 2 wrong options or an address in use.";

/// A simulator of IoT platforms for tests and demonstrations.
#[derive(Debug, Clone, clap::Parser)]
#[command(version, about, after_long_help = CONTROL_HELP)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Options {
    /// Plain HTTP address: the API, the control API and the mounted folders. Port 0: any free one.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub(crate) http: String,
    /// TLS address: the API only, with client certificates. Port 0: any free one.
    #[arg(long, default_value = "127.0.0.1:8743", value_name = "ADDR")]
    pub(crate) tls: String,
    /// No TLS address at all.
    #[arg(long)]
    pub(crate) no_tls: bool,
    /// The TLS address accepts callers without a certificate.
    #[arg(long)]
    pub(crate) no_client_cert: bool,
    /// Folder for the certificates made at the start; without it a new temporary folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) tls_dir: Option<std::path::PathBuf>,
    /// Application that may log in. Repeatable; in the variable one a line.
    #[arg(
        long = "app",
        value_name = "ID:SECRET",
        env = "NORTHBOUND_SIMULATOR_APPS",
        hide_env_values = true,
        value_delimiter = '\n',
        default_value = "app1:s+e/c=r&t%1"
    )]
    pub(crate) apps: Vec<String>,
    /// Access key of the Aliyun platform. Repeatable; in the variable one a line.
    #[arg(
        long = "access-key",
        value_name = "ID:SECRET",
        env = "NORTHBOUND_SIMULATOR_ACCESS_KEYS",
        hide_env_values = true,
        value_delimiter = '\n',
        default_value = "LTAI5tSIMULATORONLY0001:simulatorSecretNotReal0001"
    )]
    pub(crate) access_keys: Vec<String>,
    /// Temporary access key with its security token. Repeatable; in the variable one a line.
    #[arg(
        long = "sts",
        value_name = "ID:SECRET:TOKEN",
        env = "NORTHBOUND_SIMULATOR_STS",
        hide_env_values = true,
        value_delimiter = '\n',
        default_value = "STS.SIMULATORONLY0002:simulatorStsSecret0002:CAISsimulator+token/with=special&chars=="
    )]
    pub(crate) temporary_keys: Vec<String>,
    /// Address of the MQTT broker. Port 0: any free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR")]
    pub(crate) mqtt: String,
    /// Address of the MQTT broker over WebSocket, any path. Port 0: any free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR")]
    pub(crate) mqtt_ws: String,
    /// No MQTT broker at all.
    #[arg(long)]
    pub(crate) no_mqtt: bool,
    /// Calendar time at the start in Unix milliseconds; without it the machine's.
    #[arg(long, value_name = "MS")]
    pub(crate) start_at_ms: Option<u64>,
    /// Serves a folder under a prefix of the plain HTTP address, e.g. `/=www`. Repeatable.
    #[arg(long = "mount", value_name = "PREFIX=DIR")]
    pub(crate) mounts: Vec<String>,
    /// Starts with devices that never connected, are offline, and are online.
    #[arg(long)]
    pub(crate) demo_devices: bool,
    /// Seed of all tokens, codes and ids; the same seed gives the same ones.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) seed: u64,
    /// Prints one line of JSON when the addresses accept connections, and nothing else.
    #[arg(long)]
    pub(crate) ready_json: bool,
    /// Stops when standard input ends, so that no process outlives the test that started it.
    #[arg(long)]
    pub(crate) exit_with_stdin: bool,
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(flatten)]
    pub(crate) huawei: huawei::settings::Settings,
    #[command(flatten)]
    pub(crate) aliyun: aliyun::settings::Settings,
}

impl Options {
    /// Whether to print the one line of JSON.
    pub const fn ready_json(&self) -> bool {
        self.ready_json
    }

    /// Whether to stop at the end of standard input.
    pub const fn exit_with_stdin(&self) -> bool {
        self.exit_with_stdin
    }

    /// The calendar time at the start, unless the command line says another one.
    #[must_use]
    pub fn with_calendar_time(mut self, unix_ms: u64) -> Self {
        self.start_at_ms.get_or_insert(unix_ms);
        self
    }

    /// Without any clock: the date of the published test vectors.
    pub(crate) fn epoch_ms(&self) -> u64 {
        self.start_at_ms.unwrap_or(1_767_323_045_000)
    }

    /// The access keys of the Aliyun platform.
    pub(crate) fn accounts(&self) -> Result<Accounts, String> {
        Accounts::read(&self.access_keys, &self.temporary_keys)
    }

    /// The applications. The error does not repeat the text: it may be a secret.
    pub(crate) fn apps(&self) -> Result<huawei::Apps, String> {
        let pair = |text: &String| {
            let (id, secret) = text.split_once(':')?;
            let given = !id.is_empty() && !secret.is_empty();
            given.then(|| (id.to_owned(), secret.to_owned()))
        };
        let apps: Option<huawei::Apps> =
            self.apps.iter().filter(|text| !text.is_empty()).map(pair).collect();
        match apps {
            Some(apps) if !apps.is_empty() => Ok(apps),
            _ => Err("an application (--app) is written ID:SECRET, neither part empty".to_owned()),
        }
    }
}

/// Settings that belong to no platform.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[command(next_help_heading = "All platforms")]
pub(crate) struct Common {
    /// Milliseconds between an action of a platform and its answer.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    pub(crate) latency_ms: u64,
    /// How many times as fast as real time the simulated time runs.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) speed: u64,
    /// Answers preflight requests and lets pages of any origin read the answers.
    #[arg(long)]
    pub(crate) cors: bool,
    /// Calls that the journal keeps, the oldest dropped first.
    #[arg(long, default_value_t = 100_000, value_name = "CALLS")]
    pub(crate) journal_max: usize,
}
