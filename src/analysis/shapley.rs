//! How much of a change each of several edits carries: Shapley values as weighted sums over versions.
//!
//! In: the number of edits. Out: which combinations of edits have to be run, and with which whole-number weights their
//! figures make the part of each edit. Parts add up to the whole exactly, whatever the figures are.
//!
//! The part of an edit is the mean, over orders in which the edits are made one after another, of what it moves at its
//! turn (Shapley 1953, "A value for n-person games"). Of few edits all orders count: with s edits made before it, a
//! combination counts s!(n − s − 1)! of n! orders. Of more, some orders and the reverse of each are walked, so that what two
//! edits move only together is shared between them alike (Castro, Gómez and Tejada 2009 for sampled orders).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::random::Stream;
use crate::simulate::Contrast;

/// Most edits whose orders are all counted: 64 combinations of six.
pub const MOST_EXACT: usize = 6;

/// Combinations that are run at most, unless two walks alone need more.
const MOST_COMBINATIONS: usize = 128;

/// Most pairs of an order and its reverse.
const MOST_PAIRS: usize = 8;

/// Over which orders parts are averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "method", rename_all = "kebab-case")]
pub enum Method {
    /// All orders: the Shapley value.
    AllOrders,
    /// So many orders, each with its reverse among them.
    Walks {
        /// How many.
        orders: usize,
    },
}

/// Which combinations of edits to run, and what the parts are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Combinations: which edits are made. The first is none, the last all.
    pub combinations: Vec<Vec<bool>>,
    /// For each edit the weights of combinations whose figures make `divisor` times its part.
    pub parts: Vec<Contrast>,
    /// What parts are divided by.
    pub divisor: i64,
    /// Over which orders.
    pub method: Method,
    /// For each edit the pairs of combinations without and with it.
    pub steps: Vec<Vec<(usize, usize)>>,
}

impl Attribution {
    /// For so many edits.
    pub fn of(edits: usize) -> Self {
        if edits <= MOST_EXACT { Self::all_orders(edits) } else { Self::walks(edits) }
    }

    fn all_orders(n: usize) -> Self {
        let factorial = |k: usize| (1..=k as i64).product::<i64>();
        let mut masks: Vec<usize> = (0..1 << n).collect();
        masks.sort_by_key(|mask| (mask.count_ones(), *mask));
        let place: BTreeMap<usize, usize> = masks.iter().enumerate().map(|(place, mask)| (*mask, place)).collect();
        let mut parts = vec![BTreeMap::new(); n];
        let mut steps = vec![Vec::new(); n];
        for mask in &masks {
            let weight =
                factorial(mask.count_ones() as usize) * factorial((n - mask.count_ones() as usize).saturating_sub(1));
            for edit in (0..n).filter(|edit| mask & (1 << edit) == 0) {
                let (without, with) = (place[mask], place[&(mask | 1 << edit)]);
                *parts[edit].entry(with).or_insert(0) += weight;
                *parts[edit].entry(without).or_insert(0) -= weight;
                steps[edit].push((without, with));
            }
        }
        let combinations = masks.iter().map(|mask| (0..n).map(|edit| mask & (1 << edit) != 0).collect()).collect();
        Self::with(combinations, parts, factorial(n), Method::AllOrders, steps)
    }

    fn walks(n: usize) -> Self {
        let pairs = ((MOST_COMBINATIONS - 2) / (2 * (n - 1))).clamp(1, MOST_PAIRS);
        let mut orders: Vec<Vec<usize>> = Vec::new();
        for pair in 0..pairs {
            let order = order(n, pair);
            orders.push(order.iter().rev().copied().collect());
            orders.push(order);
        }
        // None and all have their places before any walk.
        let mut combinations: BTreeMap<(usize, Vec<bool>), usize> = BTreeMap::new();
        for order in &orders {
            let mut made = vec![false; n];
            combinations.insert((0, made.clone()), 0);
            for (step, edit) in order.iter().enumerate() {
                made[*edit] = true;
                combinations.insert((step + 1, made.clone()), 0);
            }
        }
        combinations.values_mut().enumerate().for_each(|(place, entry)| *entry = place);
        let mut parts = vec![BTreeMap::new(); n];
        let mut steps = vec![Vec::new(); n];
        for order in &orders {
            let mut made = vec![false; n];
            for (step, edit) in order.iter().enumerate() {
                let without = combinations[&(step, made.clone())];
                made[*edit] = true;
                let with = combinations[&(step + 1, made.clone())];
                *parts[*edit].entry(with).or_insert(0) += 1;
                *parts[*edit].entry(without).or_insert(0) -= 1;
                steps[*edit].push((without, with));
            }
        }
        let method = Method::Walks { orders: orders.len() };
        let divisor = orders.len() as i64;
        Self::with(combinations.into_keys().map(|(_, made)| made).collect(), parts, divisor, method, steps)
    }

