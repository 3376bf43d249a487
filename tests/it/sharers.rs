//! Many clients that share one store: thousands of random interleavings of calls, ends of tokens,
//! aborts, pauses of whole processes, and failures of the store.

mod simulation;
mod store;

use northbound::session::sharing::Terms;
use proptest::prelude::*;

use simulation::{Flaw, Plan, run};

fn calls(aborts: bool) -> impl Strategy<Value = Vec<(usize, f64, Option<f64>)>> {
    let patience = if aborts {
        proptest::option::weighted(0.2, 0.0_f64..300.0).boxed()
    } else {
        Just(None).boxed()
    };
    proptest::collection::vec((0_usize..6, 0.0_f64..20_000.0, patience), 1..80)
}

fn plans(aborts: bool) -> impl Strategy<Value = Plan> {
    let terms = prop_oneof![Just(Terms::RENEWED), Just(Terms::FIXED)];
    let lives = proptest::collection::vec(1_000.0_f64..8_000.0, 1..6);
    (any::<u64>(), 1_usize..6, terms, calls(aborts), lives).prop_map(
        |(seed, clients, terms, calls, lives)| Plan {
            seed,
            clients,
            terms,
            calls,
            lives,
            pauses: Vec::new(),
            outages: Vec::new(),
            outsiders: Vec::new(),
            told_life: 3_600,
            login_ms: 50.0,
            flaw: None,
        },
    )
}

/// The same plan with tokens that outlive a pause: one that ends within it is found dead twice in a row.
fn long_lives(plan: Plan) -> Plan {
    Plan { lives: plan.lives.iter().map(|life| life + 12_000.0).collect(), ..plan }
}

fn some_pauses() -> impl Strategy<Value = Vec<(usize, f64, f64)>> {
    let pause = (0_usize..6, 0.0_f64..20_000.0, 500.0_f64..6_000.0);
    let pauses = proptest::collection::vec(pause, 1..3);
    pauses.prop_map(|pauses| {
        pauses.into_iter().map(|(number, from, length)| (number, from, from + length)).collect()
    })
}

