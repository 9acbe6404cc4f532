//! The simulator against exact answers: one small scenario for each part of what it models.
//!
//! Every scenario stands in `scenarios/verification/exact-*.toml`, whose header says the answer and
//! how it follows. The answer is computed here by `golive::oracle`, which shares no code with the
//! simulator. Each check has a planted fault beside it: the same check against a model that is wrong
//! in one likely way, which it must refuse. The only tolerance is |z| < 4.6 with the standard error
//! from the exact answer; seeds are fixed and no seed was ever changed to pass.

#![expect(clippy::disallowed_methods, reason = "what is compared within an error need not repeat to the bit")]

mod support;

mod exact {
    mod back_out;
    mod calendar;
    mod check;
    mod dependence;
    mod devices;
    mod edges;
    mod gates;
    mod incidents;
    mod network;
    mod observed;
    mod prices;
    mod processes;
    mod register;
    mod responses;
    mod together;
    mod versions;
    mod waiting;
    mod what_if;
}
