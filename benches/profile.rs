//! Where the nanoseconds of one iteration of the verification network go: each part alone, their sum, and the engine.
//!
//! `cargo bench --bench profile [-- ROUNDS]` prints Markdown. The parts are the kernels that the engine is made of, called
//! here one after another on slots laid out as the engine lays them out, part by part with a clock between them; together
//! they do the whole job, and their finish times are compared with the engine's, bit for bit. Draws are worked on few
//! slots at a time, so that they stay in the first cache, as they do in the engine, which takes one slot at a time. The
//! cost of reading the clock is measured and taken off. The engine runs the same iterations in the same round. So their
//! ratio holds on a busy machine, where single times do not.

#[allow(dead_code, reason = "this file needs some of its functions")]
mod networks;

use std::hint::black_box;
use std::time::Instant;

use golive::distribution::Distribution;
use golive::estimate::Moments;
use golive::math::drawn_normals;
use golive::math::vector::{Level, Weighted};
use golive::program::lanes::{self, Few, Step};
use golive::program::{Mask, Program, State};
use golive::random::Stream;
use golive::register::{Effect, Link, Node, QuantityId, Register};
use golive::simulate::{Histogram, Options, simulate};

use networks::{NETWORK_50, SEED, document, register};
use networks::{with_constant_durations, without_correlation, without_risks};

/// Blocks of a round; a round is one measurement of everything.
const BLOCKS: usize = 2048;

/// Rounds unless said otherwise.
const ROUNDS: usize = 9;

/// Slots that are worked on together.
const AT_ONCE: usize = 4;

/// The parts, in the order in which a block goes through them.
#[derive(Clone, Copy)]
enum Part {
    Uniforms,
    Normals,
    Durations,
    Occurrence,
    ImpactDraws,
    Impacts,
    Network,
    Tally,
}

/// Their names, and what is counted as one call.
const PARTS: [(&str, &str); 8] = [
    ("uniform numbers", "slot"),
    ("normal quantile", "slot"),
    ("copula, and triangular at a normal", "slot"),
    ("whether risks occur", "risk"),
    ("impacts drawn", "risk"),
    ("impacts applied", "activity hit"),
    ("network pass", "activity"),
    ("tally", "measure"),
];

/// A duration, or what a risk adds or multiplies by.
struct Drawn {
    stream: Stream,
    distribution: Distribution,
}

struct Risk {
    stream: Stream,
    probability: Vec<f64>,
    impact: Drawn,
    /// Whether it adds days; else it multiplies.
    adds: bool,
}

/// The network in its parts, with its slots.
struct Parts {
    lanes: usize,
    driver: Stream,
    durations: Vec<Drawn>,
    /// Loading on the driver, and the weight of the rest.
    weights: Vec<(f64, f64)>,
    risks: Vec<Risk>,
    /// Of each activity: risks that multiply, then risks that add.
    hits: Vec<(Vec<usize>, Vec<usize>)>,
    after: Vec<Vec<usize>>,
    /// How each activity is placed if it has few links.
    steps: Vec<Step>,
    /// The activity whose finish is reported, and its target.
    measured: usize,
    target: f64,
    shared: Vec<f64>,
    impacts: Vec<f64>,
    occurs: Vec<Mask>,
    start: Vec<f64>,
    finish: Vec<f64>,
    costs: Vec<f64>,
    few: Few,
    occurred: Vec<u64>,
    histogram: Histogram,
    moments: Moments,
    cost: Moments,
    by_target: u64,
    nanoseconds: [f64; PARTS.len()],
}

fn drawn(register: &Register, number: QuantityId) -> Drawn {
    match &register.quantities[number].node {
        Node::Draw(leaf) => Drawn { stream: Stream::new(SEED, &leaf.id), distribution: leaf.distribution.clone() },
        _ => panic!("a draw"),
    }
}

/// Placing an activity after up to three others.
fn step(activity: usize, links: &[Link]) -> Step {
    let mut after = [activity; 3];
    after.iter_mut().zip(links).for_each(|(place, link)| *place = link.activity);
    Step { activity, not_before: 0.0, after, links: links.len() }
}

