//! One iteration replayed alone: the same bits as in a run, and days that add up.

mod support;

mod story {
    mod bits;
    mod chains;
}
