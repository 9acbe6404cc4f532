//! Every release's days add up, from day 0 to its go-live, without a gap; every activity's too.

use golive::program::Program;
use golive::program::story::{Cause, Happening, Segment, Story};

use super::bits::{SMALL, flagship, small};

/// Asserts that segments follow each other from one day to another.
#[track_caller]
fn is_gap_free(segments: &[Segment], from: f64, to: f64) {
    let mut at = from;
    for segment in segments {
        assert_eq!(segment.from.to_bits(), at.to_bits(), "a gap before {segment:?} in {segments:?}");
        assert_ne!(segment.from, segment.to);
        at = segment.to;
    }
    assert_eq!(at.to_bits(), to.to_bits(), "{segments:?}");
}

/// Checks a story against itself and against its program.
fn check(program: &Program, story: &Story) {
    let register = program.register();
    let horizon = register.dates.map_or(f64::INFINITY, |dates| f64::from(dates.horizon));
    for (release, about) in story.releases.iter().zip(&register.releases) {
        let end = release.live.map_or(horizon, f64::from);
        is_gap_free(&release.chain, 0.0, end);
        // What lies after the planned date adds up to the delay.
        let target = f64::from(about.target_day);
        let late: f64 = release.chain.iter().map(|segment| segment.after(target)).sum();
        assert!((late - (end - target).max(0.0)).abs() < 1e-9, "{late} for {end} − {target}");
        // Only what gains time goes backwards, and only before it is ready.
        for segment in release.chain.iter().filter(|s| s.days() < 0.0) {
            assert!(matches!(segment.cause, Cause::ReleaseRisk(_) | Cause::ActivityRisk { .. } | Cause::Work(_)));
        }
    }
    for told in &story.activities {
        let from = match told.start_from {
            Some((a, golive::program::story::End::Start)) => story.activities[a].start,
            Some((a, golive::program::story::End::Finish)) => story.activities[a].finish,
            None => 0.0,
        };
        if !told.exists {
            assert!(told.start == told.finish && told.steps.is_empty() && told.wait.is_empty());
            continue;
        }
        is_gap_free(&told.wait, from, told.start);
        let from = match told.finish_from {
            Some((a, golive::program::story::End::Start)) => story.activities[a].start,
            Some((a, golive::program::story::End::Finish)) => story.activities[a].finish,
            None => told.start,
        };
        is_gap_free(&told.steps, from, told.finish);
    }
    assert!(story.entries.is_sorted_by(|a, b| a.day <= b.day));
    agrees_with_outcome(story);
}

/// What the entries tell is what the outcome counts.
fn agrees_with_outcome(story: &Story) {
    let outcome = &story.outcome;
    let count = |test: &dyn Fn(&Happening) -> bool| story.entries.iter().filter(|e| test(&e.what)).count();
    for (r, told) in story.releases.iter().enumerate() {
        let deployed = count(&|h| matches!(h, Happening::Deployed { release, .. } if *release == r));
        assert_eq!(deployed, usize::from(outcome.attempts[r]));
        let live = count(&|h| matches!(h, Happening::Live(release) if *release == r));
        assert_eq!(live, usize::from(told.live.is_some()));
        let reversed = count(&|h| matches!(h, Happening::BackedOut { release, .. } if *release == r));
        assert_eq!(reversed, deployed - live);
        assert_eq!(reversed > 0, outcome.backed_out[r].get(0));
        let no_go = count(&|h| matches!(h, Happening::Gate { release, passed: false, .. } if *release == r));
        assert_eq!(no_go > 0, outcome.no_go[r].get(0));
        let consent = count(&|h| matches!(h, Happening::Consent { release, .. } if *release == r));
        assert_eq!(consent > 0, outcome.consent[r].get(0));
    }
    for category in 1..=5u8 {
        let told = count(&|h| match h {
            Happening::Incident { category: own, .. } => *own == category,
            _ => false,
        });
        // Those that a rate factor added are told as events of their process, whatever its category.
        let counted = usize::from(outcome.incidents[usize::from(category) - 1]);
        assert!(told <= counted);
    }
    let added = count(&|h| matches!(h, Happening::Background { added: true, restore_days: Some(_), .. }));
    let incidents = count(&|h| matches!(h, Happening::Incident { .. }));
    assert_eq!(incidents + added, outcome.incidents.iter().map(|n| usize::from(*n)).sum::<usize>());
    for (p, counted) in outcome.background.iter().enumerate() {
        let told = count(
            &|h| matches!(h, Happening::Background { process, added: false, restore_days: Some(_) } if *process == p),
        );
        assert_eq!(told, usize::from(*counted));
    }
    let cost: f64 =
        story.entries.iter().map(|e| if let Happening::Cost { amount, .. } = e.what { amount } else { 0.0 }).sum();
    assert!((cost - outcome.cost[0]).abs() < 1e-9);
    let causes_are_told = story.entries.iter().all(|e| match &e.what {
        Happening::Gate { criteria, .. } => criteria.iter().all(|asked| asked.met == asked.by.is_empty()),
        Happening::BackedOut { by, fix_days, .. } => by.iter().any(|cause| cause.fix_days == *fix_days),
        Happening::Moved { days, from, .. } => days.first().is_none_or(|s| s.from == f64::from(*from)),
        _ => true,
    });
    assert!(causes_are_told, "{:?}", story.entries);
}

#[test]
fn the_days_of_the_real_case_add_up() {
    for plan in ["P1", "P6", "P8", "P10"] {
        let program = flagship(plan);
        for iteration in (0..900).chain(5_000_000_000..5_000_000_100) {
            check(&program, &program.tell(iteration));
        }
    }
}

#[test]
fn what_a_gate_asked_about_is_told() {
    let program = flagship("P1");
    let r04 = program.register().risks.iter().position(|r| r.id == "R04").expect("R04");
    let (mut seen, mut late) = (0, 0);
    for story in (0..3000).map(|iteration| program.tell(iteration)) {
        for entry in &story.entries {
            let Happening::Occurred { risk, .. } = entry.what else { continue };
            if risk != r04 {
                continue;
            }
            let week = entry.day - 7.0..entry.day;
            let event = |e: &golive::program::story::Entry| {
                matches!(e.what, Happening::Background { .. }) && week.contains(&e.day)
            };
            assert!(story.entries.iter().any(event), "no incident before day {} in {}", entry.day, story.iteration);
            seen += 1;
            late += u32::from(entry.day > 80.0);
        }
    }
    assert!(seen > 500 && late > 0, "{seen} {late}");
}

#[test]
fn so_do_those_of_every_small_scenario() {
    for name in SMALL {
        let program = small(name);
        (0..300).for_each(|iteration| check(&program, &program.tell(iteration)));
    }
    let text = crate::support::text("scenarios/verification/network-50.toml");
    let program = Program::lower(crate::support::register(&text, golive::scenario::BASE_PLAN), 7);
    (0..300).for_each(|iteration| check(&program, &program.tell(iteration)));
}

#[test]
#[should_panic(expected = "a gap before")]
fn a_missing_segment_is_seen() {
    let program = flagship("P1");
    let mut story = (0..900).map(|i| program.tell(i)).find(|s| s.releases[0].chain.len() > 3).expect("a late one");
    story.releases[0].chain.remove(1);
    check(&program, &story);
}
