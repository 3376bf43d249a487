//! Every error that OnsMqtt and the gateway before it document.
//!
//! One entry per code and status, repeated only where the message depends on the operation or on the
//! signature. A code that ends in `%s` is a template: what stands before it is what counts.
//! Source: the error tables of the product's pages and API metadata, and what was observed.

use crate::error::catalogue::{
    Action::{FixInput, LoginAgain, Nothing, Wait},
    Catalogue,
    table::{Row, length, packed},
};
use crate::huawei;

/// The catalogue.
pub static ERRORS: Catalogue =
    Catalogue::new(huawei::errors::ROWS, ROWS, &packed::<{ length(ROWS) }>(ROWS));

pub(crate) const ROWS: &[Row] = &[
    Row::new(404, "ApiNotSupport", "The specified API is not supported.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The operation or version name is not known.")
        .remedy(FixInput, "Check the operation name and the version."),
    Row::new(400, "ApplyTokenOverFlow", "You have applied for tokens too many times. Please try again later.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken"])
        .means("The operation is called more often than the account allows.")
        .remedy(Wait, "Back off, then repeat.")
        .retryable(),
    Row::new(400, "CheckAccountInfoFailed", "An error occurred while checking the account information by the STS token.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The account behind the STS token could not be determined.")
        .remedy(LoginAgain, "Obtain new STS credentials."),
    Row::new(400, "DeviceCredentialExsit", "Device Credential Exsit")
        .on(&["registerDeviceCredential"])
        .means("The client id has a credential already.")
        .remedy(Nothing, "Call GetDeviceCredential or RefreshDeviceCredential instead."),
    Row::new(400, "DeviceCredentialNotFound", "Device Credential Not Found. Check if the device certificate is registered")
        .on(&["registerDeviceCredential"])
        .means("No credential exists for the client id.")
        .remedy(FixInput, "Check ClientId and InstanceId."),
    Row::new(400, "DeviceCredentialNotFound", "Device Credential Not Found. Check if the device certificate is registered.")
        .on(&["getDeviceCredential", "unRegisterDeviceCredential"])
        .means("No credential exists for the client id.")
        .remedy(FixInput, "Register the device credential first."),
    Row::new(400, "DeviceCredentialNotFound", "")
        .on(&["refreshDeviceCredential"])
        .means("No credential exists for the client id; the vendor does not list this code for Refresh, but some code must exist for the case.")
        .remedy(FixInput, "Register the device credential first."),
    Row::new(400, "DeviceCredentialNumExceed", "The number of device credentia exceeds the limit. Please revoke unused device certificates")
        .on(&["registerDeviceCredential"])
        .means("The instance holds as many device credentials as it may.")
        .remedy(FixInput, "Unregister credentials that are no longer used."),
    Row::new(400, "InstancePermissionCheckFailed", "An error occurred while validating the permissions of the instance. Please verify the account that created the instance and its permissions settings.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The caller has no rights on the instance.")
        .remedy(FixInput, "Check the owner of the instance and the RAM policy."),
    Row::new(500, "InternalError", "An error occurred while processing your request. Try again later.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The service failed internally.")
        .remedy(Wait, "Repeat with growing pauses.")
        .retryable(),
    Row::new(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The AccessKey id does not exist.")
        .remedy(FixInput, "Check the AccessKey id."),
    Row::new(400, "InvalidParameter.%s", "An error occurred while validating the parameter. The parameter may be missing or invalid.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The parameter named at the end of the code is missing or has an unacceptable value.")
        .remedy(FixInput, "Correct the parameter named in the code."),
    Row::new(403, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The STS credentials have expired.")
        .remedy(LoginAgain, "Obtain new STS credentials.")
        .retryable(),
    Row::new(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The date of the request is outside the tolerated window.")
        .remedy(FixInput, "Correct the clock, then repeat once with a new date and nonce.")
        .retryable(),
    Row::new(400, "Missing%s", "<Parameter> is mandatory for this action.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The mandatory parameter named at the end of the code is missing.")
        .remedy(FixInput, "Send the parameter named in the code."),
    Row::new(400, "MissingTimestamp", "Timestamp is mandatory for this action.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The parameter Timestamp is missing.")
        .remedy(FixInput, "Send Timestamp."),
    Row::new(400, "ParameterCheckFailed", "An error occurred while validating the parameters. The parameters may be missing or invalid.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("A parameter is missing or has an unacceptable value.")
        .remedy(FixInput, "Check every parameter of the request."),
    Row::new(400, "PermissionCheckFailed", "An error occurred while validating the resource permissions. Please check the account that created the instance, topic, and GroupId, and check their permission settings.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The caller has no rights on the instance, topic or group.")
        .remedy(FixInput, "Check the owners of instance, topic and group and the RAM policy."),
    Row::new(400, "QueryTokenOverFlow", "You have queried tokens too many times. Please try again later.")
        .on(&["queryToken"])
        .means("Tokens are queried more often than the account allows.")
        .remedy(Wait, "Back off, then repeat.")
        .retryable(),
    Row::new(400, "RevokeTokenOverFlow", "You have revoked tokens too many times. Please try again later.")
        .on(&["revokeToken"])
        .means("Tokens are revoked more often than the account allows, which is only a few per second.")
        .remedy(Wait, "Back off, then repeat more slowly.")
        .retryable(),
    Row::new(500, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The service is temporarily not available.")
        .remedy(Wait, "Repeat with growing pauses.")
        .retryable(),
    Row::new(503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The service is temporarily not available.")
        .remedy(Wait, "Repeat with growing pauses.")
        .retryable(),
    Row::new(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation. server string to sign is:<StringToSign>")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The signature (v1) does not fit the request; the message echoes the string to sign.")
        .remedy(FixInput, "Compare the string to sign and check the AccessKey secret."),
    Row::new(400, "SignatureDoesNotMatch", "Specified signature does not match our calculation. server StringToSign is [<StringToSign>] server CanonicalRequest is [<CanonicalRequest>]")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The signature (V3) does not fit the request; the message echoes the canonical request.")
        .remedy(FixInput, "Compare the canonical request and check the AccessKey secret."),
    Row::new(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The nonce has been seen before, possibly because an earlier attempt was executed.")
        .remedy(FixInput, "Repeat once with a new nonce, treating Register and Refresh as possibly done.")
        .retryable(),
    Row::new(500, "SystemOverFlow", "An error occurred while processing your request. Please try again.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The service as a whole is throttling.")
        .remedy(Wait, "Back off, then repeat.")
        .retryable(),
    Row::new(400, "Throttling", "Request was denied due to request throttling.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The call was rejected by flow control.")
        .remedy(Wait, "Obey the throttle headers, then repeat.")
        .retryable(),
    Row::new(429, "Throttling", "Request was denied due to request throttling.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The call was rejected by flow control.")
        .remedy(Wait, "Obey the throttle headers, then repeat.")
        .retryable(),
    Row::new(400, "Throttling.%s", "")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("Another form of flow control.")
        .remedy(Wait, "Obey the throttle headers, then repeat.")
        .retryable(),
    Row::new(429, "Throttling.%s", "")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("Another form of flow control.")
        .remedy(Wait, "Obey the throttle headers, then repeat.")
        .retryable(),
    Row::new(400, "Throttling.Api", "")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The operation is called more often than allowed.")
        .remedy(Wait, "Obey the throttle headers, then repeat.")
        .retryable(),
    Row::new(429, "Throttling.Api", "")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The operation is called more often than allowed.")
        .remedy(Wait, "Obey the throttle headers, then repeat.")
        .retryable(),
    Row::new(400, "Throttling.User", "Request was denied due to user flow control.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The account calls more often than allowed.")
        .remedy(Wait, "Obey the throttle headers, then repeat.")
        .retryable(),
    Row::new(429, "Throttling.User", "Request was denied due to user flow control.")
        .on(&["registerDeviceCredential", "getDeviceCredential", "refreshDeviceCredential", "unRegisterDeviceCredential", "listDeviceCredentialClientId", "applyToken", "queryToken", "revokeToken"])
        .means("The account calls more often than allowed.")
        .remedy(Wait, "Obey the throttle headers, then repeat.")
        .retryable(),
];
