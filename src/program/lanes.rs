//! Straight passes over slots: what a block does in every lane at once.
//!
//! In: slots, which are slices with one number a lane. Out: slots, the same bits on every processor. They are public so
//! that each can be timed alone, beside the whole they are parts of (`benches/profile.rs`).

use super::{MAX_LANES, Mask};
use crate::math::vector::{self, Guarded, Kernel, Lanewise, MapGuarded, Scalar, Simd};
use crate::random::Stream;

/// out = weight · slot + weight · slot, from 0 and in order.
pub fn weighted_sum(out: &mut [f64], [(a, x), (b, y)]: &[(f64, &[f64]); 2]) {
    vector::run(WeightedTwo { out, a: *a, x, b: *b, y });
}

/// out = out + weight · slot.
pub fn add_weighted(out: &mut [f64], weight: f64, slot: &[f64]) {
    vector::run(AddWeighted { out, weight, slot });
}

/// out = max(out, 0), where 0 stands for what is not a number.
pub fn keep_above_zero(out: &mut [f64]) {
    vector::run(KeepAboveZero { out });
}

/// out = max(out, slot), slot by slot in order.
pub fn latest<const N: usize>(out: &mut [f64], slots: [&[f64]; N]) {
    vector::run(Latest { out, slots });
}

/// An activity whose finish is max(duration, 0) + the latest of a time and of the finishes of up to three others.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The activity; its slot holds the duration, and then the finish.
    pub activity: usize,
    /// The time.
    pub not_before: f64,
    /// The others.
    pub after: [usize; 3],
    /// How many of them there are.
    pub links: usize,
}

/// Takes a step, in slots a `stride` apart; 0 stands for durations that are not a number.
pub fn finish(slots: &mut [f64], stride: usize, lanes: usize, step: &Step) {
    vector::run(Finish { slots, stride, lanes, step });
}

/// out = out + slot.
pub fn add(out: &mut [f64], slot: &[f64]) {
    vector::run(Add { out, slot });
}

/// out = out + slot in these lanes.
pub fn add_where(out: &mut [f64], slot: &[f64], mask: &Mask) {
    vector::run(Where { out, slot, mask, pass: Sum });
}

/// out = out · slot in these lanes.
pub fn multiply_where(out: &mut [f64], slot: &[f64], mask: &Mask) {
    vector::run(Where { out, slot, mask, pass: Product });
}

/// out = out + weight · slot in these lanes.
pub fn add_weighted_where(out: &mut [f64], weight: f64, slot: &[f64], mask: &Mask) {
    vector::run(Where { out, slot, mask, pass: WeightedSum(weight) });
}

/// The odds of probabilities multiplied by a factor in these lanes: f·p / (1 − p + f·p); certainty stays certain.
pub fn scale_odds_where(probability: &mut [f64], factor: &[f64], mask: &Mask) {
    vector::run(Where { out: probability, slot: factor, mask, pass: ScaledOdds });
}

/// The odds of one probability multiplied by a factor, in the bits of [`scale_odds_where`].
#[inline]
pub fn scale_odds(p: f64, factor: f64) -> f64 {
    ScaledOdds.of(Scalar, p, factor)
}

/// What a pass makes of the number that is there and that of a slot.
trait Pass: Copy {
    fn of<S: Simd>(self, s: S, x: S::F, y: S::F) -> S::F;
}

#[derive(Clone, Copy)]
struct Sum;

impl Pass for Sum {
    #[inline(always)]
    fn of<S: Simd>(self, _: S, x: S::F, y: S::F) -> S::F {
        x + y
    }
}

#[derive(Clone, Copy)]
struct Product;

impl Pass for Product {
    #[inline(always)]
    fn of<S: Simd>(self, _: S, x: S::F, y: S::F) -> S::F {
        x * y
    }
}

#[derive(Clone, Copy)]
struct WeightedSum(f64);

impl Pass for WeightedSum {
    #[inline(always)]
    fn of<S: Simd>(self, s: S, x: S::F, y: S::F) -> S::F {
        x + s.splat(self.0) * y
    }
}

#[derive(Clone, Copy)]
struct ScaledOdds;

impl Pass for ScaledOdds {
    #[inline(always)]
    fn of<S: Simd>(self, s: S, p: S::F, factor: S::F) -> S::F {
        let scaled = factor * p;
        let sum = (s.splat(1.0) - p) + scaled;
        s.select(s.less(s.splat(0.0), sum), scaled / sum, p)
    }
}

