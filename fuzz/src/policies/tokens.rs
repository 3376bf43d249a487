//! A token's life: what is dead is never given out, and a life is used up from its end alone.

use arbitrary::Arbitrary;
use northbound::fields::Fields;
use northbound::huawei::authentication::AuthOutDto;
use northbound::json::Json;
use northbound::session::token::{Issued, Renewal, Standing, Tokens};
use northbound::session::{Call, Step};
use northbound::types::{Now, Secret};

use super::at;
use crate::parts::some;

/// What happens to the tokens of one application.
#[derive(Arbitrary, Debug)]
pub(super) struct Life {
    #[arbitrary(with = some)]
    steps: Vec<(u16, Happening)>,
}

#[derive(Arbitrary, Debug)]
enum Happening {
    Issued { life_ms: u16, chance: u8, by_us: bool },
    Rejected { number: u8 },
    PutOff { delay_ms: u16 },
    RenewalFailed,
    Calendar { by: i32 },
    Starts { own: bool },
}

fn pair(number: u8) -> AuthOutDto {
    let members = Json::object([
        ("accessToken", Some(format!("t{number}").into())),
        ("refreshToken", Some(format!("r{number}").into())),
        ("scope", Some("default".into())),
        ("tokenType", Some("bearer".into())),
    ]);
    AuthOutDto::read_members(&mut Fields::of("token", members).expect("an object"), 60.0)
        .expect("a pair")
}

impl Life {
    pub(super) fn run(self) {
        let mut tokens = Tokens::default();
        let (mut ms, mut calendar) = (0.0, 0.0);
        // The newest: its number, its life, when it was issued by either clock, and whether it was refused.
        let mut newest: Option<(u8, f64, Now, bool)> = None;
        let mut last = 0_u8;
        for (step, happening) in self.steps {
            ms += f64::from(step);
            let now = at(ms, calendar);
            match happening {
                Happening::Issued { life_ms, chance, by_us } => {
                    last = last.wrapping_add(1);
                    let life_ms = f64::from(life_ms);
                    let issued = Issued::new(pair(last), life_ms, life_ms * 2.0, u32::from(last));
                    let chance = f64::from(chance) / 256.0;
                    if by_us {
                        tokens.renew(issued, now, chance);
                    } else {
                        tokens.keep(issued, now, chance);
                    }
                    newest = Some((last, life_ms, now, false));
                    assert!(
                        life_ms <= 0.0 || tokens.standing(now) == Standing::Fresh,
                        "old when it is new"
                    );
                }
                Happening::Rejected { number } => {
                    tokens.reject(&Secret::new(format!("t{number}")));
                    assert!(tokens.is_dead(&Secret::new(format!("t{number}"))));
                    if let Some((newest, _, _, refused)) = &mut newest {
                        *refused |= *newest == number;
                    }
                }
                Happening::PutOff { delay_ms } => tokens.put_off(now, delay_ms.into()),
                Happening::RenewalFailed => {
                    let delay_ms = tokens.renewal_failed(now);
                    assert!((0.0..=165_000.0).contains(&delay_ms), "{delay_ms}");
                    assert!(
                        delay_ms <= 0.0 || !tokens.is_renewal_due(now),
                        "no pause after a failure"
                    );
                }
                Happening::Calendar { by } => calendar += f64::from(by),
                Happening::Starts { own } => starts(&tokens, now, own),
            }
            let now = at(ms, calendar);
            let lives = newest.is_some_and(|(_, life_ms, since, refused)| {
                let gone = (now.monotonic_ms - since.monotonic_ms).max(now.wall_ms - since.wall_ms);
                !refused && gone.max(0.0).round() < life_ms
            });
            let live = tokens.live(now).map(|pair| pair.access_token.reveal().to_owned());
            let expected = newest.filter(|_| lives).map(|(number, ..)| format!("t{number}"));
            assert_eq!(live, expected);
            assert_eq!(tokens.standing(now) == Standing::Dead, !lives);
        }
    }
}

fn starts(tokens: &Tokens, now: Now, own: bool) {
    let own = own.then(|| Secret::new("own".to_owned()));
    let step = Call::new(own.clone()).start(tokens, now);
    let live = tokens.live(now).map(|pair| pair.access_token.clone());
    match (own, live, step) {
        (Some(own), _, Step::Send(token)) => assert!(token == own, "another than the caller's own"),
        (None, Some(live), Step::Send(token)) => {
            assert!(token == live, "another than the one that lives");
        }
        (None, Some(_), Step::Park(Renewal::Ahead)) => {
            assert_eq!(tokens.standing(now), Standing::Ending, "waits although there is time");
        }
        (None, None, Step::Park(Renewal::Login)) => {}
        (_, _, step) => panic!("{step:?}"),
    }
}
