//! Kernels over many numbers at once, compiled several times and chosen when the program runs.
//!
//! In: a `Kernel`, written once over the operations of `Simd`. Out: the same bits on every processor, at the speed
//! of the one at hand. A kernel is compiled for AVX-512 (eight lanes of 64 bits), for AVX2 (four), and for none of
//! them (one lane; the compiler may pair them). Only operations that IEEE 754 defines to the last bit are offered (add,
//! subtract, multiply, divide, square root, comparison, integers, tables), and none is ever fused. So the choice
//! changes no result, and one lane of the portable instance is the scalar function that goes with a kernel.
//!
//! `GOLIVE_VECTOR=portable`, `avx2` or `avx512` in the environment asks for a narrower instruction set than there is.
//!
//! | file | holds |
//! |---|---|
//! | `simd` | the operations, and the portable instance |
//! | `x86` | the instances for AVX2 and AVX-512: the only unsafe code of the crate |
//! | `normal`, `normal_tail` | Φ⁻¹, and its polynomials in the tails |
//! | `root_phi` | √Φ, which the triangular quantile of Φ(z) is made of, and with it Φ |
//! | `hazard` | −ln Φ(−z) and its logarithm, which exponential and Weibull quantiles of Φ(z) are made of |
//! | `elementary` | exp and ln |

mod elementary;
mod hazard;
mod normal;
mod normal_tail;
mod root_phi;
mod simd;
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "vector instructions, after the processor was asked whether it has them")]
mod x86;

use std::sync::OnceLock;

pub(crate) use elementary::{EXP_END, exp, exps, ln, lns};
pub(crate) use hazard::{END as HAZARD_END, ln_normal_hazards, normal_hazards};
pub(crate) use normal::{Given, Lower, NormalQuantiles, Smaller, normal_quantile, normal_quantiles, smaller};
pub(crate) use root_phi::{END as ROOT_PHI_END, RootPhi, SmallerTail, root_phi, small_tail, small_tails};
pub(crate) use simd::{Scalar, Simd};

/// An instruction set that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing but what every processor of the target has.
    Portable,
    /// AVX2: four lanes of 64 bits.
    Avx2,
    /// AVX-512 F and DQ: eight lanes of 64 bits.
    Avx512,
}

impl Level {
    /// The name that `GOLIVE_VECTOR` knows it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Portable => "portable",
            Level::Avx2 => "avx2",
            Level::Avx512 => "avx512",
        }
    }

    /// The levels that this processor has, narrowest first.
    #[must_use]
    pub fn available() -> Vec<Level> {
        let all = [Level::Portable, Level::Avx2, Level::Avx512];
        all.into_iter().filter(|level| Instance::of(*level).is_some()).collect()
    }

    /// The level that kernels run at: the widest there is, or the one that the environment asks for if there is that.
    #[must_use]
    pub fn chosen() -> Level {
        match chosen() {
            Instance::Portable => Level::Portable,
            #[cfg(target_arch = "x86_64")]
            Instance::Avx2(_) => Level::Avx2,
            #[cfg(target_arch = "x86_64")]
            Instance::Avx512(_) => Level::Avx512,
        }
    }
}

/// A level, with the proof that the processor has it.
#[derive(Clone, Copy)]
enum Instance {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2(x86::Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512(x86::Avx512),
}

impl Instance {
    fn of(level: Level) -> Option<Self> {
        match level {
            Level::Portable => Some(Self::Portable),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => x86::Avx2::detect().map(Self::Avx2),
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => x86::Avx512::detect().map(Self::Avx512),
            #[cfg(not(target_arch = "x86_64"))]
            _ => None,
        }
    }

