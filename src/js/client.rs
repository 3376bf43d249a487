//! The clients: how they are made, and how they run an operation.

use std::rc::Rc;

use crate::aliyun::{Credentials, OnsMqttConfig, client_tokens, device_credentials};
use crate::fields::{Fields, Problem};
use crate::huawei::authentication::{ANSWER, GetAuthToken, OPERATIONS};
use crate::huawei::{ClientInfo, registration};
use crate::js::convert::{Given, Made};
use crate::js::fetch::{Fetch, Keys};
use crate::js::table::{self, Work};
use crate::operation::Card;
use crate::options::{CallOptions, ClientOptions, Throttling};
use crate::request::Draft;
use crate::session::throttle::ThrottleOptions;
use crate::transport::north_api::NorthApi;
use crate::transport::ons_mqtt::OnsMqtt;
use crate::transport::{Line, Task};

/// What a class of `api.js` stands for.
pub trait Client {
    /// Begins an operation, or prepares its request.
    fn run(self: Rc<Self>, known: Known, given: &mut Given) -> Result<Made, Problem>;
}

/// Calls that the northbound API allows by default, and in how many milliseconds.
const CALLS_OF_NORTH_API: (u32, f64) = (100, 60_000.0);

/// The same of ApsaraMQ for MQTT, but for `revokeToken`: 5.
const CALLS_OF_ONS_MQTT: (u32, f64) = (100, 1_000.0);

/// Makes a client of the northbound API, without a token.
pub fn north_api(given: &mut Given) -> Result<Made, Problem> {
    let (host, options) = host_and_options(given, ClientOptions::read)?;
    let info = ClientInfo::read(given.fields("input", "clientInfo")?, &options.surroundings)?;
    let line = line(&options, host, CALLS_OF_NORTH_API);
    Ok(kept(Rc::new(NorthApi::new(line, info, options.refresh_token_lifetime_ms))))
}

/// Makes a client of ApsaraMQ for MQTT.
pub fn ons_mqtt(given: &mut Given) -> Result<Made, Problem> {
    let (host, options) = host_and_options(given, ClientOptions::read_for_mqtt)?;
    let mut config = given.fields("input", "config")?;
    let keys =
        if given.has("asks") { host.keys() } else { Keys::Fixed(fixed_credentials(&mut config)?) };
    let config = OnsMqttConfig::read(config, &options.surroundings)?;
    let line = line(&options, host, CALLS_OF_ONS_MQTT);
    let mut client = OnsMqtt::new(line, config, keys);
    if options.throttle == Throttling::Default {
        client = client.throttled_revoking(ThrottleOptions::new(5, 1_000.0));
    }
    Ok(kept(Rc::new(client)))
}

/// The options of a client behind a pointer, since they are many.
fn host_and_options(
    given: &mut Given,
    read: fn(Fields, Option<String>) -> Result<ClientOptions, Problem>,
) -> Result<(Fetch, Box<ClientOptions>), Problem> {
    let host = Fetch::new(given);
    let options = read(given.optional_fields("options")?, given.text("origin"))?;
    Ok((host, Box::new(options)))
}

/// Reads credentials that never change out of a configuration.
pub fn fixed_credentials(config: &mut Fields) -> Result<Credentials, Problem> {
    let member = config.member("credentials");
    let missing = member.problem("is missing, expected an object or a function");
    let credentials = member.maybe_object()?.ok_or(missing)?;
    Credentials::read(Fields::of("config.credentials", credentials)?)
}

fn line(options: &ClientOptions, host: Fetch, (calls, per_ms): (u32, f64)) -> Line<Fetch> {
    let line = Line::new(host, options.timeout_ms, options.retry);
    match options.throttle.or(ThrottleOptions::new(calls, per_ms)) {
        Some(throttle) => line.throttled(throttle),
        None => line,
    }
}

/// Keeps a client, and says by which number.
pub fn kept(client: Rc<dyn Client>) -> Made {
    Made::number(table::keep(client))
}

impl Client for NorthApi<Fetch> {
    fn run(self: Rc<Self>, known: Known, given: &mut Given) -> Result<Made, Problem> {
        let Some(card) = known.card else { return begin_login(self, known.name, given) };
        let task = read_task(card, given, CallOptions::read)?;
        Ok(begun(Box::pin(Self::run(self, task)), card.answer.secrets))
    }
}

impl Client for OnsMqtt<Fetch, Keys> {
    fn run(self: Rc<Self>, known: Known, given: &mut Given) -> Result<Made, Problem> {
        let card = known.card()?;
        let task = read_task(card, given, |given| CallOptions::read_for_token(given, false))?;
        Ok(begun(Box::pin(Self::run(self, task)), card.answer.secrets))
    }
}

/// An operation that there is.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its card; the two logins have none.
    pub(crate) card: Option<&'static Card>,
    /// Whether it is one of ApsaraMQ for MQTT.
    pub(crate) is_ons_mqtt: bool,
}

impl Known {
    /// Its card, where no login is expected.
    pub(crate) fn card(self) -> Result<&'static Card, Problem> {
        self.card.ok_or_else(|| Problem::new("operation", "is not known here"))
    }

    /// The operation called `operation`.
    pub(crate) fn called(operation: &str) -> Option<Self> {
        for (chapter, is_ons_mqtt) in [
            (registration::CHAPTER, false),
            (device_credentials::CHAPTER, true),
            (client_tokens::CHAPTER, true),
        ] {
            for card in chapter {
                let name = card.endpoint.operation;
                if name == operation {
                    return Some(Self { name, card: Some(card), is_ons_mqtt });
                }
            }
        }
        let name = OPERATIONS.iter().find(|name| **name == operation)?;
        Some(Self { name, card: None, is_ons_mqtt: false })
    }
}

/// Begins work, and says by which number.
#[inline(never)]
fn begun(work: Work, secrets: &'static [&'static str]) -> Made {
    Made::number(table::begin(work, secrets))
}

fn begin_login(
    client: Rc<NorthApi<Fetch>>,
    name: &str,
    given: &mut Given,
) -> Result<Made, Problem> {
    let forceable = name == GetAuthToken::ENDPOINT.operation;
    let options = CallOptions::read_for_token(given.optional_fields("options")?, forceable)?;
    let work: Work = if forceable {
        Box::pin(client.get_auth_token(options.force, options.timeout_ms))
    } else {
        Box::pin(client.refresh_auth_token(options.timeout_ms))
    };
    Ok(begun(work, ANSWER.secrets))
}

fn read_task(
    card: &Card,
    given: &mut Given,
    read: fn(Fields) -> Result<CallOptions, Problem>,
) -> Result<Task, Problem> {
    let mut draft = draft(card, given)?;
    let options = read(given.optional_fields("options")?)?;
    draft.query("appId", options.app_id.as_deref());
    let mut task = Task::new(draft, card.answer);
    task.token = options.access_token;
    task.timeout_ms = options.timeout_ms;
    Ok(task)
}

/// Reads the input of an operation.
pub fn draft(card: &Card, given: &mut Given) -> Result<Draft, Problem> {
    let mut input = given.fields("input", "input")?;
    let draft = card.draft(&mut input)?;
    input.close()?;
    Ok(draft)
}
