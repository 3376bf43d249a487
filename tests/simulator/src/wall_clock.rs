//! Dates of the calendar, from and to Unix milliseconds.

use crate::exchange::Millis;

const DAY: u64 = 86_400;
const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
const WEEKDAYS: &str = "ThuFriSatSunMonTueWed";

/// `yyyy-MM-ddTHH:mm:ssZ`, and nothing else.
pub(crate) fn parse_iso(text: &str) -> Option<Millis> {
    let form = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        19 => byte == b'Z',
        _ => byte.is_ascii_digit(),
    };
    if text.len() != 20 || !text.bytes().enumerate().all(form) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let days = days_before(year)?.checked_add(days_of_months(year, month)?)?;
    if day == 0 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(((days + day - 1) * DAY + hour * 3600 + minute * 60 + second) * 1000)
}

/// The form of the HTTP header `Date`.
pub(crate) fn http_date(at: Millis) -> String {
    let seconds = at / 1000;
    let (days, time) = (seconds / DAY, seconds % DAY);
    let mut year = 1970 + days / 366;
    while days_before(year + 1).is_some_and(|start| start <= days) {
        year += 1;
    }
    let of_year = days - days_before(year).unwrap_or(0);
    let starts = |month: &u64| days_of_months(year, *month).is_some_and(|start| start <= of_year);
    let month = (1..=12).rev().find(starts).unwrap_or(1);
    let day = of_year - days_of_months(year, month).unwrap_or(0) + 1;
    format!(
        "{}, {day:02} {} {year:04} {:02}:{:02}:{:02} GMT",
        three(WEEKDAYS, days % 7),
        three(MONTHS, month - 1),
        time / 3600,
        time / 60 % 60,
        time % 60
    )
}

fn three(names: &'static str, index: u64) -> &'static str {
    let from = usize::try_from(index * 3).unwrap_or(0);
    names.get(from..from + 3).unwrap_or_default()
}

/// Days from 1970 to the first of January.
fn days_before(year: u64) -> Option<u64> {
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    let years = year.checked_sub(1970)?;
    Some(years * 365 + leap_days(year - 1) - leap_days(1969))
}

/// Days of a year before a month.
fn days_of_months(year: u64, month: u64) -> Option<u64> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let days = before.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    Some(days + u64::from(leap && month > 2))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The form that calls carry.
    pub(crate) fn iso(at: Millis) -> String {
        let date = http_date(at);
        let part = |from: usize, to: usize| date.get(from..to).expect("a date");
        let month = MONTHS.find(part(8, 11)).expect("month") / 3 + 1;
        format!("{}-{month:02}-{}T{}Z", part(12, 16), part(5, 7), part(17, 25))
    }

    #[test]
    fn dates_are_read_and_written() {
        for (text, header) in [
            ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("2026-01-02T03:04:05Z", "Fri, 02 Jan 2026 03:04:05 GMT"),
            ("2024-02-29T23:59:59Z", "Thu, 29 Feb 2024 23:59:59 GMT"),
            ("2025-12-31T12:00:00Z", "Wed, 31 Dec 2025 12:00:00 GMT"),
        ] {
            assert_eq!(http_date(parse_iso(text).expect(text)), header);
        }
        assert_eq!(parse_iso("2026-01-02T03:04:05Z"), Some(1_767_323_045_000));
        for wrong in ["2026-01-02T03:04:05.000Z", "2026-13-02T03:04:05Z", "2026-01-02 03:04:05Z"] {
            assert_eq!(parse_iso(wrong), None, "{wrong}");
        }
    }
}