impl Parts {
    fn new(register: &Register, lanes: usize) -> Self {
        let [group] = &register.dependence.driven[..] else { panic!("one group of drivers") };
        let [(driver, _)] = &group.drivers[..] else { panic!("one driver") };
        let activities = &register.activities;
        let mut hits = vec![(Vec::new(), Vec::new()); activities.len()];
        let mut risks = Vec::new();
        for (place, risk) in register.risks.iter().enumerate() {
            let Node::Constant(p) = register.quantities[risk.probability].node else { panic!("a certain probability") };
            let (number, hit, adds) = match &risk.effects[..] {
                [Effect::DelayActivities(hit, work)] => (work.days, hit, true),
                [Effect::Stretch(hit, factor)] => (*factor, hit, false),
                _ => panic!("one effect"),
            };
            for a in hit {
                let (multiply, add) = &mut hits[*a];
                if adds { add.push(place) } else { multiply.push(place) }
            }
            let stream = Stream::new(SEED, &format!("risks.{}", risk.id));
            risks.push(Risk { stream, probability: vec![p; lanes], impact: drawn(register, number), adds });
        }
        let n = activities.len();
        Self {
            lanes,
            driver: Stream::new(SEED, &format!("drivers.{driver}")),
            durations: activities.iter().map(|a| drawn(register, a.duration.days)).collect(),
            weights: group.members.iter().map(|member| (member.loadings[0], member.rest)).collect(),
            hits,
            after: activities.iter().map(|a| a.after.iter().map(|link| link.activity).collect()).collect(),
            steps: activities.iter().enumerate().map(|(a, about)| step(a, &about.after)).collect(),
            measured: register.measures[0].activity.expect("an activity"),
            target: register.measures[0].target.unwrap_or(f64::INFINITY),
            shared: vec![0.0; lanes],
            impacts: vec![0.0; risks.len() * lanes],
            occurs: vec![Mask::NONE; risks.len()],
            start: vec![0.0; n * lanes],
            finish: vec![0.0; n * lanes],
            costs: vec![0.0; lanes],
            few: Few::default(),
            occurred: vec![0; risks.len()],
            histogram: Histogram::spanning(100.0, 350.0),
            moments: Moments::default(),
            cost: Moments::default(),
            by_target: 0,
            nanoseconds: [0.0; PARTS.len()],
            risks,
        }
    }

    /// Adds the time since `start` to a part, and starts anew.
    fn took(&mut self, part: Part, start: &mut Instant, clock: f64) {
        self.nanoseconds[part as usize] += start.elapsed().as_nanos() as f64 - clock;
        *start = Instant::now();
    }

    /// One block, part by part.
    fn run(&mut self, first: u64, clock: f64) {
        let n = self.lanes;
        let mut start = Instant::now();
        self.driver.fill_uniform(first, &mut self.shared);
        self.took(Part::Uniforms, &mut start, clock);
        drawn_normals(&mut self.shared);
        self.took(Part::Normals, &mut start, clock);
        for from in (0..self.durations.len()).step_by(AT_ONCE) {
            let some = from..(from + AT_ONCE).min(self.durations.len());
            start = Instant::now();
            for a in some.clone() {
                self.durations[a].stream.fill_uniform(first, &mut self.finish[a * n..][..n]);
            }
            self.took(Part::Uniforms, &mut start, clock);
            for a in some.clone() {
                drawn_normals(&mut self.finish[a * n..][..n]);
            }
            self.took(Part::Normals, &mut start, clock);
            for a in some {
                let ((weight, own_weight), shared) = (self.weights[a], &self.shared[..]);
                let sums = Weighted { weight, shared, own_weight };
                self.durations[a].distribution.quantile_at_weighted_block(&mut self.finish[a * n..][..n], sums);
            }
            self.took(Part::Durations, &mut start, clock);
        }
        start = Instant::now();
        for (risk, occurs) in self.risks.iter().zip(&mut self.occurs) {
            *occurs = Mask::NONE;
            risk.stream.fill_below(first, &risk.probability, &mut occurs.words_mut()[..n.div_ceil(64)]);
        }
        self.took(Part::Occurrence, &mut start, clock);
        self.draw_impacts(first);
        self.took(Part::ImpactDraws, &mut start, clock);
        for a in 0..self.durations.len() {
            self.apply_impacts(a);
        }
        self.took(Part::Impacts, &mut start, clock);
        self.place();
        self.took(Part::Network, &mut start, clock);
        self.count();
        self.took(Part::Tally, &mut start, clock);
    }

