//! One iteration replayed alone: the same bits as in a run, and days that add up.

#![expect(clippy::disallowed_methods, reason = "expected texts and numbers need not repeat to the bit")]

mod support;

mod story {
    mod bits;
    mod chains;
}
