//! Where accumulated time meets an edge: the one rule for it.
//!
//! Sums of decimals leave a residue in binary: 1.1 + 3.2 + 0.7 days are 5 and some 10⁻¹⁵ more. So times that are no
//! further apart than [`EDGE_DAYS`] are the same time wherever one meets a day, a window, a target, a working day's
//! edge, a recovery or a reservation. The width is far above what adding a thousand numbers can leave (10⁻¹¹ days), and
//! far below anything that a schedule says.

/// Times closer than this are the same: 2⁻³⁰ days, about 80 microseconds.
pub const EDGE_DAYS: f64 = 1.0 / 1_073_741_824.0;

/// The whole day that a time is at; else the time as it is.
#[inline]
pub fn settled(time: f64) -> f64 {
    let whole = crate::math::round(time);
    if (time - whole).abs() <= EDGE_DAYS { whole } else { time }
}

/// The latest time that still counts as at `time` or before it.
#[inline]
pub fn latest_at(time: f64) -> f64 {
    time + EDGE_DAYS
}

/// The first whole day that begins at or after a time.
#[inline]
pub fn day_from(time: f64) -> f64 {
    crate::math::ceil(time - EDGE_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_residue_is_no_time() {
        let sum = 1.1 + 3.2 + 0.7;
        assert!(sum > 5.0, "the residue that this is about");
        assert_eq!((settled(sum), day_from(sum)), (5.0, 5.0));
        assert!(sum <= latest_at(5.0));
        let tenths = (0..10).fold(0.0, |sum, _| sum + 0.7);
        assert_eq!(settled(tenths), 7.0);
    }

    #[test]
    fn what_is_later_stays_later() {
        let second = 1.0 / 86_400.0;
        assert_eq!((settled(5.0 + second), day_from(5.0 + second)), (5.0 + second, 6.0));
        assert!(5.0 + second > latest_at(5.0));
        assert_eq!(settled(f64::INFINITY), f64::INFINITY);
    }
}
