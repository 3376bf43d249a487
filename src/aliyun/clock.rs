//! The server's clock, as HTTP tells it.

use crate::text;

/// Milliseconds since the Unix epoch of a date such as `Fri, 02 Jan 2026 03:04:05 GMT`, the one form
/// that servers may send.
pub fn parse_http_date(text: &str) -> Option<f64> {
    const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let (_, rest) = text::split_once(text, ", ")?;
    let mut parts = Vec::new();
    parts.extend(rest.as_bytes().split(|byte| matches!(byte, b' ' | b':')));
    let [day, name, year, hour, minute, second, b"GMT"] = parts.as_slice() else { return None };
    let month = MONTHS.chunks(3).position(|month| month == *name)?;
    let month = u32::try_from(month).ok()? + 1;
    let (day, year) = (number(day, 31)?, number(year, 9999)?);
    let (hour, minute, second) = (number(hour, 23)?, number(minute, 59)?, number(second, 60)?);
    if day == 0 || year < 1970 {
        return None;
    }
    // Years begin in March, so that the leap day is the last of its year.
    let (year, shifted) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era_day = year * 365 + year / 4 - year / 100 + year / 400;
    let days = era_day + (153 * shifted + 2) / 5 + day - 1 - 719_468;
    let seconds = hour * 3_600 + minute * 60 + second;
    Some((f64::from(days) * 86_400.0 + f64::from(seconds)) * 1000.0)
}

/// A number of 1 to 9 digits that is `most` or less.
fn number(digits: &[u8], most: u32) -> Option<u32> {
    if !matches!(digits.len(), 1..=9) {
        return None;
    }
    let mut sum = 0;
    for digit in digits {
        sum = sum * 10 + char::from(*digit).to_digit(10)?;
    }
    (sum <= most).then_some(sum)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::aliyun::signature::timestamp;

    #[test]
    fn a_date_is_read_in_the_one_form_that_servers_send() {
        let date = parse_http_date("Fri, 02 Jan 2026 03:04:05 GMT").map(timestamp);
        assert_eq!(date.as_deref(), Some("2026-01-02T03:04:05Z"));
        for text in ["", "yesterday", "Fri, 2 Jan 2026", "Fri, 02 Jän 2026 03:04:05 GMT"] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_day_reads_back(days in 0_u32..2_932_896) {
            let text = timestamp(f64::from(days) * 86_400_000.0);
            let parts: Vec<&str> = text.split(['-', 'T']).collect();
            let month = parts[1].parse::<usize>().unwrap();
            let name = "JanFebMarAprMayJunJulAugSepOctNovDec".get(month * 3 - 3..month * 3).unwrap();
            let date = ["Mon, ", parts[2], " ", name, " ", parts[0], " 00:00:00 GMT"].concat();
            let read = parse_http_date(&date);
            prop_assert_eq!(read, Some(f64::from(days) * 86_400_000.0));
        }
    }
}
