//! Background events of a whole block, cell by cell: realised once, whichever lane, question or plan asks.
//!
//! In: whose events (streams, and a rate in every lane). Out: the events of a cell in every lane, and the lanes that have
//! one in a span. What is realised stays until other iterations are asked for; so plans that run the same iterations one
//! after another, and share this memory, share the events of all processes whose rates are the same number by number.

use super::process::Span;
use super::{Mask, lanes};
use crate::distribution::poisson_quantile_from;
use crate::random::Stream;

/// Length of a cell in days.
pub(super) const CELL_DAYS: f64 = 14.0;

/// The cells of a block.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    /// The iterations: their world, the first, and how many.
    of: (Option<u64>, u64, usize),
    realised: Vec<Realised>,
    /// How many of these hold something; the others are memory.
    used: usize,
    /// Uniform numbers, while they are used.
    uniform: Vec<f64>,
}

/// Where a cell is: among what is realised of which process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    realised: usize,
    cell: usize,
}

/// What is realised of a process.
#[derive(Debug, Clone)]
struct Realised {
    streams: (Stream, Stream),
    /// Its rate, lane by lane.
    rates: Vec<f64>,
    /// Probability of no event in a cell.
    none: Vec<f64>,
    cells: Vec<Cell>,
    used: usize,
    /// The lanes that have an event in a span, where that was asked for.
    had: Vec<(Span, Mask)>,
}

/// The events of a cell.
#[derive(Debug, Clone, Default)]
struct Cell {
    number: i64,
    /// Where the events of each lane end.
    ends: Vec<u32>,
    /// Days of the events from day 0, lane by lane, and their lanes.
    days: Vec<f64>,
    lanes: Vec<u16>,
    /// Times to restore of the events, by the place of their number and what addresses it.
    restored: Vec<((u32, u64), Vec<f64>)>,
}

impl Cells {
    /// What is realised of a process that is addressed by two streams, at a rate in every lane, in the iterations of a world
    /// from the first on.
    pub(super) fn realise(
        &mut self,
        streams: (Stream, Stream),
        (world, first_iteration): (Option<u64>, u64),
        rates: &[f64],
    ) -> usize {
        let of = (world, first_iteration, rates.len());
        if self.of != of {
            (self.of, self.used) = (of, 0);
        }
        let same = |r: &Realised| r.streams == streams && same_bits(&r.rates, rates);
        self.realised[..self.used].iter().position(same).unwrap_or_else(|| {
            let place = self.used;
            self.used += 1;
            if self.realised.len() == place {
                self.realised.push(Realised::new(streams));
            }
            self.realised[place].begin(streams, rates);
            place
        })
    }

    /// What its events in a lane are addressed by, and their rate.
    pub(super) fn source(&self, realised: usize, lane: usize) -> ((Stream, Stream), f64) {
        (self.realised[realised].streams, self.realised[realised].rates[lane])
    }

    /// Where one of its cells is, realised now unless it is already.
    pub(super) fn cell(&mut self, realised: usize, number: i64, epoch: i64) -> Place {
        let cell = self.realised[realised].cell(number, epoch, self.of.1, &mut self.uniform);
        Place { realised, cell }
    }

    /// How many events a cell has, in all lanes.
    pub(super) fn events(&self, place: Place) -> usize {
        self.realised[place.realised].cells[place.cell].days.len()
    }

    /// Lane and day of one of them.
    #[inline]
    pub(super) fn event(&self, place: Place, event: usize) -> (usize, f64) {
        let cell = &self.realised[place.realised].cells[place.cell];
        (usize::from(cell.lanes[event]), cell.days[event])
    }

    /// Which it is of the events of its lane in the cell.
    #[inline]
    pub(super) fn place_in_lane(&self, place: Place, event: usize) -> u64 {
        let cell = &self.realised[place.realised].cells[place.cell];
        let lane = usize::from(cell.lanes[event]);
        let before = if lane == 0 { 0 } else { cell.ends[lane - 1] };
        event as u64 - u64::from(before)
    }

    /// Which list of times to restore of a cell is that of a number and its address, if it is drawn.
    pub(super) fn restored(&self, place: Place, by: (u32, u64)) -> Option<usize> {
        self.realised[place.realised].cells[place.cell].restored.iter().position(|(of, _)| *of == by)
    }

    /// Keeps such a list.
    pub(super) fn keep_restored(&mut self, place: Place, by: (u32, u64), days: Vec<f64>) -> usize {
        let restored = &mut self.realised[place.realised].cells[place.cell].restored;
        restored.push((by, days));
        restored.len() - 1
    }

    /// The time to restore of an event by such a list.
    #[inline]
    pub(super) fn restore_days(&self, place: Place, restored: usize, event: usize) -> f64 {
        self.realised[place.realised].cells[place.cell].restored[restored].1[event]
    }

    /// The lanes that have an event in a span.
    pub(super) fn had(&mut self, realised: usize, span: Span, epoch: i64) -> Mask {
        let about = &mut self.realised[realised];
        if let Some((_, had)) = about.had.iter().find(|(of, _)| *of == span) {
            return *had;
        }
        let mut had = Mask::NONE;
        for number in span.cells() {
            let place = about.cell(number, epoch, self.of.1, &mut self.uniform);
            let cell = &about.cells[place];
            for (lane, day) in cell.lanes.iter().zip(&cell.days) {
                if span.holds(*day) {
                    had.set(usize::from(*lane));
                }
            }
        }
        about.had.push((span, had));
        had
    }
}

impl Realised {
    fn new(streams: (Stream, Stream)) -> Self {
        let (rates, none, cells, had) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { streams, rates, none, cells, used: 0, had }
    }

    fn begin(&mut self, streams: (Stream, Stream), rates: &[f64]) {
        self.streams = streams;
        self.used = 0;
        self.had.clear();
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
        let (count, time) = self.streams;
        let place = self.used;
        self.used += 1;
        if self.cells.len() == place {
            self.cells.push(Cell::default());
        }
        let cell = &mut self.cells[place];
        cell.number = number;
        cell.ends.clear();
        cell.days.clear();
        cell.lanes.clear();
        cell.restored.clear();
        uniform.resize(self.rates.len(), 0.0);
        count.at(number.cast_unsigned()).fill_uniform(first_iteration, uniform);
        let times = Times::new(time, number, epoch);
        for (lane, (u, (rate, none))) in uniform.iter().zip(self.rates.iter().zip(&self.none)).enumerate() {
            for k in 0..u64::from(poisson_quantile_from(*u, rate * CELL_DAYS, *none)) {
                cell.days.push(times.day(k, first_iteration + lane as u64));
                cell.lanes.push(lane as u16);
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
