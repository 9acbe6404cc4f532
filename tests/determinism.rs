//! The same answers however they are computed: threads, blocks, order of the file, length of the run,
//! what else is in the register.

#![expect(clippy::disallowed_methods, reason = "what is compared within an error need not repeat to the bit")]

mod support;

mod determinism {
    mod additions;
    mod levels;
    mod monotone;
    mod network_50;
    mod runs;
}