    fn with(
        combinations: Vec<Vec<bool>>,
        parts: Vec<BTreeMap<usize, i64>>,
        divisor: i64,
        method: Method,
        steps: Vec<Vec<(usize, usize)>>,
    ) -> Self {
        let contrast = |weights: BTreeMap<usize, i64>| -> Contrast {
            let some = weights.into_iter().filter(|(_, weight)| *weight != 0);
            some.map(|(place, weight)| (place, i32::try_from(weight).unwrap_or(i32::MAX))).collect()
        };
        let parts = parts.into_iter().map(contrast).collect();
        Self { combinations, parts, divisor, method, steps }
    }
}

/// The first order is that of the edits; the others are shuffled (Fisher and Yates), always in the same way.
fn order(n: usize, number: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    if number > 0 {
        let stream = Stream::new(0, "order of edits").at(number as u64);
        for last in (1..n).rev() {
            let chosen = (stream.uniform(last as u64) * (last + 1) as f64) as usize;
            order.swap(last, chosen.min(last));
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts of a game, times the divisor.
    fn parts(attribution: &Attribution, value: impl Fn(&[bool]) -> i64) -> Vec<i64> {
        let of = |contrast: &Contrast| {
            let terms =
                contrast.iter().map(|(place, weight)| i64::from(*weight) * value(&attribution.combinations[*place]));
            terms.sum::<i64>()
        };
        attribution.parts.iter().map(of).collect()
    }

    #[test]
    fn the_glove_game_has_its_published_values() {
        // One left glove, two right ones: 4/6, 1/6, 1/6 (Shapley 1953; Osborne and Rubinstein 1994, §14.4).
        let gloves = |made: &[bool]| i64::from(made[0] && (made[1] || made[2]));
        let attribution = Attribution::of(3);
        assert_eq!(attribution.combinations.len(), 8);
        assert_eq!((parts(&attribution, gloves), attribution.divisor), (vec![4, 1, 1], 6));
    }

    #[test]
    fn parts_add_up_whatever_the_figures_are() {
        for n in 0..=40 {
            let attribution = Attribution::of(n);
            let value = |made: &[bool]| {
                let mut hash = 17i64;
                made.iter().for_each(|m| hash = (hash * 31 + i64::from(*m)) % 1_000_003);
                hash
            };
            let (none, all) = (&attribution.combinations[0], attribution.combinations.last().unwrap());
            assert!(none.iter().all(|made| !made) && all.iter().all(|made| *made), "{n}");
            let whole = (value(all) - value(none)) * attribution.divisor;
            assert_eq!(parts(&attribution, value).iter().sum::<i64>(), whole, "{n}");
            assert!(attribution.combinations.len() <= MOST_COMBINATIONS, "{n}: {}", attribution.combinations.len());
        }
    }

    #[test]
    fn walks_share_what_two_edits_move_only_together() {
        // Ten edits: the first two move 8 together, the third moves 3 by itself, the others nothing.
        let attribution = Attribution::of(10);
        assert_eq!(attribution.method, Method::Walks { orders: 14 });
        let value = |made: &[bool]| 8 * i64::from(made[0] && made[1]) + 3 * i64::from(made[2]);
        let parts = parts(&attribution, value);
        assert_eq!(parts[..3], [4, 4, 3].map(|part| part * attribution.divisor));
        assert!(parts[3..].iter().all(|part| *part == 0));
    }
}