    #[inline]
    fn run<K: Kernel>(self, kernel: K) -> K::Output {
        match self {
            Self::Portable => kernel.run(Scalar),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(s) => s.run(kernel),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(s) => s.run(kernel),
        }
    }
}

/// The instance chosen for this process, once.
#[inline]
fn chosen() -> Instance {
    static CHOSEN: OnceLock<Instance> = OnceLock::new();
    *CHOSEN.get_or_init(|| {
        let available = Level::available();
        let asked = std::env::var("GOLIVE_VECTOR").ok();
        let asked = asked.and_then(|name| available.iter().copied().find(|level| level.name() == name));
        asked.or(available.last().copied()).and_then(Instance::of).unwrap_or(Instance::Portable)
    })
}

/// A computation over many numbers, written once for every instruction set.
///
/// `run` and everything it calls must be `#[inline(always)]`, and loops count by hand: what is not inlined, such as the
/// adapters of iterators may be, is compiled for no vector instructions at all, and is merely slow.
pub(crate) trait Kernel {
    /// What it gives.
    type Output;
    /// Does it, with the operations of `s`.
    fn run<S: Simd>(self, s: S) -> Self::Output;
}

/// A function of one number, written for several vectors side by side.
pub(crate) trait Lanewise: Copy {
    /// Whether it reads tables by rows, which fills the registers that there are.
    const BY_ROWS: bool = false;
    /// Whether eight vectors of it go into the registers of AVX-512.
    const LIGHT: bool = false;
    /// Its values.
    fn at<S: Simd, const K: usize>(self, s: S, x: [S::F; K]) -> [S::F; K];
}

/// Replaces every number by a function of it.
#[inline(always)]
pub(crate) fn map<S: Simd, L: Lanewise>(s: S, x: &mut [f64], function: L) {
    let narrow = L::BY_ROWS && S::LANES < 8;
    let mut at = if narrow { 0 } else { map_by::<S, L, 4>(s, x, function) };
    at += map_by::<S, L, 1>(s, &mut x[at..], function);
    map_by::<Scalar, L, 1>(Scalar, &mut x[at..], function);
}

/// The same, `K` vectors at a time; how many numbers that settles.
#[inline(always)]
fn map_by<S: Simd, L: Lanewise, const K: usize>(s: S, x: &mut [f64], function: L) -> usize {
    let step = K * S::LANES;
    let mut at = 0;
    while at + step <= x.len() {
        let part = &mut x[at..at + step];
        let mut values = [s.splat(0.0); K];
        let mut k = 0;
        while k < K {
            values[k] = s.load(&part[k * S::LANES..]);
            k += 1;
        }
        let values = function.at(s, values);
        let mut k = 0;
        while k < K {
            s.store(&mut part[k * S::LANES..], values[k]);
            k += 1;
        }
        at += step;
    }
    at
}

/// A function that its kernel gives for most numbers; for the few others it is computed one by one.
pub(crate) trait Guarded: Lanewise {
    /// Where the kernel holds.
    fn holds<S: Simd>(self, s: S, x: S::F) -> S::M;
    /// The function elsewhere.
    fn beyond(self, x: f64) -> f64;
}

/// What a function is taken of, from the number that is there and its place.
pub(crate) trait Source: Copy {
    /// It.
    fn of<S: Simd>(&self, s: S, at: usize, x: S::F) -> S::F;
}

/// The number that is there.
#[derive(Clone, Copy)]
pub(crate) struct Own;

impl Source for Own {
    #[inline(always)]
    fn of<S: Simd>(&self, _: S, _: usize, x: S::F) -> S::F {
        x
    }
}

/// weight · shared number of the place + own weight · number that is there.
#[derive(Clone, Copy, Debug)]
pub struct Weighted<'a> {
    /// Weight of the shared numbers.
    pub weight: f64,
    /// They.
    pub shared: &'a [f64],
    /// Weight of the number that is there.
    pub own_weight: f64,
}

impl Source for Weighted<'_> {
    #[inline(always)]
    fn of<S: Simd>(&self, s: S, at: usize, x: S::F) -> S::F {
        s.splat(self.weight) * s.load(&self.shared[at..]) + s.splat(self.own_weight) * x
    }
}

/// [`map`] for a function with exceptions.
#[inline(always)]
pub(crate) fn map_guarded<S: Simd, L: Guarded, X: Source>(s: S, x: &mut [f64], function: L, source: X) {
    let narrow = L::BY_ROWS && S::LANES < 8;
    let at = if L::LIGHT && S::LANES == 8 { map_guarded_by::<S, L, X, 8>(s, x, 0, function, source) } else { 0 };
    let at = if narrow { at } else { map_guarded_by::<S, L, X, 4>(s, x, at, function, source) };
    let at = map_guarded_by::<S, L, X, 1>(s, x, at, function, source);
    map_guarded_by::<Scalar, L, X, 1>(Scalar, x, at, function, source);
}

