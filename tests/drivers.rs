//! What drives a plan, against exact answers: importance, swings, shares, values of learning, flips, days, activities.
//!
//! The scenarios are `scenarios/verification/exact-{fault-tree,learning,merge,days}.toml`, with the answers at their
//! heads. Standard errors are those of the exact answers; every check has a planted fault that it refuses.

#![expect(clippy::disallowed_methods, reason = "expected numbers need not repeat to the bit")]

mod support;

#[path = "exact/check.rs"]
#[expect(dead_code, reason = "these tests need one kind of check")]
mod check;

mod drivers {
    mod command;
    mod days;
    mod flips;
    mod importance;
    mod learning;
    mod redraw;
    mod swings;

    use golive::analysis::drivers::{Asked, Drivers, Extent, Measure, Subject, drivers};
    use golive::register::Register;
    use golive::simulate::Options;

    pub const SEED: u64 = 20_300_401;

    pub fn scenario(name: &str, plan: &str) -> Register {
        crate::support::register(&format!("scenarios/verification/exact-{name}.toml"), plan)
    }

    /// Everything about one measure of the first release, or of the first finish.
    pub fn found(register: &Register, plans: &[Register], asked: Asked, n: u64, worlds: u64, told: u64) -> Drivers {
        let subject = if register.releases.is_empty() { Subject::Finish(0) } else { Subject::Release(0) };
        found_of(register, &subject, plans, asked, n, worlds, told)
    }

    /// The same of any release or finish.
    pub fn found_of(
        register: &Register,
        subject: &Subject,
        plans: &[Register],
        asked: Asked,
        n: u64,
        worlds: u64,
        told: u64,
    ) -> Drivers {
        let measure = Measure::of(register, subject, asked).expect("the plan has it");
        let extent = Extent {
            seed: SEED,
            options: Options::iterations(n),
            of_a_variant: n,
            worlds,
            in_a_world: 64,
            told,
            progress: &|_| {},
        };
        drivers(register, subject, vec![measure], plans, extent).expect("threads")
    }
}
