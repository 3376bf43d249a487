//! The errors of all platforms as one list, in the order of their numbers.

use crate::error::catalogue::Catalogue;
use crate::error::catalogue::table::{EMPTY, digest};
use crate::{aliyun, huawei};

/// Each platform by name, with its entries.
pub static PLATFORMS: [(&str, &Catalogue); 2] =
    [("huawei-northbound", &huawei::errors::ERRORS), ("aliyun-onsmqtt", &aliyun::errors::ERRORS)];

/// Tells these texts, in this order, from others.
pub const DIGEST: u32 = digest(digest(EMPTY, huawei::errors::ROWS), aliyun::errors::ROWS);

/// The same in a section of the wasm, for the test that its numbers belong to the texts of the package.
#[cfg(target_arch = "wasm32")]
#[expect(unsafe_code, reason = "a section that no code reads")]
#[unsafe(link_section = "northbound-catalogue")]
#[used]
static SECTION: [u8; 4] = DIGEST.to_le_bytes();
