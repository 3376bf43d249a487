// The codes of errors. Made by scripts/lib/error-codes.mjs: change the catalogue, not this file.

/**
 * The documented codes of each operation. A code that ends with a name, such as
 * `InvalidParameter.ClientId`, is in none of them: compare its beginning.
 */
export interface ErrorCodes {
  /**
   * - `100449`, 400: The account behind the appId is not allowed to operate; editions up to 2022
   *   use this code for a frozen application.
   * - `100247`, 400: The application is frozen, usually because of arrears; later editions use this
   *   code in place of 100449.
   * - `102202`, 400: A mandatory request parameter is missing or empty.
   * - `100208`, 401: The appId or the secret is wrong, or the request went to the wrong platform
   *   address.
   * - `50252`, 500: The platform failed internally.
   */
  getAuthToken: '100208' | '100247' | '100449' | '102202' | '50252'
  /**
   * - `100247`, 400: The application is frozen, usually because of arrears; later editions use this
   *   code in place of 100449.
   * - `102202`, 400: A mandatory request parameter is missing or empty.
   * - `100208`, 401: The appId, the secret or the refresh token is wrong or no longer valid.
   * - `50400`, 400: An input parameter has an unacceptable value or form.
   * - `50252`, 500: The platform failed internally.
   */
  refreshAuthToken: '100208' | '100247' | '102202' | '50252' | '50400'
  /**
   * - `50400`, 400: An input parameter has an unacceptable value or form.
   * - `50252`, 500: The platform failed internally.
   * - `100217`, 200: The application named in the request has not granted you access; sent with
   *   status 200.
   * - `100217`, 403: The application named in the request has not granted you access.
   * - `100203`, 403: The authorised application named in the request does not exist.
   * - `100203`, 500: The application does not exist.
   * - `100003`, 400: The verification code is not acceptable.
   * - `100007`, 400: The request contains invalid parameters, for example an empty deviceId.
   * - `100426`, 400: Another registration uses the same nodeId.
   * - `100610`, 400: The device has never connected to the platform.
   * - `100611`, 400: The key can be refreshed only while the device is offline.
   * - `100025`, 401: The platform found no application id in the request headers.
   * - `1010009`, 403: The application calls more often than allowed, by default 100 times a minute.
   * - `1010005`, 403: The access token is wrong, malformed or outdated, or does not belong to the
   *   app_key.
   * - `100403`, 404: No device has the given deviceId.
   * - `100418`, 404: The deviceId is unknown to this application or belongs to another one.
   */
  refreshDeviceKey:
    | '100003'
    | '100007'
    | '100025'
    | '100203'
    | '100217'
    | '100403'
    | '100418'
    | '100426'
    | '100610'
    | '100611'
    | '1010005'
    | '1010009'
    | '50252'
    | '50400'
  /**
   * - `50400`, 400: An input parameter has an unacceptable value or form.
   * - `50252`, 500: The platform failed internally.
   * - `100217`, 403: The application named in the request has not granted you access.
   * - `100203`, 403: The authorised application named in the request does not exist.
   * - `100203`, 500: The application does not exist.
   * - `100003`, 400: The verification code is not acceptable.
   * - `100007`, 400: The request contains invalid parameters, for example an empty deviceId.
   * - `100416`, 400: The device is registered already.
   * - `100426`, 400: Another registration uses the same nodeId.
   * - `100025`, 401: The platform found no application id in the request headers.
   * - `1010009`, 403: The application calls more often than allowed, by default 100 times a minute.
   * - `1010005`, 403: The access token is wrong, malformed or outdated, or does not belong to the
   *   app_key.
   * - `600002`, 403: No product has the given productId.
   * - `103028`, 200: The licence pool is used up; sent with status 200.
   * - `100001`, 500: The platform failed internally.
   * - `100412`, 500: The application holds as many devices as its quota allows.
   * - `100441`, 500: The quota for devices without secure mode is used up.
   * - `103026`, 500: The platform finds no licence.
   * - `100002`, 401: The access token is not valid; listed only in a 2018 edition.
   * - `103027`, 200: A licence problem; listed only in a 2018 edition.
   */
  regDirectDevice:
    | '100001'
    | '100002'
    | '100003'
    | '100007'
    | '100025'
    | '100203'
    | '100217'
    | '100412'
    | '100416'
    | '100426'
    | '100441'
    | '1010005'
    | '1010009'
    | '103026'
    | '103027'
    | '103028'
    | '50252'
    | '50400'
    | '600002'
  /**
   * - `50252`, 500: The platform failed internally.
   * - `100217`, 403: The application named in the request has not granted you access.
   * - `100203`, 403: The authorised application named in the request does not exist.
   * - `100203`, 500: The application does not exist.
   * - `1010009`, 403: The application calls more often than allowed, by default 100 times a minute.
   * - `1010005`, 403: The access token is wrong, malformed or outdated, or does not belong to the
   *   app_key.
   * - `100403`, 404: No device has the given deviceId.
   * - `100428`, 200: The device is not online; listed for this operation only in a 2018 edition.
   * - `100431`, 200: The service type does not exist; listed for this operation only in a 2018
   *   edition.
   * - `100432`, 200: The device command is disabled; listed for this operation only in a 2018
   *   edition.
   */
  queryDeviceStatus:
    | '100203'
    | '100217'
    | '100403'
    | '100428'
    | '100431'
    | '100432'
    | '1010005'
    | '1010009'
    | '50252'
  /**
   * - `50252`, 500: The platform failed internally.
   * - `100217`, 403: The application named in the request has not granted you access.
   * - `100203`, 403: The authorised application named in the request does not exist.
   * - `100203`, 500: The application does not exist.
   * - `1010009`, 403: The application calls more often than allowed, by default 100 times a minute.
   * - `1010005`, 403: The access token is wrong, malformed or outdated, or does not belong to the
   *   app_key.
   * - `100403`, 404: No device has the given deviceId.
   * - `100418`, 404: The deviceId is unknown to this application or belongs to another one.
   */
  deleteDirectDevice: '100203' | '100217' | '100403' | '100418' | '1010005' | '1010009' | '50252'
  /**
   * - `ApplyTokenOverFlow`, 400: The operation is called more often than the account allows.
   * - `CheckAccountInfoFailed`, 400: The account behind the STS token could not be determined.
   * - `InstancePermissionCheckFailed`, 400: The caller has no rights on the instance.
   * - `ParameterCheckFailed`, 400: A parameter is missing or has an unacceptable value.
   * - `PermissionCheckFailed`, 400: The caller has no rights on the instance, topic or group.
   * - `DeviceCredentialNumExceed`, 400: The instance holds as many device credentials as it may.
   * - `DeviceCredentialExsit`, 400: The client id has a credential already.
   * - `DeviceCredentialNotFound`, 400: No credential exists for the client id.
   * - `ApiNotSupport`, 404: The operation or version name is not known.
   * - `InternalError`, 500: The service failed internally.
   * - `SystemOverFlow`, 500: The service as a whole is throttling.
   * - `InvalidTimeStamp.Expired`, 400: The date of the request is outside the tolerated window.
   * - `InvalidAccessKeyId.NotFound`, 404: The AccessKey id does not exist.
   * - `SignatureDoesNotMatch`, 400: The signature (v1) does not fit the request; the message echoes
   *   the string to sign.
   * - `SignatureDoesNotMatch`, 400: The signature (V3) does not fit the request; the message echoes
   *   the canonical request.
   * - `SignatureNonceUsed`, 400: The nonce has been seen before, possibly because an earlier
   *   attempt was executed.
   * - `MissingTimestamp`, 400: The parameter Timestamp is missing.
   * - `InvalidSecurityToken.Expired`, 403: The STS credentials have expired.
   * - `Throttling`, 400: The call was rejected by flow control.
   * - `Throttling`, 429: The call was rejected by flow control.
   * - `Throttling.User`, 400: The account calls more often than allowed.
   * - `Throttling.User`, 429: The account calls more often than allowed.
   * - `Throttling.Api`, 400: The operation is called more often than allowed.
   * - `Throttling.Api`, 429: The operation is called more often than allowed.
   * - `ServiceUnavailable`, 500: The service is temporarily not available.
   * - `ServiceUnavailable`, 503: The service is temporarily not available.
   */
  registerDeviceCredential:
    | 'ApiNotSupport'
    | 'ApplyTokenOverFlow'
    | 'CheckAccountInfoFailed'
    | 'DeviceCredentialExsit'
    | 'DeviceCredentialNotFound'
    | 'DeviceCredentialNumExceed'
    | 'InstancePermissionCheckFailed'
    | 'InternalError'
    | 'InvalidAccessKeyId.NotFound'
    | 'InvalidSecurityToken.Expired'
    | 'InvalidTimeStamp.Expired'
    | 'MissingTimestamp'
    | 'ParameterCheckFailed'
    | 'PermissionCheckFailed'
    | 'ServiceUnavailable'
    | 'SignatureDoesNotMatch'
    | 'SignatureNonceUsed'
    | 'SystemOverFlow'
    | 'Throttling'
    | 'Throttling.Api'
    | 'Throttling.User'
  /**
   * - `ApplyTokenOverFlow`, 400: The operation is called more often than the account allows.
   * - `CheckAccountInfoFailed`, 400: The account behind the STS token could not be determined.
   * - `InstancePermissionCheckFailed`, 400: The caller has no rights on the instance.
   * - `ParameterCheckFailed`, 400: A parameter is missing or has an unacceptable value.
   * - `PermissionCheckFailed`, 400: The caller has no rights on the instance, topic or group.
   * - `DeviceCredentialNotFound`, 400: No credential exists for the client id.
   * - `ApiNotSupport`, 404: The operation or version name is not known.
   * - `InternalError`, 500: The service failed internally.
   * - `SystemOverFlow`, 500: The service as a whole is throttling.
   * - `InvalidTimeStamp.Expired`, 400: The date of the request is outside the tolerated window.
   * - `InvalidAccessKeyId.NotFound`, 404: The AccessKey id does not exist.
   * - `SignatureDoesNotMatch`, 400: The signature (v1) does not fit the request; the message echoes
   *   the string to sign.
   * - `SignatureDoesNotMatch`, 400: The signature (V3) does not fit the request; the message echoes
   *   the canonical request.
   * - `SignatureNonceUsed`, 400: The nonce has been seen before, possibly because an earlier
   *   attempt was executed.
   * - `MissingTimestamp`, 400: The parameter Timestamp is missing.
   * - `InvalidSecurityToken.Expired`, 403: The STS credentials have expired.
   * - `Throttling`, 400: The call was rejected by flow control.
   * - `Throttling`, 429: The call was rejected by flow control.
   * - `Throttling.User`, 400: The account calls more often than allowed.
   * - `Throttling.User`, 429: The account calls more often than allowed.
   * - `Throttling.Api`, 400: The operation is called more often than allowed.
   * - `Throttling.Api`, 429: The operation is called more often than allowed.
   * - `ServiceUnavailable`, 500: The service is temporarily not available.
   * - `ServiceUnavailable`, 503: The service is temporarily not available.
   */
  getDeviceCredential:
    | 'ApiNotSupport'
    | 'ApplyTokenOverFlow'
    | 'CheckAccountInfoFailed'
    | 'DeviceCredentialNotFound'
    | 'InstancePermissionCheckFailed'
    | 'InternalError'
    | 'InvalidAccessKeyId.NotFound'
    | 'InvalidSecurityToken.Expired'
    | 'InvalidTimeStamp.Expired'
    | 'MissingTimestamp'
    | 'ParameterCheckFailed'
    | 'PermissionCheckFailed'
    | 'ServiceUnavailable'
    | 'SignatureDoesNotMatch'
    | 'SignatureNonceUsed'
    | 'SystemOverFlow'
    | 'Throttling'
    | 'Throttling.Api'
    | 'Throttling.User'
  /**
   * - `ApplyTokenOverFlow`, 400: The operation is called more often than the account allows.
   * - `CheckAccountInfoFailed`, 400: The account behind the STS token could not be determined.
   * - `InstancePermissionCheckFailed`, 400: The caller has no rights on the instance.
   * - `ParameterCheckFailed`, 400: A parameter is missing or has an unacceptable value.
   * - `PermissionCheckFailed`, 400: The caller has no rights on the instance, topic or group.
   * - `DeviceCredentialNotFound`, 400: No credential exists for the client id; the vendor does not
   *   list this code for Refresh, but some code must exist for the case.
   * - `ApiNotSupport`, 404: The operation or version name is not known.
   * - `InternalError`, 500: The service failed internally.
   * - `SystemOverFlow`, 500: The service as a whole is throttling.
   * - `InvalidTimeStamp.Expired`, 400: The date of the request is outside the tolerated window.
   * - `InvalidAccessKeyId.NotFound`, 404: The AccessKey id does not exist.
   * - `SignatureDoesNotMatch`, 400: The signature (v1) does not fit the request; the message echoes
   *   the string to sign.
   * - `SignatureDoesNotMatch`, 400: The signature (V3) does not fit the request; the message echoes
   *   the canonical request.
   * - `SignatureNonceUsed`, 400: The nonce has been seen before, possibly because an earlier
   *   attempt was executed.
   * - `MissingTimestamp`, 400: The parameter Timestamp is missing.
   * - `InvalidSecurityToken.Expired`, 403: The STS credentials have expired.
   * - `Throttling`, 400: The call was rejected by flow control.
   * - `Throttling`, 429: The call was rejected by flow control.
   * - `Throttling.User`, 400: The account calls more often than allowed.
   * - `Throttling.User`, 429: The account calls more often than allowed.
   * - `Throttling.Api`, 400: The operation is called more often than allowed.
   * - `Throttling.Api`, 429: The operation is called more often than allowed.
   * - `ServiceUnavailable`, 500: The service is temporarily not available.
   * - `ServiceUnavailable`, 503: The service is temporarily not available.
   */
  refreshDeviceCredential:
    | 'ApiNotSupport'
    | 'ApplyTokenOverFlow'
    | 'CheckAccountInfoFailed'
    | 'DeviceCredentialNotFound'
    | 'InstancePermissionCheckFailed'
    | 'InternalError'
    | 'InvalidAccessKeyId.NotFound'
    | 'InvalidSecurityToken.Expired'
    | 'InvalidTimeStamp.Expired'
    | 'MissingTimestamp'
    | 'ParameterCheckFailed'
    | 'PermissionCheckFailed'
    | 'ServiceUnavailable'
    | 'SignatureDoesNotMatch'
    | 'SignatureNonceUsed'
    | 'SystemOverFlow'
    | 'Throttling'
    | 'Throttling.Api'
    | 'Throttling.User'
  /**
   * - `ApplyTokenOverFlow`, 400: The operation is called more often than the account allows.
   * - `CheckAccountInfoFailed`, 400: The account behind the STS token could not be determined.
   * - `InstancePermissionCheckFailed`, 400: The caller has no rights on the instance.
   * - `ParameterCheckFailed`, 400: A parameter is missing or has an unacceptable value.
   * - `PermissionCheckFailed`, 400: The caller has no rights on the instance, topic or group.
   * - `DeviceCredentialNotFound`, 400: No credential exists for the client id.
   * - `ApiNotSupport`, 404: The operation or version name is not known.
   * - `InternalError`, 500: The service failed internally.
   * - `SystemOverFlow`, 500: The service as a whole is throttling.
   * - `InvalidTimeStamp.Expired`, 400: The date of the request is outside the tolerated window.
   * - `InvalidAccessKeyId.NotFound`, 404: The AccessKey id does not exist.
   * - `SignatureDoesNotMatch`, 400: The signature (v1) does not fit the request; the message echoes
   *   the string to sign.
   * - `SignatureDoesNotMatch`, 400: The signature (V3) does not fit the request; the message echoes
   *   the canonical request.
   * - `SignatureNonceUsed`, 400: The nonce has been seen before, possibly because an earlier
   *   attempt was executed.
   * - `MissingTimestamp`, 400: The parameter Timestamp is missing.
   * - `InvalidSecurityToken.Expired`, 403: The STS credentials have expired.
   * - `Throttling`, 400: The call was rejected by flow control.
   * - `Throttling`, 429: The call was rejected by flow control.
   * - `Throttling.User`, 400: The account calls more often than allowed.
   * - `Throttling.User`, 429: The account calls more often than allowed.
   * - `Throttling.Api`, 400: The operation is called more often than allowed.
   * - `Throttling.Api`, 429: The operation is called more often than allowed.
   * - `ServiceUnavailable`, 500: The service is temporarily not available.
   * - `ServiceUnavailable`, 503: The service is temporarily not available.
   */
  unRegisterDeviceCredential:
    | 'ApiNotSupport'
    | 'ApplyTokenOverFlow'
    | 'CheckAccountInfoFailed'
    | 'DeviceCredentialNotFound'
    | 'InstancePermissionCheckFailed'
    | 'InternalError'
    | 'InvalidAccessKeyId.NotFound'
    | 'InvalidSecurityToken.Expired'
    | 'InvalidTimeStamp.Expired'
    | 'MissingTimestamp'
    | 'ParameterCheckFailed'
    | 'PermissionCheckFailed'
    | 'ServiceUnavailable'
    | 'SignatureDoesNotMatch'
    | 'SignatureNonceUsed'
    | 'SystemOverFlow'
    | 'Throttling'
    | 'Throttling.Api'
    | 'Throttling.User'
  /**
   * - `ApplyTokenOverFlow`, 400: The operation is called more often than the account allows.
   * - `CheckAccountInfoFailed`, 400: The account behind the STS token could not be determined.
   * - `InstancePermissionCheckFailed`, 400: The caller has no rights on the instance.
   * - `ParameterCheckFailed`, 400: A parameter is missing or has an unacceptable value.
   * - `PermissionCheckFailed`, 400: The caller has no rights on the instance, topic or group.
   * - `ApiNotSupport`, 404: The operation or version name is not known.
   * - `InternalError`, 500: The service failed internally.
   * - `SystemOverFlow`, 500: The service as a whole is throttling.
   * - `InvalidTimeStamp.Expired`, 400: The date of the request is outside the tolerated window.
   * - `InvalidAccessKeyId.NotFound`, 404: The AccessKey id does not exist.
   * - `SignatureDoesNotMatch`, 400: The signature (v1) does not fit the request; the message echoes
   *   the string to sign.
   * - `SignatureDoesNotMatch`, 400: The signature (V3) does not fit the request; the message echoes
   *   the canonical request.
   * - `SignatureNonceUsed`, 400: The nonce has been seen before, possibly because an earlier
   *   attempt was executed.
   * - `MissingTimestamp`, 400: The parameter Timestamp is missing.
   * - `InvalidSecurityToken.Expired`, 403: The STS credentials have expired.
   * - `Throttling`, 400: The call was rejected by flow control.
   * - `Throttling`, 429: The call was rejected by flow control.
   * - `Throttling.User`, 400: The account calls more often than allowed.
   * - `Throttling.User`, 429: The account calls more often than allowed.
   * - `Throttling.Api`, 400: The operation is called more often than allowed.
   * - `Throttling.Api`, 429: The operation is called more often than allowed.
   * - `ServiceUnavailable`, 500: The service is temporarily not available.
   * - `ServiceUnavailable`, 503: The service is temporarily not available.
   */
  listDeviceCredentialClientId:
    | 'ApiNotSupport'
    | 'ApplyTokenOverFlow'
    | 'CheckAccountInfoFailed'
    | 'InstancePermissionCheckFailed'
    | 'InternalError'
    | 'InvalidAccessKeyId.NotFound'
    | 'InvalidSecurityToken.Expired'
    | 'InvalidTimeStamp.Expired'
    | 'MissingTimestamp'
    | 'ParameterCheckFailed'
    | 'PermissionCheckFailed'
    | 'ServiceUnavailable'
    | 'SignatureDoesNotMatch'
    | 'SignatureNonceUsed'
    | 'SystemOverFlow'
    | 'Throttling'
    | 'Throttling.Api'
    | 'Throttling.User'
  /**
   * - `ApplyTokenOverFlow`, 400: The operation is called more often than the account allows.
   * - `CheckAccountInfoFailed`, 400: The account behind the STS token could not be determined.
   * - `InstancePermissionCheckFailed`, 400: The caller has no rights on the instance.
   * - `ParameterCheckFailed`, 400: A parameter is missing or has an unacceptable value.
   * - `PermissionCheckFailed`, 400: The caller has no rights on the instance, topic or group.
   * - `ApiNotSupport`, 404: The operation or version name is not known.
   * - `InternalError`, 500: The service failed internally.
   * - `SystemOverFlow`, 500: The service as a whole is throttling.
   * - `InvalidTimeStamp.Expired`, 400: The date of the request is outside the tolerated window.
   * - `InvalidAccessKeyId.NotFound`, 404: The AccessKey id does not exist.
   * - `SignatureDoesNotMatch`, 400: The signature (v1) does not fit the request; the message echoes
   *   the string to sign.
   * - `SignatureDoesNotMatch`, 400: The signature (V3) does not fit the request; the message echoes
   *   the canonical request.
   * - `SignatureNonceUsed`, 400: The nonce has been seen before, possibly because an earlier
   *   attempt was executed.
   * - `MissingTimestamp`, 400: The parameter Timestamp is missing.
   * - `InvalidSecurityToken.Expired`, 403: The STS credentials have expired.
   * - `Throttling`, 400: The call was rejected by flow control.
   * - `Throttling`, 429: The call was rejected by flow control.
   * - `Throttling.User`, 400: The account calls more often than allowed.
   * - `Throttling.User`, 429: The account calls more often than allowed.
   * - `Throttling.Api`, 400: The operation is called more often than allowed.
   * - `Throttling.Api`, 429: The operation is called more often than allowed.
   * - `ServiceUnavailable`, 500: The service is temporarily not available.
   * - `ServiceUnavailable`, 503: The service is temporarily not available.
   */
  applyToken:
    | 'ApiNotSupport'
    | 'ApplyTokenOverFlow'
    | 'CheckAccountInfoFailed'
    | 'InstancePermissionCheckFailed'
    | 'InternalError'
    | 'InvalidAccessKeyId.NotFound'
    | 'InvalidSecurityToken.Expired'
    | 'InvalidTimeStamp.Expired'
    | 'MissingTimestamp'
    | 'ParameterCheckFailed'
    | 'PermissionCheckFailed'
    | 'ServiceUnavailable'
    | 'SignatureDoesNotMatch'
    | 'SignatureNonceUsed'
    | 'SystemOverFlow'
    | 'Throttling'
    | 'Throttling.Api'
    | 'Throttling.User'
  /**
   * - `QueryTokenOverFlow`, 400: Tokens are queried more often than the account allows.
   * - `CheckAccountInfoFailed`, 400: The account behind the STS token could not be determined.
   * - `InstancePermissionCheckFailed`, 400: The caller has no rights on the instance.
   * - `ParameterCheckFailed`, 400: A parameter is missing or has an unacceptable value.
   * - `PermissionCheckFailed`, 400: The caller has no rights on the instance, topic or group.
   * - `ApiNotSupport`, 404: The operation or version name is not known.
   * - `InternalError`, 500: The service failed internally.
   * - `SystemOverFlow`, 500: The service as a whole is throttling.
   * - `InvalidTimeStamp.Expired`, 400: The date of the request is outside the tolerated window.
   * - `InvalidAccessKeyId.NotFound`, 404: The AccessKey id does not exist.
   * - `SignatureDoesNotMatch`, 400: The signature (v1) does not fit the request; the message echoes
   *   the string to sign.
   * - `SignatureDoesNotMatch`, 400: The signature (V3) does not fit the request; the message echoes
   *   the canonical request.
   * - `SignatureNonceUsed`, 400: The nonce has been seen before, possibly because an earlier
   *   attempt was executed.
   * - `MissingTimestamp`, 400: The parameter Timestamp is missing.
   * - `InvalidSecurityToken.Expired`, 403: The STS credentials have expired.
   * - `Throttling`, 400: The call was rejected by flow control.
   * - `Throttling`, 429: The call was rejected by flow control.
   * - `Throttling.User`, 400: The account calls more often than allowed.
   * - `Throttling.User`, 429: The account calls more often than allowed.
   * - `Throttling.Api`, 400: The operation is called more often than allowed.
   * - `Throttling.Api`, 429: The operation is called more often than allowed.
   * - `ServiceUnavailable`, 500: The service is temporarily not available.
   * - `ServiceUnavailable`, 503: The service is temporarily not available.
   */
  queryToken:
    | 'ApiNotSupport'
    | 'CheckAccountInfoFailed'
    | 'InstancePermissionCheckFailed'
    | 'InternalError'
    | 'InvalidAccessKeyId.NotFound'
    | 'InvalidSecurityToken.Expired'
    | 'InvalidTimeStamp.Expired'
    | 'MissingTimestamp'
    | 'ParameterCheckFailed'
    | 'PermissionCheckFailed'
    | 'QueryTokenOverFlow'
    | 'ServiceUnavailable'
    | 'SignatureDoesNotMatch'
    | 'SignatureNonceUsed'
    | 'SystemOverFlow'
    | 'Throttling'
    | 'Throttling.Api'
    | 'Throttling.User'
  /**
   * - `RevokeTokenOverFlow`, 400: Tokens are revoked more often than the account allows, which is
   *   only a few per second.
   * - `CheckAccountInfoFailed`, 400: The account behind the STS token could not be determined.
   * - `InstancePermissionCheckFailed`, 400: The caller has no rights on the instance.
   * - `ParameterCheckFailed`, 400: A parameter is missing or has an unacceptable value.
   * - `PermissionCheckFailed`, 400: The caller has no rights on the instance, topic or group.
   * - `ApiNotSupport`, 404: The operation or version name is not known.
   * - `InternalError`, 500: The service failed internally.
   * - `SystemOverFlow`, 500: The service as a whole is throttling.
   * - `InvalidTimeStamp.Expired`, 400: The date of the request is outside the tolerated window.
   * - `InvalidAccessKeyId.NotFound`, 404: The AccessKey id does not exist.
   * - `SignatureDoesNotMatch`, 400: The signature (v1) does not fit the request; the message echoes
   *   the string to sign.
   * - `SignatureDoesNotMatch`, 400: The signature (V3) does not fit the request; the message echoes
   *   the canonical request.
   * - `SignatureNonceUsed`, 400: The nonce has been seen before, possibly because an earlier
   *   attempt was executed.
   * - `MissingTimestamp`, 400: The parameter Timestamp is missing.
   * - `InvalidSecurityToken.Expired`, 403: The STS credentials have expired.
   * - `Throttling`, 400: The call was rejected by flow control.
   * - `Throttling`, 429: The call was rejected by flow control.
   * - `Throttling.User`, 400: The account calls more often than allowed.
   * - `Throttling.User`, 429: The account calls more often than allowed.
   * - `Throttling.Api`, 400: The operation is called more often than allowed.
   * - `Throttling.Api`, 429: The operation is called more often than allowed.
   * - `ServiceUnavailable`, 500: The service is temporarily not available.
   * - `ServiceUnavailable`, 503: The service is temporarily not available.
   */
  revokeToken:
    | 'ApiNotSupport'
    | 'CheckAccountInfoFailed'
    | 'InstancePermissionCheckFailed'
    | 'InternalError'
    | 'InvalidAccessKeyId.NotFound'
    | 'InvalidSecurityToken.Expired'
    | 'InvalidTimeStamp.Expired'
    | 'MissingTimestamp'
    | 'ParameterCheckFailed'
    | 'PermissionCheckFailed'
    | 'RevokeTokenOverFlow'
    | 'ServiceUnavailable'
    | 'SignatureDoesNotMatch'
    | 'SignatureNonceUsed'
    | 'SystemOverFlow'
    | 'Throttling'
    | 'Throttling.Api'
    | 'Throttling.User'
}

