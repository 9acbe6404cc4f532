//! Addressed randomness: every draw has an address, and the address decides its bits.
//!
//! In: a seed, the variable's own id, an occasion (an attempt, a scope item, the day number of a
//! window) and an iteration. Out: 64 random bits, a uniform number in the open interval (0, 1), or
//! a generator for samplers that take one.
//!
//! No state is carried from one draw to the next. Therefore the same bits come out for any number
//! of threads, block size or order of the file; adding a risk changes no other draw; plans are
//! compared on common random numbers; and any iteration can be replayed on its own.
//!
//! ```
//! use golive::random::Stream;
//!
//! let occurs = Stream::new(2021, "risks.R07.occurs");
//! let second_attempt = occurs.at(2);
//!
//! // Iteration 41 is 41 whether drawn alone or in a block of any length.
//! let mut block = [0.0; 8];
//! second_attempt.fill_uniform(40, &mut block);
//! assert_eq!(block[1], second_attempt.uniform(41));
//! assert!(0.0 < block[1] && block[1] < 1.0);
//! ```
//!
//! # Method
//!
//! | step | function | cost | source |
//! |---|---|---|---|
//! | (seed, id) → key of 128 bits | SipHash-2-4-128 | once per variable | Aumasson and Bernstein, 2012 |
//! | (key, occasion) → key | two 64-bit mixers, one per word | a few ns | Evensen, 2019; Steele and Vigna, 2021 |
//! | (key, iteration) → 64 bits | SplitMix64 on a counter, keyed twice | about 1 ns or less | Steele, Lea and Flood, 2014 |
//!
//! The key has two words on purpose. A counter generator whose key only moves its starting point
//! has one sequence, and its streams are shifted copies of each other; here the second word enters
//! between the two rounds of the mixer and makes each stream a function of its own.
//!
//! The method is part of what golive promises: published results cite a seed. A change to any
//! constant here changes every result, so known answers are pinned by tests, and a new method
//! would need a new name in [`Stream::new`]'s key.
//!
//! A stream can also be *placed* ([`Stream::placed`]): its uniform numbers are then points of a scrambled Sobol sequence
//! or of a Latin hypercube, addressed in the same way; its occasions stay random.
//!
//! # Limits
//!
//! - Not for secrets. Neither the mixers nor the outputs resist an adversary.
//! - A stream is a permutation of the 2⁶⁴ iterations: its 64-bit words never repeat, where truly
//!   random words would be expected to after about 2³² draws. [`Stream::uniform`] keeps 52 bits.
//! - Two streams are tied to one another if the first words of their keys agree. Among ten million
//!   streams (10,000 variables on 1,000 occasions) the chance that any two do is 3 × 10⁻⁶.

mod addressed;
mod identity;
mod latin_hypercube;
mod placement;
mod sobol;
mod stream;

pub use addressed::AddressedRng;
pub use placement::{PointSet, Sampler, UnevenIterations};
pub use stream::Stream;
