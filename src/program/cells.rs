//! Background events of a whole block, cell by cell: realised once, whichever lane, question or plan asks.
//!
//! In: a process (its streams, and its rate in every lane). Out: the events of a cell in every lane. What is realised
//! stays until other iterations are asked for; so plans that run the same iterations one after another, and share this
//! memory, share the events of all processes whose rates are the same number by number.

use super::lanes;
use crate::distribution::poisson_quantile_from;
use crate::random::Stream;

/// Length of a cell in days.
pub(super) const CELL_DAYS: f64 = 14.0;

/// The cells of a block.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    /// The iterations: the first, and how many.
    of: (u64, usize),
    realised: Vec<Realised>,
    /// How many of these hold something; the others are memory.
    used: usize,
    /// What lanes are asked about at present.
    asked: Option<Asked>,
    /// Uniform numbers, while they are used.
    uniform: Vec<f64>,
}

/// A process and the cells that lanes are asked about.
#[derive(Debug, Clone)]
struct Asked {
    process: usize,
    realised: usize,
    first: i64,
    /// Places of its cells, from the first on.
    places: Vec<usize>,
}

/// What is realised of a process.
#[derive(Debug, Clone, Default)]
struct Realised {
    streams: Option<(Stream, Stream)>,
    /// Its rate, lane by lane.
    rates: Vec<f64>,
    /// Probability of no event in a cell.
    none: Vec<f64>,
    cells: Vec<Cell>,
    used: usize,
}

/// The events of a cell.
#[derive(Debug, Clone, Default)]
struct Cell {
    number: i64,
    /// Where the events of each lane end.
    ends: Vec<u32>,
    /// Days of the events from day 0, lane by lane.
    days: Vec<f64>,
}

impl Cells {
    /// Realises the cells from one to another in every lane; until [`Cells::forget`] they are what is asked about.
    pub(super) fn ask(
        &mut self,
        (process, streams): (usize, (Stream, Stream)),
        (first_iteration, rates): (u64, &[f64]),
        (epoch, first, last): (i64, i64, i64),
    ) {
        let of = (first_iteration, rates.len());
        if self.of != of {
            (self.of, self.used) = (of, 0);
        }
        let same = |r: &Realised| r.streams == Some(streams) && same_bits(&r.rates, rates);
        let place = self.realised[..self.used].iter().position(same).unwrap_or_else(|| {
            let place = self.used;
            self.used += 1;
            if self.realised.len() == place {
                self.realised.push(Realised::default());
            }
            self.realised[place].begin(streams, rates);
            place
        });
        let mut asked = self.asked.take().unwrap_or(Asked { process, realised: place, first, places: Vec::new() });
        (asked.process, asked.realised, asked.first) = (process, place, first);
        asked.places.clear();
        for cell in first..=last {
            let place = self.realised[place].cell(cell, epoch, first_iteration, &mut self.uniform);
            asked.places.push(place);
        }
        self.asked = Some(asked);
    }

    /// Nothing is asked about any more.
    pub(super) fn forget(&mut self) {
        if let Some(asked) = &mut self.asked {
            asked.places.clear();
        }
    }

    /// Whether all cells from one to another are asked about.
    #[inline]
    pub(super) fn cover(&self, process: usize, first: i64, last: i64) -> bool {
        self.asked.as_ref().is_some_and(|asked| {
            asked.process == process && first >= asked.first && last < asked.first + asked.places.len() as i64
        })
    }

    /// Which events of a lane a cell has, if it is one that is asked about: where it is, and their places in it.
    #[inline]
    pub(super) fn of(&self, process: usize, cell: i64, lane: usize) -> Option<(usize, std::ops::Range<usize>)> {
        let asked = self.asked.as_ref().filter(|asked| asked.process == process)?;
        let place = *asked.places.get(usize::try_from(cell - asked.first).ok()?)?;
        let ends = &self.realised[asked.realised].cells[place].ends;
        let begin = if lane == 0 { 0 } else { ends[lane - 1] };
        Some((place, begin as usize..ends[lane] as usize))
    }

    /// The day of an event of a cell that is asked about.
    #[inline]
    pub(super) fn day(&self, cell: usize, event: usize) -> f64 {
        self.asked.as_ref().map_or(f64::NAN, |asked| self.realised[asked.realised].cells[cell].days[event])
    }
}

impl Realised {
    fn begin(&mut self, streams: (Stream, Stream), rates: &[f64]) {
        self.streams = Some(streams);
        self.used = 0;
        for slot in [&mut self.rates, &mut self.none] {
            slot.clear();
            slot.extend_from_slice(rates);
        }
        lanes::exp_of_multiple(&mut self.none, -CELL_DAYS);
    }

    /// The place of a cell, realised now unless it is already.
    fn cell(&mut self, number: i64, epoch: i64, first_iteration: u64, uniform: &mut Vec<f64>) -> usize {
        if let Some(place) = self.cells[..self.used].iter().position(|cell| cell.number == number) {
            return place;
        }
        let Some((count, time)) = self.streams else { return 0 };
        let place = self.used;
        self.used += 1;
        if self.cells.len() == place {
            self.cells.push(Cell::default());
        }
        let cell = &mut self.cells[place];
        cell.number = number;
        cell.ends.clear();
        cell.days.clear();
        uniform.resize(self.rates.len(), 0.0);
        count.at(number.cast_unsigned()).fill_uniform(first_iteration, uniform);
        let times = Times::new(time, number, epoch);
        for (lane, (u, (rate, none))) in uniform.iter().zip(self.rates.iter().zip(&self.none)).enumerate() {
            for k in 0..u64::from(poisson_quantile_from(*u, rate * CELL_DAYS, *none)) {
                cell.days.push(times.day(k, first_iteration + lane as u64));
            }
            cell.ends.push(cell.days.len() as u32);
        }
        place
    }
}

/// When the events of a cell are.
pub(super) struct Times {
    stream: Stream,
    cell: f64,
    offset: f64,
}

impl Times {
    pub(super) fn new(time: Stream, cell: i64, epoch: i64) -> Self {
        Self { stream: time.at(cell.cast_unsigned()), cell: cell as f64, offset: epoch as f64 }
    }

    /// The day of the k-th event in an iteration, in days from day 0.
    #[inline]
    pub(super) fn day(&self, k: u64, iteration: u64) -> f64 {
        (self.cell + self.stream.at(k).uniform(iteration)) * CELL_DAYS - self.offset
    }
}

fn same_bits(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a.to_bits() ^ b.to_bits())) == 0
}