/**
 * A code of one operation, or of any: the documented ones for completion, and every other text,
 * since a platform may say what it does not document.
 *
 * @typeParam Operation the name of a method. Default: any.
 *
 * @example
 * ```ts
 * const code: ErrorCode<'refreshDeviceKey'> = error.code
 * ```
 */
export type ErrorCode<Operation extends keyof ErrorCodes = keyof ErrorCodes> =
  ErrorCodes[Operation] | (string & {})

/**
 * Every code of Huawei's northbound API that is documented, operations that this package lacks
 * included, and every other text.
 */
export type HuaweiErrorCode =
  | '100001'
  | '100002'
  | '100003'
  | '100007'
  | '100019'
  | '100022'
  | '100023'
  | '100025'
  | '100028'
  | '100203'
  | '100208'
  | '100216'
  | '100217'
  | '100218'
  | '100220'
  | '100222'
  | '100223'
  | '100224'
  | '100225'
  | '100227'
  | '100228'
  | '100244'
  | '100247'
  | '100403'
  | '100405'
  | '100412'
  | '100416'
  | '100418'
  | '100419'
  | '100425'
  | '100426'
  | '100428'
  | '100431'
  | '100432'
  | '100434'
  | '100435'
  | '100440'
  | '100441'
  | '100443'
  | '100444'
  | '100449'
  | '100450'
  | '100501'
  | '100601'
  | '100602'
  | '100603'
  | '100604'
  | '100607'
  | '100609'
  | '100610'
  | '100611'
  | '100612'
  | '1010005'
  | '1010009'
  | '101001'
  | '101016'
  | '101017'
  | '102202'
  | '102203'
  | '102833'
  | '103026'
  | '103027'
  | '103028'
  | '105001'
  | '105002'
  | '105005'
  | '105201'
  | '105202'
  | '107002'
  | '107003'
  | '120015'
  | '123002'
  | '123009'
  | '123029'
  | '500004'
  | '50252'
  | '50400'
  | '600002'
  | (string & {})

/**
 * Every code of ApsaraMQ for MQTT that is documented, and every other text. `%s` is a name that
 * differs: only entries of the catalogue have it.
 */
export type AliyunErrorCode =
  | 'ApiNotSupport'
  | 'ApplyTokenOverFlow'
  | 'CheckAccountInfoFailed'
  | 'DeviceCredentialExsit'
  | 'DeviceCredentialNotFound'
  | 'DeviceCredentialNumExceed'
  | 'InstancePermissionCheckFailed'
  | 'InternalError'
  | 'InvalidAccessKeyId.NotFound'
  | 'InvalidParameter.%s'
  | 'InvalidSecurityToken.Expired'
  | 'InvalidTimeStamp.Expired'
  | 'Missing%s'
  | 'MissingTimestamp'
  | 'ParameterCheckFailed'
  | 'PermissionCheckFailed'
  | 'QueryTokenOverFlow'
  | 'RevokeTokenOverFlow'
  | 'ServiceUnavailable'
  | 'SignatureDoesNotMatch'
  | 'SignatureNonceUsed'
  | 'SystemOverFlow'
  | 'Throttling'
  | 'Throttling.%s'
  | 'Throttling.Api'
  | 'Throttling.User'
  | (string & {})
