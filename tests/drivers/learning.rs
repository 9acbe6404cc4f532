//! The value of learning against a closed form.

use golive::analysis::drivers::{Asked, value_of_learning};
use golive::random::Stream;

use super::{found, scenario};
use crate::check::Check;

const N: u64 = 200_000;

/// What the best rule gains that chooses by sixteenths of p's distribution: the plan with the slip of known probability
/// where p is above 0.3125 (of the exact rule, above 0.3, the bins miss 0.00016).
const GAIN: f64 = 0.9 * (0.1875 * 0.1875 / 2.0 + 0.1875 * 0.0125) / 0.5;

/// Its standard error: plans are drawn apart, so that an iteration of such a bin gains 1 if the slip alone happens and
/// loses 1 if the known one alone does.
fn error(n: f64) -> f64 {
    // E over p in (0.3125, 0.5): p·0.7 + (1 − p)·0.3 = 0.3 + 0.4·p, with W = no other slip.
    let (width, mean) = (0.1875 / 0.5, (0.3125 + 0.5) / 2.0);
    let square = 0.9 * width * (0.3 + 0.4 * mean);
    ((square - GAIN * GAIN) / n).sqrt()
}

#[test]
fn learning_an_unknown_probability_for_the_choice_between_two_plans() {
    let (open, settled) = (scenario("learning", "open"), scenario("learning", "settled"));
    let found = found(&open, &[open.clone(), settled], Asked::Live, N, 4000, 10);
    let learning = found.learning.expect("two plans to choose between");
    assert_eq!(learning.best, "open");
    let of = |path: &str| learning.inputs.iter().find(|l| l.input == path).expect(path);
    let slip = of("risks.slip.probability");
    let check = |exact: f64| Check::figure("value of learning p", slip.value.estimate, exact, error(N as f64));
    check(GAIN).holds();
    assert!((slip.value.standard_error / error(N as f64) - 1.0).abs() < 0.05);
    assert_eq!(slip.plans, ["open", "settled"]);
    // The bin that p = 0.3 lies in may go either way.
    assert!(slip.p_other_plan > 0.37 && slip.p_other_plan < 0.4375 + 0.005, "{slip:?}");
    // Its rank, and the value of what cannot change the choice.
    assert_eq!(learning.inputs[0].input, "risks.slip.probability");
    assert_eq!(of("risks.other.probability").value.estimate, 0.0);
    // Everything at once is worth what p is: 0.9 · 0.04. Pulled worlds keep the shape of their noise.
    let everything = learning.everything.expect("worlds were run");
    assert!((everything - 0.036).abs() < 0.006, "{everything}");
    // Planted: a plan chosen by what is likelier late.
    check(-GAIN).is_refused();
    // Planted: the gain with the other slip forgotten.
    check(GAIN / 0.9 / 0.9).is_refused();
}

/// Two plans that are equally good, whatever u: chosen and judged on the same iterations they would seem worth learning
/// about.
#[test]
fn noise_is_worth_nothing() {
    let n = 50_000_u64;
    let draws = |id: &str| -> Vec<f64> { (0..n).map(|t| Stream::new(super::SEED, id).uniform(t)).collect() };
    let u = draws("u");
    let plan = |id: &str| -> Vec<f64> { draws(id).into_iter().map(|v| f64::from(u8::from(v < 0.5))).collect() };
    const PLANS: usize = 8;
    let benefits: Vec<Vec<f64>> = (0..PLANS).map(|p| plan(&format!("plan {p}"))).collect();
    let ids: Vec<String> = (0..PLANS).map(|p| p.to_string()).collect();
    let learning = value_of_learning("u", &u, &benefits, &ids).expect("enough");
    // At most the difference of two draws in every iteration: variance ½.
    let error = (0.5 / n as f64).sqrt();
    assert!(learning.value.estimate < 4.6 * error, "{learning:?}");
    // Planted: the best of each of 16 bins, judged by itself. The greatest of eight normals has variance 0.373.
    let mut sums = vec![[0.0; PLANS]; 16];
    for (t, u) in u.iter().enumerate() {
        (0..PLANS).for_each(|p| sums[(u * 16.0) as usize][p] += benefits[p][t]);
    }
    let best = |sums: [f64; PLANS]| sums.into_iter().fold(0.0, f64::max);
    let all = sums.iter().fold([0.0; PLANS], |all, bin| std::array::from_fn(|p| all[p] + bin[p]));
    let naive = (sums.into_iter().map(best).sum::<f64>() - best(all)) / n as f64;
    Check::figure("chosen and judged on the same", naive, 0.0, (0.373 * 0.25 / n as f64).sqrt()).is_refused();
}