/// A pass in some lanes.
struct Where<'a, P> {
    out: &'a mut [f64],
    slot: &'a [f64],
    mask: &'a Mask,
    pass: P,
}

impl<P: Pass> Kernel for Where<'_, P> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let (words, n) = (self.mask.words(), self.out.len());
        let mut at = 0;
        while at + S::LANES <= n {
            let (x, y) = (s.load(&self.out[at..]), s.load(&self.slot[at..]));
            let mask = s.mask_of_bits(words[at / 64] >> (at % 64));
            s.store(&mut self.out[at..], s.select(mask, self.pass.of(s, x, y), x));
            at += S::LANES;
        }
        while at < n {
            if self.mask.get(at) {
                self.out[at] = self.pass.of(Scalar, self.out[at], self.slot[at]);
            }
            at += 1;
        }
    }
}

/// The lanes in which a number is above a threshold.
pub fn above(slot: &[f64], threshold: f64) -> Mask {
    let mut mask = Mask::NONE;
    vector::run(Above { slot, threshold, mask: &mut mask });
    mask
}

struct Above<'a> {
    slot: &'a [f64],
    threshold: f64,
    mask: &'a mut Mask,
}

impl Kernel for Above<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let (words, n) = (self.mask.words_mut(), self.slot.len());
        let mut at = 0;
        while at + S::LANES <= n {
            let above = s.less(s.splat(self.threshold), s.load(&self.slot[at..]));
            words[at / 64] |= s.mask_bits(above) << (at % 64);
            at += S::LANES;
        }
        while at < n {
            words[at / 64] |= u64::from(self.threshold < self.slot[at]) << (at % 64);
            at += 1;
        }
    }
}

/// slot = e^(factor · slot).
pub fn exp_of_multiple(slot: &mut [f64], factor: f64) {
    vector::run(MapGuarded(slot, ExpOfMultiple(factor)));
}

#[derive(Clone, Copy)]
struct ExpOfMultiple(f64);

impl Lanewise for ExpOfMultiple {
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, mut x: [S::F; K]) -> [S::F; K] {
        let mut i = 0;
        while i < K {
            x[i] = s.splat(self.0) * x[i];
            i += 1;
        }
        vector::exps(s, x)
    }
}

impl Guarded for ExpOfMultiple {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, x: S::F) -> S::M {
        s.less(s.abs(s.splat(self.0) * x), s.splat(vector::EXP_END))
    }
    fn beyond(self, x: f64) -> f64 {
        crate::math::exp(self.0 * x)
    }
}

/// The numbers of a few lanes side by side, so that they are worked on like many.
#[derive(Debug, Clone)]
pub struct Few {
    lanes: Box<[u16; MAX_LANES]>,
    numbers: Box<[f64; MAX_LANES]>,
    count: usize,
}

impl Default for Few {
    fn default() -> Self {
        Self { lanes: Box::new([0; MAX_LANES]), numbers: Box::new([0.0; MAX_LANES]), count: 0 }
    }
}

impl Few {
    /// The uniform numbers of a stream in these lanes.
    pub fn draw(&mut self, lanes: Mask, stream: Stream, first: u64) {
        self.count = lanes.list(&mut self.lanes);
        stream.fill_uniform_at(first, &self.lanes[..self.count], &mut self.numbers[..]);
    }

    /// The numbers of a slot in these lanes.
    pub fn pick(&mut self, lanes: Mask, slot: &[f64]) {
        self.count = lanes.list(&mut self.lanes);
        for (number, lane) in self.numbers.iter_mut().zip(&self.lanes[..self.count]) {
            *number = slot[usize::from(*lane)];
        }
    }

    /// The numbers.
    pub fn numbers(&mut self) -> &mut [f64] {
        &mut self.numbers[..self.count]
    }

    /// Puts the numbers where their lanes are.
    pub fn put(&self, slot: &mut [f64]) {
        self.put_by(slot, |_, number| number);
    }

    /// Puts there what a function makes of the number that is there and the own one.
    #[inline]
    pub fn put_by(&self, slot: &mut [f64], of: impl Fn(f64, f64) -> f64) {
        for (number, lane) in self.numbers.iter().zip(&self.lanes[..self.count]) {
            let there = &mut slot[usize::from(*lane)];
            *there = of(*there, *number);
        }
    }
}