fn some_outages(most_ms: f64) -> impl Strategy<Value = Vec<(f64, f64, bool)>> {
    let outage = (0.0_f64..20_000.0, 100.0_f64..most_ms, any::<bool>());
    // One after the other, with time between them.
    outage.prop_map(|(from, length, says_so)| vec![(from, from + length, says_so)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nobody_loses_a_call_and_tokens_are_obtained_one_at_a_time(plan in plans(false)) {
        let world = run(plan);
        prop_assert_eq!(world.counted("failed"), 0, "{:?}", world.failures);
        prop_assert_eq!(world.counted("together"), 0);
        let obtained = world.counted("logins") + world.counted("refreshes");
        prop_assert!(obtained <= 1 + world.counted("ended"), "{:?}", world.counts);
    }

    #[test]
    fn whoever_leaves_takes_nothing_from_the_others(plan in plans(true)) {
        let world = run(plan);
        prop_assert_eq!(world.counted("failed"), 0, "{:?}", world.failures);
        prop_assert_eq!(world.counted("together"), 0);
        let allowed = 1 + world.counted("ended") + world.counted("aborted");
        prop_assert!(world.counted("logins") <= allowed, "{:?}", world.counts);
    }

    #[test]
    fn a_process_that_is_paused_at_any_moment_costs_nobody_a_call(
        plan in plans(false),
        pauses in some_pauses(),
    ) {
        let world = run(Plan { pauses, ..long_lives(plan) });
        prop_assert_eq!(world.counted("failed"), 0, "{:?}", world.failures);
    }

    #[test]
    fn a_store_that_is_away_for_four_seconds_costs_nobody_a_call(
        plan in plans(false),
        outages in some_outages(4_000.0),
    ) {
        let world = run(Plan { outages, ..long_lives(plan) });
        prop_assert_eq!(world.counted("failed"), 0, "{:?}", world.failures);
    }

    #[test]
    fn without_a_store_for_long_every_call_ends_and_tells_why(
        plan in plans(true),
        outages in some_outages(60_000.0),
    ) {
        let world = run(Plan { outages, ..plan });
        for failure in world.failures.borrow().iter() {
            prop_assert_eq!(failure.error.code(), Some("1010005"), "{:?}", failure);
        }
    }

    #[test]
    fn a_store_that_is_away_leads_to_no_login_while_the_token_lives(
        plan in plans(false),
        says_so in any::<bool>(),
    ) {
        // Renewed ahead of time from the 20th second on; the calls end with that.
        let outages = vec![(1_000.0, 60_000.0, says_so)];
        let first = (0..plan.clients).map(|client| (client, 0.0, None));
        let later = plan.calls.iter().map(|(client, at, none)| (*client, 3_000.0 + at * 1.15, *none));
        let calls = first.chain(later).collect();
        let world = run(Plan { outages, calls, lives: vec![30_000.0], told_life: 30, ..plan });
        prop_assert_eq!(world.counted("failed"), 0, "{:?}", world.failures);
        prop_assert_eq!(world.counted("logins") + world.counted("refreshes"), 1);
    }

    #[test]
    fn somebody_elses_login_costs_one_login_and_no_call(
        plan in plans(false),
        first in 0.0_f64..5_000.0,
    ) {
        let outsiders = (0..4_u32).map(|number| first + f64::from(number) * 5_000.0).collect();
        let world = run(Plan { outsiders, lives: vec![1e9], ..plan });
        // Unless that hits a new token before the call that waited for it is answered.
        let snatched = world.counted("snatched") > 0;
        prop_assert!(snatched || world.counted("failed") == 0, "{:?}", world.failures);
        prop_assert!(world.counted("logins") <= 1 + 4, "{:?}", world.counts);
    }

    #[test]
    fn tokens_are_renewed_before_they_end_and_nobody_notices(plan in plans(false)) {
        // Told and true lives agree: 6 seconds.
        let world = run(Plan { lives: vec![6_000.0], told_life: 6, ..plan });
        prop_assert_eq!(world.counted("failed"), 0, "{:?}", world.failures);
        prop_assert_eq!(world.counted("together"), 0);
        // One in each 4 seconds of 20 at most, and never a loop.
        prop_assert!(world.counted("logins") + world.counted("refreshes") <= 8, "{:?}", world.counts);
    }
}

/// Runs 100 plans with eight calls a second of four clients; answers how many calls failed in all, how
/// many were refused at first, and how many logins there were.
fn totals(flaw: Option<Flaw>, paused: bool) -> [u32; 3] {
    let mut totals = [0; 3];
    for seed in 0..100 {
        let calls = (0..160_u32)
            .map(|number| (usize::try_from(number).unwrap() % 4, f64::from(number) * 125.0, None));
        let world = run(Plan {
            seed,
            clients: 4,
            terms: Terms::RENEWED,
            calls: calls.collect(),
            // Longer than a pause: who sleeps through a whole life finds two dead tokens in a row.
            lives: if paused { vec![6_000.0, 9_000.0] } else { vec![3_000.0, 4_000.0] },
            pauses: if paused { pauses_of(seed) } else { Vec::new() },
            outages: Vec::new(),
            outsiders: Vec::new(),
            told_life: 3_600,
            login_ms: if paused { 1_000.0 } else { 50.0 },
            flaw,
        });
        for (total, name) in totals.iter_mut().zip(["failed", "refused", "logins"]) {
            *total += world.counted(name);
        }
    }
    totals
}

#[test]
fn clients_without_a_common_store_lose_calls() {
    let [failed, _, logins] = totals(None, false);
    assert_eq!(failed, 0);
    let [lost, _, many] = totals(Some(Flaw::Alone), false);
    assert!(lost > 1_000 && many > 5 * logins, "{lost} {many}");
}

#[test]
fn a_store_without_a_fence_loses_calls() {
    let fenced = totals(None, true);
    let open = totals(Some(Flaw::NoFence), true);
    assert_eq!(fenced[0], 0);
    assert!(open[0] > 100 && open[2] > 2 * fenced[2], "{fenced:?} {open:?}");
}

/// Pauses of 1.6 leases, one after the other, at moments that differ from run to run.
fn pauses_of(seed: u64) -> Vec<(usize, f64, f64)> {
    let shift = f64::from(u32::try_from(seed).unwrap()) * 47.0;
    (0..4_u32)
        .map(|number| {
            let from = f64::from(number) * 4_900.0 + shift;
            (usize::try_from(number).unwrap(), from, from + 4_800.0)
        })
        .collect()
}