    /// Draws impacts in the lanes where their risks occur, or in all where most ask.
    fn draw_impacts(&mut self, first: u64) {
        let n = self.lanes;
        for (place, risk) in self.risks.iter().enumerate() {
            let slot = &mut self.impacts[place * n..][..n];
            let Drawn { stream, distribution } = &risk.impact;
            if self.occurs[place].count() as usize * 2 > n {
                stream.fill_uniform(first, slot);
                distribution.quantile_block(slot);
            } else {
                self.few.draw(self.occurs[place], *stream, first);
                distribution.quantile_block(self.few.numbers());
                self.few.put(slot);
            }
        }
    }

    /// Does to the duration of an activity, in its finish slot, what risks do to it.
    fn apply_impacts(&mut self, a: usize) {
        let n = self.lanes;
        let (multiply, add) = &self.hits[a];
        if multiply.is_empty() && add.is_empty() {
            return;
        }
        let slot = &mut self.finish[a * n..][..n];
        for risk in multiply {
            debug_assert!(!self.risks[*risk].adds);
            lanes::multiply_where(slot, &self.impacts[risk * n..][..n], &self.occurs[*risk]);
        }
        for risk in add {
            lanes::add_where(slot, &self.impacts[risk * n..][..n], &self.occurs[*risk]);
        }
    }

    /// Places all activities, in order.
    fn place(&mut self) {
        let n = self.lanes;
        for a in 0..self.steps.len() {
            if self.steps[a].links <= 3 {
                lanes::finish(&mut self.finish, n, n, &self.steps[a]);
            } else {
                self.place_after_many(a);
            }
        }
    }

    /// Places an activity after more than three others.
    fn place_after_many(&mut self, a: usize) {
        let n = self.lanes;
        let (before, rest) = self.finish.split_at_mut(a * n);
        let start = &mut self.start[a * n..][..n];
        start.fill(0.0);
        let slot = |i: usize| &before[i * n..][..n];
        for some in self.after[a].chunks(3) {
            match *some {
                [x, y, z] => lanes::latest(start, [slot(x), slot(y), slot(z)]),
                [x, y] => lanes::latest(start, [slot(x), slot(y)]),
                _ => some.iter().for_each(|x| lanes::latest(start, [slot(*x)])),
            }
        }
        lanes::keep_above_zero(&mut rest[..n]);
        lanes::add(&mut rest[..n], start);
    }

    /// Finish times of the last block.
    fn finishes(&self) -> &[f64] {
        &self.finish[self.measured * self.lanes..][..self.lanes]
    }

    /// Counts what a tally counts.
    fn count(&mut self) {
        for value in &self.finish[self.measured * self.lanes..][..self.lanes] {
            self.histogram.add(*value);
            if value.is_finite() {
                self.moments.add(*value);
            }
            self.by_target += u64::from(*value <= self.target);
        }
        self.cost.add_all(&self.costs);
        for (occurred, mask) in self.occurred.iter_mut().zip(&self.occurs) {
            *occurred += u64::from(mask.count());
        }
    }

    /// Calls of each part in one iteration.
    fn calls(&self) -> [usize; PARTS.len()] {
        let (draws, risks) = (self.durations.len(), self.risks.len());
        let hit = self.hits.iter().filter(|(multiply, add)| !multiply.is_empty() || !add.is_empty()).count();
        [draws + 1, draws + 1, draws, risks, risks, hit, draws, 1]
    }
}