/// A pass whose kernel is one function of the lane's numbers.
macro_rules! pass {
    ($name:ident<$life:lifetime> { $out:ident $(, $slot:ident)* ; $($scalar:ident: $type:ty),* } => |$s:ident| $body:expr) => {
        struct $name<$life> {
            $out: &$life mut [f64],
            $($slot: &$life [f64],)*
            $($scalar: $type,)*
        }

        impl Kernel for $name<'_> {
            type Output = ();
            #[inline(always)]
            fn run<S: Simd>(self, s: S) {
                let Self { $out, $($slot,)* $($scalar,)* } = self;
                let n = $out.len();
                $(let $slot = &$slot[..n];)*
                let mut at = 0;
                while at + S::LANES <= n {
                    let value = {
                        let $s = s;
                        #[allow(unused_variables, reason = "not every pass reads what it writes")]
                        let $out = s.load(&$out[at..]);
                        $(let $slot = s.load(&$slot[at..]);)*
                        $body
                    };
                    s.store(&mut $out[at..], value);
                    at += S::LANES;
                }
                while at < n {
                    let value = {
                        let $s = Scalar;
                        #[allow(unused_variables, reason = "not every pass reads what it writes")]
                        let $out = Scalar.load(&$out[at..]);
                        $(let $slot = Scalar.load(&$slot[at..]);)*
                        $body
                    };
                    Scalar.store(&mut $out[at..], value);
                    at += 1;
                }
            }
        }
    };
}

pass!(WeightedTwo<'a> { out, x, y; a: f64, b: f64 } => |s| s.splat(0.0) + s.splat(a) * x + s.splat(b) * y);
pass!(AddWeighted<'a> { out, slot; weight: f64 } => |s| out + s.splat(weight) * slot);
pass!(KeepAboveZero<'a> { out; } => |s| s.max(out, s.splat(0.0)));
pass!(Add<'a> { out, slot; } => |s| { let _ = s; out + slot });

struct Latest<'a, const N: usize> {
    out: &'a mut [f64],
    slots: [&'a [f64]; N],
}

impl<const N: usize> Kernel for Latest<'_, N> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let n = self.out.len();
        let mut at = 0;
        while at + S::LANES <= n {
            let mut latest = s.load(&self.out[at..]);
            let mut k = 0;
            while k < N {
                latest = s.max(s.load(&self.slots[k][at..]), latest);
                k += 1;
            }
            s.store(&mut self.out[at..], latest);
            at += S::LANES;
        }
        while at < n {
            let mut k = 0;
            while k < N {
                self.out[at] = Scalar.max(self.slots[k][at], self.out[at]);
                k += 1;
            }
            at += 1;
        }
    }
}

struct Finish<'a> {
    slots: &'a mut [f64],
    stride: usize,
    lanes: usize,
    step: &'a Step,
}

impl Kernel for Finish<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(mut self, s: S) {
        match self.step.links {
            0 => self.after::<S, 0>(s),
            1 => self.after::<S, 1>(s),
            2 => self.after::<S, 2>(s),
            _ => self.after::<S, 3>(s),
        }
    }
}

