//! The server's clock, as HTTP tells it.

/// Milliseconds since the Unix epoch of a date such as `Fri, 02 Jan 2026 03:04:05 GMT`, the one form
/// that servers may send.
pub fn parse_http_date(text: &str) -> Option<f64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = text.split_once(", ")?;
    let mut parts = rest.split([' ', ':']);
    let mut number = || parts.next()?.parse::<u32>().ok().map(i64::from);
    let day = number().filter(|day| (1..=31).contains(day))?;
    let name = parts.next()?;
    let month = i64::try_from(MONTHS.iter().position(|month| *month == name)?).ok()? + 1;
    let mut number = || parts.next()?.parse::<u32>().ok().map(i64::from);
    let year = number().filter(|year| (1970..=9999).contains(year))?;
    let (hour, minute, second) = (number()?, number()?, number()?);
    let in_day = hour < 24 && minute < 60 && second <= 60;
    if !in_day || parts.next() != Some("GMT") || parts.next().is_some() {
        return None;
    }
    // Years begin in March, so that the leap day is the last of its year.
    let (year, shifted) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era_day = year * 365 + year / 4 - year / 100 + year / 400;
    let days = era_day + (153 * shifted + 2) / 5 + day - 1 - 719_468;
    let days = f64::from(i32::try_from(days).ok()?);
    let seconds = f64::from(i32::try_from(hour * 3_600 + minute * 60 + second).ok()?);
    Some((days * 86_400.0 + seconds) * 1000.0)
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