/// The same from a place on, `K` vectors at a time; where that ends.
#[inline(always)]
fn map_guarded_by<S: Simd, L: Guarded, X: Source, const K: usize>(
    s: S,
    x: &mut [f64],
    from: usize,
    function: L,
    source: X,
) -> usize {
    let step = K * S::LANES;
    let mut at = from;
    while at + step <= x.len() {
        let part = &mut x[at..at + step];
        let mut asked = [s.splat(0.0); K];
        let (mut holds, mut k) = (0, 0);
        while k < K {
            asked[k] = source.of(s, at + k * S::LANES, s.load(&part[k * S::LANES..]));
            holds |= s.mask_bits(function.holds(s, asked[k])) << (k * S::LANES);
            k += 1;
        }
        let values = function.at(s, asked);
        let mut k = 0;
        while k < K {
            s.store(&mut part[k * S::LANES..], values[k]);
            k += 1;
        }
        let mut others = !holds & (u64::MAX >> (64 - step));
        if others != 0 {
            let mut numbers = [0.0; 64];
            let mut k = 0;
            while k < K {
                s.store(&mut numbers[k * S::LANES..], asked[k]);
                k += 1;
            }
            while others != 0 {
                let lane = others.trailing_zeros() as usize;
                others &= others - 1;
                part[lane] = function.beyond(numbers[lane]);
            }
        }
        at += step;
    }
    at
}

/// A function of one number that has exceptions, in the bits of [`map_guarded`].
#[inline]
pub(crate) fn one_guarded<L: Guarded>(x: f64, function: L) -> f64 {
    if function.holds(Scalar, x) { function.at(Scalar, [x])[0] } else { function.beyond(x) }
}

/// [`map`] as a kernel.
pub(crate) struct Map<'a, L>(pub &'a mut [f64], pub L);

impl<L: Lanewise> Kernel for Map<'_, L> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        map(s, self.0, self.1);
    }
}

/// [`map_guarded`] as a kernel, of the numbers that are there.
pub(crate) struct MapGuarded<'a, L>(pub &'a mut [f64], pub L);

impl<L: Guarded> Kernel for MapGuarded<'_, L> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        map_guarded(s, self.0, self.1, Own);
    }
}

/// [`map_guarded`] as a kernel, of weighted sums.
pub(crate) struct MapWeighted<'a, L>(pub &'a mut [f64], pub L, pub Weighted<'a>);

impl<L: Guarded> Kernel for MapWeighted<'_, L> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        map_guarded(s, self.0, self.1, Weighted { shared: &self.2.shared[..self.0.len()], ..self.2 });
    }
}

impl Kernel for (&mut [f64], Weighted<'_>) {
    type Output = ();
    /// The weighted sums alone.
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let (x, source) = self;
        let mut at = 0;
        while at + S::LANES <= x.len() {
            let number = source.of(s, at, s.load(&x[at..]));
            s.store(&mut x[at..], number);
            at += S::LANES;
        }
        while at < x.len() {
            x[at] = source.of(Scalar, at, x[at]);
            at += 1;
        }
    }
}

/// Runs a kernel at the level chosen for this process.
#[inline]
pub(crate) fn run<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(test)]
    if let Some(level) = FORCED.get() {
        return run_at(level, kernel);
    }
    chosen().run(kernel)
}

#[cfg(test)]
thread_local! {
    static FORCED: std::cell::Cell<Option<Level>> = const { std::cell::Cell::new(None) };
}

/// What `test` gives at every level that the processor has, narrowest first.
#[cfg(test)]
pub(crate) fn at_every_level<T>(test: impl Fn() -> T) -> Vec<(Level, T)> {
    let one = |level| {
        FORCED.set(Some(level));
        let result = test();
        FORCED.set(None);
        (level, result)
    };
    Level::available().into_iter().map(one).collect()
}

/// Runs a kernel at a level that the processor has.
#[cfg(test)]
pub(crate) fn run_at<K: Kernel>(level: Level, kernel: K) -> K::Output {
    Instance::of(level).expect("an available level").run(kernel)
}
