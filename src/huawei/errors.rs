//! Every error that the northbound API documents, for all its operations, ours or not.
//!
//! One entry per status and code, repeated only where the meaning depends on the operation; sorted by
//! code, then by status. The first line of an entry is the wire, misspellings included, for searching.
//! Sources: the error tables of the pages in set `api-IoT`, `iot_06_0007` to `iot_06_0092`, editions
//! 2018 to 2024, and what was observed.

use crate::error::catalogue::{
    Action::{
        ActivateDevice, ContactPlatform, FixInput, LoginAgain, Nothing, TakeDeviceOffline, Wait,
    },
    Catalogue,
    table::{Row, length, packed},
};

/// The catalogue.
pub static ERRORS: Catalogue = Catalogue::new(&[], ROWS, &packed::<{ length(ROWS) }>(ROWS));

pub(crate) const ROWS: &[Row] = &[
    Row::new(500, "50252", "Internal server error.")
        .on(&["getAuthToken", "refreshAuthToken", "regDirectDevice", "refreshDeviceKey", "queryDeviceStatus", "deleteDirectDevice", "querySingleDeviceInfo", "queryBatchDevicesInfo", "modifyDeviceInfo", "queryDeviceShadow", "modifyDeviceShadow", "queryDeviceDataHistory", "queryDeviceDesiredHistory", "invokeDeviceService", "createBatchTask", "queryOneTask", "queryTaskDetails", "createDeviceGroup", "modifyDeviceGroup", "querySingleDeviceGroup", "queryDeviceGroups", "deleteDeviceGroup", "queryDeviceGroupMembers", "addDevicesToGroup", "deleteDevicesFromGroup"])
        .means("The platform failed internally.")
        .remedy(ContactPlatform, "Repeat a few times with pauses, then report it to the platform operator.")
        .retryable(),
    Row::new(400, "50400", "The input is invalid.")
        .on(&["refreshAuthToken", "regDirectDevice", "refreshDeviceKey", "modifyDeviceInfo", "modifyDeviceShadow", "createBatchTask", "createDeviceGroup", "modifyDeviceGroup", "addDevicesToGroup", "deleteDevicesFromGroup"])
        .means("An input parameter has an unacceptable value or form.")
        .remedy(FixInput, "Check every parameter of the request."),
    Row::new(500, "100001", "Internal server error.")
        .on(&["regDirectDevice", "postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "createDeviceCmdCancelTask", "queryDeviceCmdCancelTask", "invokeDeviceService"])
        .means("The platform failed internally.")
        .remedy(ContactPlatform, "Repeat a few times with pauses, then report it to the platform operator.")
        .retryable(),
    Row::new(401, "100002", "Invalid access token")
        .on(&["regDirectDevice"])
        .means("The access token is not valid; listed only in a 2018 edition.")
        .remedy(LoginAgain, "Log in again once and repeat the call once.")
        .retryable(),
    Row::new(400, "100003", "Invalid verify code.")
        .on(&["regDirectDevice", "refreshDeviceKey"])
        .means("The verification code is not acceptable.")
        .remedy(FixInput, "Check verifyCode, and contact the operator if the request carried none."),
    Row::new(400, "100007", "Bad request message.")
        .on(&["regDirectDevice", "refreshDeviceKey"])
        .means("The request contains invalid parameters, for example an empty deviceId.")
        .remedy(FixInput, "Fill in deviceId and check the other parameters."),
    Row::new(400, "100019", "Illegal request.")
        .on(&["queryOneTask"])
        .means("A mandatory parameter is missing.")
        .remedy(FixInput, "Fill in every mandatory parameter."),
    Row::new(400, "100022", "The input is invalid.")
        .on(&["modifyDeviceInfo", "postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "createDeviceCmdCancelTask", "queryDeviceCmdCancelTask", "invokeDeviceService", "queryDeviceCapabilities", "queryOneTask", "queryTaskDetails"])
        .means("An input parameter has an unacceptable value or form.")
        .remedy(FixInput, "Check every parameter of the request."),
    Row::new(500, "100023", "The data in dataBase is abnomal.")
        .on(&["postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "invokeDeviceService", "modifyDeviceShadow"])
        .means("The platform's data store reported a fault.")
        .remedy(ContactPlatform, "Repeat a few times with pauses, then report it to the platform operator.")
        .retryable(),
    Row::new(401, "100025", "AppId for auth not exist.")
        .on(&["regDirectDevice", "refreshDeviceKey"])
        .means("The platform found no application id in the request headers.")
        .remedy(FixInput, "Send the header app_key, and over plain HTTP ask whether x-app-key is expected."),
    Row::new(401, "100028", "The user has no right.")
        .on(&["createBatchTask"])
        .means("The user may not perform this operation.")
        .remedy(ContactPlatform, "Have the rights of the account checked."),
    Row::new(200, "100203", "The application is not existed.")
        .on(&["modifyDeviceInfo", "queryDeviceDesiredHistory", "postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "createDeviceCmdCancelTask", "queryDeviceCmdCancelTask", "invokeDeviceService", "createBatchTask", "createDeviceGroup", "modifyDeviceGroup", "querySingleDeviceGroup", "deleteDeviceGroup", "v3Token"])
        .means("The application does not exist; sent with status 200.")
        .remedy(FixInput, "Check the appId in the header and in the URL."),
    Row::new(403, "100203", "The application is not existed.")
        .on(&["regDirectDevice", "refreshDeviceKey", "queryDeviceStatus", "deleteDirectDevice", "querySingleDeviceInfo", "queryBatchDevicesInfo", "modifyDeviceInfo", "queryDeviceShadow", "modifyDeviceShadow", "queryDeviceDataHistory", "queryDeviceDesiredHistory", "queryDeviceCmdCancelTask", "createBatchTask", "queryOneTask", "queryTaskDetails", "addDevicesToGroup", "deleteDevicesFromGroup"])
        .means("The authorised application named in the request does not exist.")
        .remedy(FixInput, "Check the appId in the header and in the URL."),
    Row::new(500, "100203", "The application is not existed.")
        .on(&["regDirectDevice", "refreshDeviceKey", "queryDeviceStatus", "deleteDirectDevice", "querySingleDeviceInfo", "queryBatchDevicesInfo", "modifyDeviceInfo", "queryDeviceShadow", "modifyDeviceShadow", "queryDeviceDataHistory", "queryDeviceDesiredHistory", "createBatchTask", "queryOneTask", "queryTaskDetails"])
        .means("The application does not exist.")
        .remedy(FixInput, "Check the appId in the header and in the URL."),
    Row::new(401, "100208", "AppId or secret is not right.")
        .on(&["getAuthToken", "v3Token"])
        .means("The appId or the secret is wrong, or the request went to the wrong platform address.")
        .remedy(FixInput, "Check appId, secret and address for stray or missing characters."),
    Row::new(401, "100208", "AppId or secret is not right.")
        .on(&["refreshAuthToken"])
        .means("The appId, the secret or the refresh token is wrong or no longer valid.")
        .remedy(LoginAgain, "Log in again with appId and secret, and check those if that fails too."),
    Row::new(400, "100216", "The application input is invalid.")
        .on(&["queryDeviceDataHistory"])
        .means("A query parameter is not acceptable, for example a page size that is too large.")
        .remedy(FixInput, "Check the query parameters."),
    Row::new(400, "100216", "The application input is invalid.")
        .on(&["queryBatchDevicesInfo", "queryDeviceDesiredHistory"])
        .means("A query parameter is not acceptable.")
        .remedy(FixInput, "Check the query parameters."),
    Row::new(200, "100217", "The application hasn't been authorized.")
        .on(&["refreshDeviceKey", "postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "createDeviceCmdCancelTask", "queryDeviceCmdCancelTask", "invokeDeviceService", "createDeviceGroup", "modifyDeviceGroup", "querySingleDeviceGroup", "deleteDeviceGroup"])
        .means("The application named in the request has not granted you access; sent with status 200.")
        .remedy(FixInput, "Leave the query parameter appId empty unless you act for an authorised application."),
    Row::new(403, "100217", "The application hasn't been authorized.")
        .on(&["regDirectDevice", "refreshDeviceKey", "queryDeviceStatus", "deleteDirectDevice", "querySingleDeviceInfo", "queryBatchDevicesInfo", "modifyDeviceInfo", "queryDeviceShadow", "modifyDeviceShadow", "queryDeviceDataHistory", "queryDeviceDesiredHistory", "postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "createDeviceCmdCancelTask", "queryDeviceCmdCancelTask", "createBatchTask", "queryOneTask", "queryTaskDetails", "subDeviceBusinessData", "addDevicesToGroup", "deleteDevicesFromGroup", "queryBatchSubscriptions"])
        .means("The application named in the request has not granted you access.")
        .remedy(FixInput, "Leave the query parameter appId empty unless you act for an authorised application."),
    Row::new(400, "100218", "The gatewayId and pageNo can't be both null.")
        .on(&["queryBatchDevicesInfo"])
        .means("Neither gatewayId nor pageNo was given.")
        .remedy(FixInput, "Send pageNo or gatewayId."),
    Row::new(500, "100220", "Get AppKey from header failed.")
        .on(&["postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "createDeviceCmdCancelTask", "queryDeviceCmdCancelTask", "subDeviceManagementData"])
        .means("The application id header is missing or unreadable.")
        .remedy(FixInput, "Send the header app_key."),
    Row::new(400, "100222", "The request callbackurl is illegal.")
        .on(&["subDeviceBusinessData", "subDeviceManagementData"])
        .means("The callback address is not acceptable.")
        .remedy(FixInput, "Check the callback URL."),
    Row::new(400, "100223", "Command counts has reached the upLimit.")
        .on(&["postDeviceCommand"])
        .means("Too many commands are pending for the device, by default 20.")
        .remedy(Wait, "Wait for delivery or cancel pending commands, then repeat.")
        .retryable(),
    Row::new(400, "100224", "The resource exceeds 1000, please refinement query conditions.")
        .on(&["queryBatchSubscriptions"])
        .means("The query matches more than 1000 entries.")
        .remedy(FixInput, "Narrow the query."),
    Row::new(404, "100225", "The resource is not found")
        .on(&["deleteSingleSubscription", "deleteBatchSubscriptions"])
        .means("No such subscription exists.")
        .remedy(FixInput, "Check the subscription id or notification type."),
    Row::new(409, "100227", "The resource is conflicted.")
        .on(&["subDeviceBusinessData"])
        .means("The notification type is subscribed already.")
        .remedy(Nothing, "Use the existing subscription, or delete it first."),
    Row::new(400, "100228", "The application input is invalid")
        .on(&["subDeviceManagementData"])
        .means("An input parameter is not acceptable.")
        .remedy(FixInput, "Check every parameter of the request."),
    Row::new(500, "100244", "register out route fail.")
        .on(&["subDeviceManagementData", "createBatchTask"])
        .means("The platform could not register a route; vendor lists differ on the operation.")
        .remedy(ContactPlatform, "Report it to the platform operator."),
    Row::new(400, "100247", "Operation not allowed. The application has been frozen.")
        .on(&["getAuthToken", "refreshAuthToken"])
        .means("The application is frozen, usually because of arrears; later editions use this code in place of 100449.")
        .remedy(ContactPlatform, "Have the application unfrozen."),
    Row::new(404, "100403", "The device is not existed.")
        .on(&["refreshDeviceKey", "queryDeviceStatus", "deleteDirectDevice", "querySingleDeviceInfo", "modifyDeviceInfo", "queryDeviceShadow", "modifyDeviceShadow"])
        .means("No device has the given deviceId.")
        .remedy(FixInput, "Check deviceId."),
    Row::new(400, "100405", "The request parameter is invalid.")
        .on(&["querySingleDeviceInfo", "queryBatchDevicesInfo"])
        .means("A query parameter is not acceptable.")
        .remedy(FixInput, "Check the query parameters."),
    Row::new(500, "100412", "The amount of device has reached the limit.")
        .on(&["regDirectDevice"])
        .means("The application holds as many devices as its quota allows.")
        .remedy(ContactPlatform, "Delete unused devices or ask for a larger quota."),
    Row::new(400, "100416", "The device has already been binded.")
        .on(&["regDirectDevice"])
        .means("The device is registered already.")
        .remedy(FixInput, "Use the existing registration, or delete it before registering again."),
    Row::new(200, "100418", "The deviceData is not existed.")
        .on(&["queryDeviceDataHistory", "postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "createDeviceCmdCancelTask", "queryDeviceCmdCancelTask", "invokeDeviceService"])
        .means("The deviceId is unknown to this application or belongs to another one; documented with status 200, while history answered 404 on the wire.")
        .remedy(FixInput, "Check deviceId and the appId in header and URL."),
    Row::new(404, "100418", "The deviceData is not existed.")
        .on(&["refreshDeviceKey", "deleteDirectDevice", "querySingleDeviceInfo", "modifyDeviceInfo", "queryDeviceDataHistory", "queryDeviceShadow", "modifyDeviceShadow"])
        .means("The deviceId is unknown to this application or belongs to another one.")
        .remedy(FixInput, "Check deviceId and the appId in header and URL."),
    Row::new(400, "100419", "The deviceId and gatewayId can't be both null.")
        .on(&["queryDeviceDataHistory", "queryDeviceDesiredHistory"])
        .means("Neither deviceId nor gatewayId was given.")
        .remedy(FixInput, "Send deviceId or gatewayId."),
    Row::new(200, "100425", "The special deviceCapability is not exist.")
        .on(&["modifyDeviceShadow"])
        .means("No product profile is known for the device.")
        .remedy(FixInput, "Upload the product profile."),
    Row::new(400, "100426", "The nodeId is duplicated.")
        .on(&["regDirectDevice", "refreshDeviceKey"])
        .means("Another registration uses the same nodeId.")
        .remedy(FixInput, "Choose a different nodeId."),
    Row::new(200, "100428", "The device is not online.")
        .on(&["queryDeviceStatus"])
        .means("The device is not online; listed for this operation only in a 2018 edition.")
        .remedy(Wait, "Wait until the device is online.")
        .retryable(),
    Row::new(200, "100428", "The device is not online.")
        .on(&["postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "invokeDeviceService"])
        .means("The device is not connected at the moment.")
        .remedy(Wait, "Wait until the device is online, then repeat.")
        .retryable(),
    Row::new(200, "100431", "The serviceType is not exist.")
        .on(&["queryDeviceStatus"])
        .means("The service type does not exist; listed for this operation only in a 2018 edition.")
        .remedy(FixInput, "Check the service id and the uploaded product profile."),
    Row::new(200, "100431", "The serviceType is not exist.")
        .on(&["postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "modifyDeviceShadow"])
        .means("The device's product profile has no such service.")
        .remedy(FixInput, "Check the service id and that the product profile is uploaded."),
    Row::new(200, "100432", "The device command is muted.")
        .on(&["queryDeviceStatus"])
        .means("The device command is disabled; listed for this operation only in a 2018 edition.")
        .remedy(FixInput, "Check the method name and the muted commands of the device."),
    Row::new(200, "100432", "The device command is muted.")
        .on(&["invokeDeviceService"])
        .means("The command is disabled for the device.")
        .remedy(FixInput, "Check the method name and the muted commands of the device."),
    Row::new(200, "100434", "The device command is not existed.")
        .on(&["updateDeviceCommand"])
        .means("No command has the given id.")
        .remedy(FixInput, "Check the command id."),
    Row::new(200, "100435", "The device command already canceled, expired or executed, Cannot cancel.")
        .on(&["updateDeviceCommand"])
        .means("The command has left the pending state and can no longer be cancelled.")
        .remedy(Nothing, "Accept the present state of the command."),
    Row::new(400, "100440", "The isSecure is invalid.")
        .on(&["modifyDeviceInfo"])
        .means("The value of isSecure is not acceptable.")
        .remedy(FixInput, "Send isSecure as a proper Boolean."),
    Row::new(500, "100441", "The amount of nonSecure device has reached the limit.")
        .on(&["regDirectDevice", "modifyDeviceInfo"])
        .means("The quota for devices without secure mode is used up.")
        .remedy(ContactPlatform, "Register as a secure device or ask for a larger quota."),
    Row::new(403, "100443", "The property is forbidden to write.")
        .on(&["modifyDeviceShadow"])
        .means("The property is read-only.")
        .remedy(FixInput, "Write only writable properties."),
    Row::new(404, "100444", "The serviceType is not exist.")
        .on(&["invokeDeviceService"])
        .means("The addressed service type does not exist.")
        .remedy(FixInput, "Check the service type."),
    Row::new(400, "100449", "The device is freezed cant operate.")
        .on(&["getAuthToken"])
        .means("The account behind the appId is not allowed to operate; editions up to 2022 use this code for a frozen application.")
        .remedy(ContactPlatform, "Have the rights of the account behind the appId checked."),
    Row::new(403, "100450", "The gateway is not online.")
        .on(&["invokeDeviceService"])
        .means("The gateway in front of the device is offline.")
        .remedy(Wait, "Wait until the gateway is online, then repeat.")
        .retryable(),
    Row::new(503, "100501", "Congestion occurs, and the current network has been flow-controlled")
        .on(&["postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "createDeviceCmdCancelTask", "queryDeviceCmdCancelTask", "invokeDeviceService"])
        .means("The network is congested and under flow control.")
        .remedy(Wait, "Wait, then repeat.")
        .retryable(),
    Row::new(200, "100601", "The number of device in the group has reach the max.")
        .on(&["modifyDeviceGroup", "addDevicesToGroup", "deleteDevicesFromGroup"])
        .means("The group is full.")
        .remedy(FixInput, "Keep the number of devices within maxDevNum."),
    Row::new(200, "100602", "The device group name has been used.")
        .on(&["createDeviceGroup", "modifyDeviceGroup"])
        .means("Another group has the same name.")
        .remedy(FixInput, "Choose a different group name."),
    Row::new(200, "100603", "The device group is not existed.")
        .on(&["modifyDeviceGroup", "querySingleDeviceGroup", "deleteDeviceGroup", "addDevicesToGroup", "deleteDevicesFromGroup"])
        .means("No group has the given id.")
        .remedy(FixInput, "Check the group id."),
    Row::new(400, "100604", "The device group request parameter is invalid.")
        .on(&["addDevicesToGroup", "deleteDevicesFromGroup"])
        .means("A device id is wrong or the group limit is exceeded.")
        .remedy(FixInput, "Check the device ids and the size of the group."),
    Row::new(200, "100607", "The devGroup has reached the limit.")
        .on(&["createDeviceGroup"])
        .means("The licensed number of groups is used up.")
        .remedy(ContactPlatform, "Delete unused groups or ask for a larger quota."),
    Row::new(400, "100609", "Too much devices to add.")
        .on(&["createDeviceGroup"])
        .means("More devices were named than maxDevNum allows.")
        .remedy(FixInput, "Name fewer devices or raise maxDevNum."),
    Row::new(400, "100610", "Device is not active.")
        .on(&["refreshDeviceKey"])
        .means("The device has never connected to the platform.")
        .remedy(ActivateDevice, "Connect the device once so that it becomes active, then call again."),
    Row::new(400, "100611", "Device is online.")
        .on(&["refreshDeviceKey"])
        .means("The key can be refreshed only while the device is offline.")
        .remedy(TakeDeviceOffline, "Take the device offline, then call again."),
    Row::new(403, "100612", "Device is zombie.")
        .on(&["postDeviceCommand"])
        .means("The device has not been online for longer than the limit, by default 7 days.")
        .remedy(Wait, "Bring the device online, then send the command again."),
    Row::new(200, "101001", "Resource doesn't exist.")
        .on(&["createBatchTask"])
        .means("A resource named in the task does not exist.")
        .remedy(FixInput, "Check the ids named in the task."),
    Row::new(500, "101016", "Get iotws address failed.")
        .on(&["postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand"])
        .means("The platform could not find an internal address.")
        .remedy(ContactPlatform, "Repeat a few times with pauses, then report it to the platform operator.")
        .retryable(),
    Row::new(500, "101017", "Get newCallbackUrl from oss failed.")
        .on(&["postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand"])
        .means("The platform could not obtain the callback address.")
        .remedy(ContactPlatform, "Repeat a few times with pauses, then report it to the platform operator.")
        .retryable(),
    Row::new(400, "102202", "Required Parameter is null or empty.")
        .on(&["getAuthToken", "refreshAuthToken"])
        .means("A mandatory request parameter is missing or empty.")
        .remedy(FixInput, "Fill in every mandatory parameter."),
    Row::new(400, "102203", "CommandName is invalid.")
        .on(&["invokeDeviceService"])
        .means("The method name is not acceptable.")
        .remedy(FixInput, "Check the method name."),
    Row::new(400, "102833", "The user is freezed cant operate.")
        .on(&["v3Token"])
        .means("The user is frozen because of arrears.")
        .remedy(ContactPlatform, "Settle the account."),
    Row::new(500, "103026", "The license is not exist.")
        .on(&["regDirectDevice"])
        .means("The platform finds no licence.")
        .remedy(ContactPlatform, "Report it to the platform operator."),
    Row::new(200, "103027", "")
        .on(&["regDirectDevice"])
        .means("A licence problem; listed only in a 2018 edition.")
        .remedy(ContactPlatform, "Report it to the platform operator."),
    Row::new(200, "103028", "The license pool resources.")
        .on(&["regDirectDevice"])
        .means("The licence pool is used up; sent with status 200.")
        .remedy(ContactPlatform, "Ask the platform operator for more licences."),
    Row::new(200, "105001", "The batchTask count has reached the limit.")
        .on(&["createBatchTask"])
        .means("An earlier batch task of the user is still running.")
        .remedy(Wait, "Wait for the running task to end, then repeat.")
        .retryable(),
    Row::new(200, "105002", "The batchTask name has exist.")
        .on(&["createBatchTask"])
        .means("Another task has the same name.")
        .remedy(FixInput, "Choose a different task name."),
    Row::new(404, "105005", "The batchTask is not existed.")
        .on(&["queryOneTask", "queryTaskDetails"])
        .means("No task has the given id.")
        .remedy(FixInput, "Check the task id."),
    Row::new(400, "105201", "The tagName and tagValue has been used on the platform.")
        .on(&["createBatchTask"])
        .means("The tag is in use already.")
        .remedy(FixInput, "Choose a different tag."),
    Row::new(404, "105202", "The tag is not existed.")
        .on(&["createBatchTask"])
        .means("No such tag exists.")
        .remedy(FixInput, "Check the tag."),
    Row::new(400, "107002", "The properties is empty in database.")
        .on(&["modifyDeviceShadow"])
        .means("The named service has no stored properties.")
        .remedy(FixInput, "Check serviceId."),
    Row::new(400, "107003", "The request properties is unknown.")
        .on(&["modifyDeviceShadow"])
        .means("The state of the device is unknown to the platform.")
        .remedy(Wait, "Wait until the device is connected, then repeat.")
        .retryable(),
    Row::new(400, "120015", "Bad request error.")
        .on(&["queryUpgradePackageList", "queryUpgradePackage", "deleteUpgradePackage", "createSoftwareUpgradeTask", "createFirmwareUpgradeTask", "queryUpgradeTask", "queryUpgradeSubTask", "queryUpgradeTaskList"])
        .means("A parameter has an unacceptable form, for example the fileId.")
        .remedy(FixInput, "Check every parameter of the request."),
    Row::new(404, "123002", "Device or package file not found.")
        .on(&["queryUpgradePackage", "deleteUpgradePackage"])
        .means("No device or package has the given id.")
        .remedy(FixInput, "Check fileId."),
    Row::new(404, "123009", "The requested task does not exist.")
        .on(&["queryUpgradeTask", "queryUpgradeSubTask", "queryUpgradeTaskList"])
        .means("No task has the given id.")
        .remedy(FixInput, "Check operationId."),
    Row::new(400, "123029", "pageNo or pageSize beyond the limit.")
        .on(&["queryUpgradePackageList", "queryUpgradeTaskList"])
        .means("The page number or page size is out of range.")
        .remedy(FixInput, "Use a page number and size within range."),
    Row::new(403, "500004", "The amount of frozen devices has reached the limit.")
        .on(&["modifyDeviceInfo"])
        .means("No more devices can be frozen (muted).")
        .remedy(ContactPlatform, "Unfreeze other devices or ask for a larger quota."),
    Row::new(403, "600002", "The product not existed.")
        .on(&["regDirectDevice"])
        .means("No product has the given productId.")
        .remedy(FixInput, "Check productId."),
    Row::new(403, "1010005", "Invalid access token or appId.")
        .on(&["regDirectDevice", "refreshDeviceKey", "queryDeviceStatus", "deleteDirectDevice", "querySingleDeviceInfo", "queryBatchDevicesInfo", "modifyDeviceInfo", "queryDeviceShadow", "modifyDeviceShadow", "queryDeviceRealtimeLocation", "queryDeviceDataHistory", "queryDeviceDesiredHistory", "queryDeviceCapabilities", "postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "createDeviceCmdCancelTask", "queryDeviceCmdCancelTask", "invokeDeviceService", "createBatchTask", "queryOneTask", "queryTaskDetails", "subDeviceBusinessData", "querySingleSubscription", "queryBatchSubscriptions", "deleteSingleSubscription", "deleteBatchSubscriptions", "subDeviceManagementData", "createDeviceGroup", "modifyDeviceGroup", "querySingleDeviceGroup", "queryDeviceGroups", "deleteDeviceGroup", "queryDeviceGroupMembers", "addDevicesToGroup", "deleteDevicesFromGroup", "queryUpgradePackageList", "queryUpgradePackage", "deleteUpgradePackage", "createSoftwareUpgradeTask", "createFirmwareUpgradeTask", "queryUpgradeTask", "queryUpgradeSubTask", "queryUpgradeTaskList", "createRule", "updateRule", "queryRules", "deleteRule", "changeRuleStatus", "batchChangeRuleStatus"])
        .means("The access token is wrong, malformed or outdated, or does not belong to the app_key.")
        .remedy(LoginAgain, "Log in again once and repeat the call once.")
        .retryable(),
    Row::new(403, "1010009", "app throttle exceed.")
        .on(&["regDirectDevice", "refreshDeviceKey", "queryDeviceStatus", "deleteDirectDevice", "querySingleDeviceInfo", "queryBatchDevicesInfo", "modifyDeviceInfo", "queryDeviceShadow", "modifyDeviceShadow", "queryDeviceRealtimeLocation", "queryDeviceDataHistory", "queryDeviceDesiredHistory", "queryDeviceCapabilities", "postDeviceCommand", "queryDeviceCommand", "updateDeviceCommand", "createDeviceCmdCancelTask", "queryDeviceCmdCancelTask", "invokeDeviceService", "createBatchTask", "queryOneTask", "queryTaskDetails", "subDeviceBusinessData", "querySingleSubscription", "queryBatchSubscriptions", "deleteSingleSubscription", "deleteBatchSubscriptions", "subDeviceManagementData", "createDeviceGroup", "modifyDeviceGroup", "querySingleDeviceGroup", "queryDeviceGroups", "deleteDeviceGroup", "queryDeviceGroupMembers", "addDevicesToGroup", "deleteDevicesFromGroup", "queryUpgradePackageList", "queryUpgradePackage", "deleteUpgradePackage", "createSoftwareUpgradeTask", "createFirmwareUpgradeTask", "queryUpgradeTask", "queryUpgradeSubTask", "queryUpgradeTaskList", "createRule", "updateRule", "queryRules", "deleteRule", "changeRuleStatus", "batchChangeRuleStatus"])
        .means("The application calls more often than allowed, by default 100 times a minute.")
        .remedy(Wait, "Slow down, then repeat; have the limit raised if that is not enough.")
        .retryable(),
];