/// What reading the clock takes, in nanoseconds.
fn clock() -> f64 {
    let mut times: Vec<f64> = (0..10_001)
        .map(|_| {
            let start = Instant::now();
            start.elapsed().as_nanos() as f64
        })
        .collect();
    median(&mut times)
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Nanoseconds an iteration of a whole run on one thread.
fn engine(program: &Program, first: u64, iterations: u64) -> f64 {
    let options = Options { first, threads: Some(1), ..Options::iterations(iterations) };
    let start = Instant::now();
    let tally = simulate(program, options, &|_| {}).expect("threads");
    let time = start.elapsed().as_nanos() as f64 / iterations as f64;
    black_box(tally);
    time
}

fn main() {
    // Cargo adds `--bench` to the arguments of a benchmark.
    let asked = std::env::args().skip(1).find(|argument| argument != "--bench");
    let rounds = asked.map_or(ROUNDS, |text| text.parse().expect("a number of rounds")).max(1);
    let whole = register(&document(NETWORK_50), None);
    let program = Program::lower(whole.clone(), SEED);
    let lanes = program.block();
    let mut parts = Parts::new(&whole, lanes);
    let clock = clock();

    // The parts do the engine's job.
    let mut state = State::new(&program, lanes);
    for first in [0, 77_777] {
        parts.run(first, clock);
        assert_eq!(parts.finishes(), &program.run(&mut state, first, lanes).measures[..lanes], "the same bits");
    }

    let less = [
        ("without risks", without_risks(whole.clone())),
        ("without correlation", without_correlation(whole.clone())),
        ("with constant durations", with_constant_durations(whole.clone())),
        ("the network pass and the tally alone", without_risks(with_constant_durations(whole))),
    ];
    let less = less.map(|(name, register)| (name, Program::lower(register, SEED)));
    let iterations = (BLOCKS * lanes) as u64;
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); PARTS.len()];
    let (mut sums, mut engines, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest: Vec<Vec<f64>> = vec![Vec::new(); less.len()];
    for round in 0..rounds as u64 {
        let from = round * iterations;
        parts.nanoseconds = [0.0; PARTS.len()];
        for block in 0..BLOCKS as u64 {
            parts.run(from + block * lanes as u64, clock);
        }
        let one = parts.nanoseconds.map(|total| total / iterations as f64);
        let (sum, engine_time) = (one.iter().sum::<f64>(), engine(&program, from, iterations));
        times.iter_mut().zip(one).for_each(|(all, one)| all.push(one));
        sums.push(sum);
        engines.push(engine_time);
        ratios.push(engine_time / sum);
        for ((_, program), all) in less.iter().zip(&mut rest) {
            all.push(engine(program, from, iterations));
        }
    }
    let (sum, whole) = (median(&mut sums), median(&mut engines));

    println!(
        "network-50, nanoseconds an iteration on one thread: {} instructions, blocks of {lanes},",
        Level::chosen().name()
    );
    println!("medians of {rounds} rounds of {iterations} iterations. Each part is timed alone.");
    println!();
    println!("| part | calls an iteration | ns a call | ns an iteration | % of the sum |");
    println!("|---|---:|---:|---:|---:|");
    for (((name, unit), calls), all) in PARTS.iter().zip(parts.calls()).zip(&mut times) {
        let time = median(all);
        let share = 100.0 * time / sum;
        println!("| {name} | {calls} × {unit} | {:.2} | {time:.1} | {share:.0} |", time / calls as f64);
    }
    println!("| **sum of the parts** | | | **{sum:.1}** | 100 |");
    println!("| **engine** | | | **{whole:.1}** | {:.0} |", 100.0 * whole / sum);
    println!();
    println!("engine / sum of its parts: {:.2} (median of the rounds' ratios)", median(&mut ratios));
    println!();
    println!("| the engine, parts taken away | ns an iteration | less |");
    println!("|---|---:|---:|");
    for ((name, _), all) in less.iter().zip(&mut rest) {
        let time = median(all);
        println!("| {name} | {time:.1} | {:.1} |", whole - time);
    }
    black_box((&parts.occurred, &parts.histogram, &parts.moments, &parts.cost, parts.by_target));
}
