//! A call that the gateway let through: its parameters, and what it may touch.

use serde_json::{Map, Value};

use super::errors::Refusal;
use super::parameters::Parameters;
use super::settings::Missing;
use super::{Operation, State, credentials, tokens};
use crate::exchange::Millis;

/// The members of a success beside `RequestId`, or why not.
pub(crate) type Answer = Result<Map<String, Value>, Refusal>;

/// A call with the state it may change.
#[derive(Debug)]
pub(crate) struct Product<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) now: Millis,
    pub(crate) operation: Operation,
    pub(crate) parameters: &'a Parameters,
}

impl Product<'_> {
    pub(crate) fn call(&mut self) -> Answer {
        match self.operation {
            Operation::RegisterDeviceCredential => credentials::register(self),
            Operation::GetDeviceCredential => credentials::get(self),
            Operation::RefreshDeviceCredential => credentials::refresh(self),
            Operation::UnRegisterDeviceCredential => credentials::unregister(self),
            Operation::ListDeviceCredentialClientId => credentials::list(self),
            Operation::ApplyToken => tokens::apply(self),
            Operation::QueryToken => tokens::query(self),
            Operation::RevokeToken => tokens::revoke(self),
        }
    }

    pub(crate) fn refuse(&self, code: &str) -> Refusal {
        Refusal::new(&self.state.settings, Some(self.operation), code)
    }

    pub(crate) fn invalid(&self, name: &str) -> Refusal {
        self.refuse(&format!("InvalidParameter.{name}"))
    }

    /// A parameter that has to be there.
    pub(crate) fn wanted(&self, name: &str) -> Result<String, Refusal> {
        match self.parameters.get(name) {
            Some(value) => Ok(value.to_owned()),
            None => Err(match self.state.settings.missing_parameter {
                Missing::InvalidParameter => self.invalid(name),
                Missing::OwnCode => self.refuse(&format!("Missing{name}")),
                Missing::ParameterCheckFailed => self.refuse("ParameterCheckFailed"),
            }),
        }
    }

    /// The instance, if it is the account's.
    pub(crate) fn instance(&self) -> Result<String, Refusal> {
        let instance = self.wanted("InstanceId")?;
        if self.state.settings.instances.contains(&instance) {
            return Ok(instance);
        }
        Err(self.refuse("InstancePermissionCheckFailed"))
    }

    /// Refuses a group or topic of somebody else.
    pub(crate) fn allowed(&self, resource: &str) -> Result<(), Refusal> {
        if self.state.settings.denied_resources.iter().any(|denied| denied == resource) {
            return Err(self.refuse("PermissionCheckFailed"));
        }
        Ok(())
    }

    /// A client id with a group of the account before `@@@`.
    pub(crate) fn client_id(&self) -> Result<String, Refusal> {
        let id = self.wanted("ClientId")?;
        let group = id.split_once("@@@").filter(|(_, device)| !device.is_empty());
        let good = id.chars().count() <= 64 && !id.chars().any(char::is_control);
        match group {
            Some((group, _)) if good && is_group(group) => {
                self.allowed(group)?;
                Ok(id)
            }
            _ => Err(self.invalid("ClientId")),
        }
    }
}

/// Each group whose name follows the rule exists.
pub(crate) fn is_group(name: &str) -> bool {
    let start = name.starts_with("GID_") || name.starts_with("GID-");
    start && (7..=64).contains(&name.chars().count())
}
