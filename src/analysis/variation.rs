//! One thing changed in a register, everything else and every other draw left as it was.
//!
//! In: a register, a seed and what to change. Out: the program to run beside the unchanged one, on common random
//! numbers.

use crate::program::Program;
use crate::register::{Node, QuantityId, Register};

/// One thing changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Variation {
    /// The draw of this path is this number, on all of its occasions. Members of its correlated group stay as they are.
    Pinned(String, f64),
    /// The shared driver of this path is this value of its standard normal variable.
    Held(String, f64),
    /// The draw or driver of this path comes from another seed.
    Redrawn(String),
    /// The risk of this index surely occurs wherever its condition holds, or surely does not.
    Risk(usize, bool),
    /// The background process of this index has no events.
    Silenced(usize),
    /// The unit of this pool and index surely works, or surely does not.
    Unit(usize, usize, bool),
}

/// What tells the seed of a variable that is drawn again from the seed of the run: the letters "redrawn".
const REDRAWN: u64 = u64::from_be_bytes(*b"redrawn\0");

impl Variation {
    /// The program of a register with this change.
    pub fn program(&self, register: &Register, seed: u64) -> Program {
        let plain = || Program::lower(register.clone(), seed);
        match self {
            Self::Pinned(path, value) => match register.pinned(path, *value) {
                Some(register) => Program::lower(register, seed),
                None => plain(),
            },
            Self::Held(path, z) => plain().driver_held(path, *z).unwrap_or_else(plain),
            Self::Redrawn(path) => plain().redrawn(path, seed ^ REDRAWN).unwrap_or_else(plain),
            Self::Risk(risk, occurs) => {
                let constant = if *occurs { 1.0 } else { 0.0 };
                changed(register, seed, constant, |register, id| register.risks[*risk].probability = id)
            }
            Self::Silenced(process) => {
                changed(register, seed, 0.0, |register, id| register.processes[*process].rate = id)
            }
            Self::Unit(pool, unit, works) => {
                let constant = if *works { 1.0 } else { 0.0 };
                changed(register, seed, constant, |register, id| register.pools[*pool].units[*unit].works = id)
            }
        }
    }
}

/// A register with a new constant put in place somewhere.
fn changed(register: &Register, seed: u64, constant: f64, put: impl Fn(&mut Register, QuantityId)) -> Program {
    let mut register = register.clone();
    let id = register.quantities.push(Node::Constant(constant));
    put(&mut register, id);
    Program::lower(register, seed)
}