impl Finish<'_> {
    #[inline(always)]
    fn after<S: Simd, const N: usize>(&mut self, s: S) {
        let whole = self.lanes - self.lanes % S::LANES;
        self.lanes_of::<S, N>(s, 0, whole);
        self.lanes_of::<Scalar, N>(Scalar, whole, self.lanes);
    }

    #[inline(always)]
    fn lanes_of<S: Simd, const N: usize>(&mut self, s: S, from: usize, to: usize) {
        let own = self.step.activity * self.stride;
        let mut at = from;
        while at < to {
            let mut latest = s.splat(self.step.not_before);
            let mut k = 0;
            while k < N {
                latest = s.max(s.load(&self.slots[self.step.after[k] * self.stride + at..]), latest);
                k += 1;
            }
            let duration = s.max(s.load(&self.slots[own + at..]), s.splat(0.0));
            s.store(&mut self.slots[own + at..], duration + latest);
            at += S::LANES;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_are_what_they_say_in_every_lane() {
        let slot = |seed: f64| -> Vec<f64> { (0..21).map(|i| (f64::from(i) * 7.3 + seed) % 5.0 - 2.0).collect() };
        let (x, y, z, w) = (slot(0.1), slot(1.7), slot(2.9), slot(4.4));
        let mut out = vec![9.0; 21];
        weighted_sum(&mut out, &[(0.5, &x), (-2.0, &y)]);
        assert!((0..21).all(|lane| out[lane] == 0.5 * x[lane] - 2.0 * y[lane]));
        add_weighted(&mut out, 3.0, &z);
        assert!((0..21).all(|lane| out[lane] == 0.5 * x[lane] - 2.0 * y[lane] + 3.0 * z[lane]));
        out.copy_from_slice(&x);
        keep_above_zero(&mut out);
        assert!((0..21).all(|lane| out[lane] == x[lane].max(0.0)));
        out.fill(0.5);
        latest(&mut out, [&x, &y, &z]);
        latest(&mut out, [&w]);
        let greatest = |lane: usize| [x[lane], y[lane], z[lane], w[lane]].into_iter().fold(0.5, f64::max);
        assert!((0..21).all(|lane| out[lane] == greatest(lane)));
        out.copy_from_slice(&x);
        add(&mut out, &y);
        assert!((0..21).all(|lane| out[lane] == x[lane] + y[lane]));
        out.copy_from_slice(&x);
        let some = Mask::where_true(21, |lane| lane % 3 == 1);
        add_where(&mut out, &y, &some);
        multiply_where(&mut out, &z, &some);
        assert!((0..21).all(|lane| out[lane] == if lane % 3 == 1 { (x[lane] + y[lane]) * z[lane] } else { x[lane] }));
        out.copy_from_slice(&x);
        add_weighted_where(&mut out, -1.5, &y, &some);
        assert!((0..21).all(|lane| out[lane] == if lane % 3 == 1 { x[lane] - 1.5 * y[lane] } else { x[lane] }));
        let mut slots = [x.clone(), y.clone(), z.clone(), w.clone()].concat();
        let step = |activity, after: [usize; 3], links| Step { activity, not_before: 0.2, after, links };
        for step in [step(1, [0; 3], 0), step(2, [1, 0, 0], 2), step(3, [2, 1, 0], 3), step(0, [3; 3], 1)] {
            finish(&mut slots, 21, 21, &step);
        }
        let second = |lane: usize| y[lane].max(0.0) + 0.2;
        let third = |lane: usize| z[lane].max(0.0) + 0.2_f64.max(second(lane)).max(x[lane]);
        let fourth = |lane: usize| w[lane].max(0.0) + third(lane).max(second(lane)).max(x[lane]);
        assert!((0..21).all(|lane| slots[21 + lane] == second(lane) && slots[42 + lane] == third(lane)));
        assert!((0..21).all(|lane| slots[63 + lane] == fourth(lane)));
        assert!((0..21).all(|lane| slots[lane] == x[lane].max(0.0) + fourth(lane).max(0.2)));
        let p = slot(0.1).into_iter().map(|x| (x + 2.0) / 5.0).chain([0.0, 1.0]).collect::<Vec<f64>>();
        let factor: Vec<f64> = (0..23).map(|i| f64::from(i % 4) * 1.5).collect();
        let (mut scaled, some) = (p.clone(), Mask::where_true(23, |lane| lane % 3 != 1));
        scale_odds_where(&mut scaled, &factor, &some);
        for lane in 0..23 {
            let odds = factor[lane] * p[lane] / (1.0 - p[lane]);
            let expected = if !some.get(lane) || p[lane] == 1.0 { p[lane] } else { odds / (1.0 + odds) };
            assert!((scaled[lane] - expected).abs() < 1e-15, "{lane}");
            assert!(!some.get(lane) || scaled[lane] == scale_odds(p[lane], factor[lane]));
        }
        let mask = above(&x, 0.3);
        assert!((0..21).all(|lane| mask.get(lane) == (x[lane] > 0.3)) && mask.without(Mask::first(21)).is_empty());
        out.copy_from_slice(&x);
        out[3] = 1e9;
        exp_of_multiple(&mut out, -1.5);
        assert!((0..21).all(|lane| lane == 3 || (out[lane] / crate::math::exp(-1.5 * x[lane]) - 1.0).abs() < 1e-15));
        assert_eq!(out[3], 0.0);
    }
}
