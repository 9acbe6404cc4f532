//! The Shapley value: what each player adds, on average over all orders in which players can come.
//!
//! Source: L. S. Shapley (1953), "A value for n-person games", in: Contributions to the Theory of Games II, 307–317.
//! φᵢ = Σ over S without i of |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)). The values of all players add up to the value
//! of all of them together.

/// n!; n is small.
pub(super) fn factorial(n: usize) -> u64 {
    (1..=n as u64).product()
}

/// By how much, in units of 1/n!, the Shapley value of a player counts the value of each of the 2ⁿ sets of players.
pub(super) fn weights(n: usize, player: usize) -> Vec<i64> {
    (0..1usize << n)
        .map(|set| {
            let size = set.count_ones() as usize;
            let weight = |before: usize| (factorial(before) * factorial(n - before - 1)).cast_signed();
            if set >> player & 1 == 1 { weight(size - 1) } else { -weight(size) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition by orders: what the player adds when it comes, added up over all n! orders.
    fn by_orders(values: &[i64], n: usize, player: usize) -> i64 {
        fn go(values: &[i64], n: usize, player: usize, before: usize) -> i64 {
            let mut sum = 0;
            for next in (0..n).filter(|next| before >> next & 1 == 0) {
                let after = before | 1 << next;
                if next == player {
                    let orders = factorial(n - after.count_ones() as usize).cast_signed();
                    sum += orders * (values[after] - values[before]);
                } else {
                    sum += go(values, n, player, after);
                }
            }
            sum
        }
        go(values, n, player, 0)
    }

    #[test]
    fn weights_are_those_of_all_orders() {
        for n in 1..=6 {
            let values: Vec<i64> = (0..1i64 << n).map(|s| (s * 7919 + 13) % 101 - 40).collect();
            let value = |player: usize| weights(n, player).iter().zip(&values).map(|(w, v)| w * v).sum::<i64>();
            for player in 0..n {
                assert_eq!(value(player), by_orders(&values, n, player), "{n} {player}");
            }
            let all: i64 = (0..n).map(value).sum();
            assert_eq!(all, factorial(n).cast_signed() * (values[(1 << n) - 1] - values[0]), "{n}");
        }
    }

    #[test]
    fn a_published_game() {
        // The glove game: one left glove (player 0), two right ones: 4/6, 1/6, 1/6.
        let value = |s: i64| i64::from(s & 1 == 1 && s & 6 != 0);
        let share = |player| (0i64..8).zip(weights(3, player)).map(|(s, w)| w * value(s)).sum::<i64>();
        assert_eq!([0, 1, 2].map(share), [4, 1, 1]);
    }
}
