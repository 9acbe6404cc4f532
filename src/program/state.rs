//! The working memory of one block: allocated once a thread, reused for every block.

use super::fact::AtGate;
use super::story::Recorder;
use super::{MAX_LANES, Mask, Outcome, Program, Verdicts};

/// Slots and masks of a block in progress.
#[derive(Debug, Clone)]
pub struct State {
    /// Iterations in the block.
    pub(super) lanes: usize,
    /// Distance between slots.
    pub(super) stride: usize,
    /// All lanes of the block.
    pub(super) all: Mask,
    /// Iteration of lane 0.
    pub(super) first: u64,
    /// The world of the block, when its iterations share one: what addresses its knowledge.
    pub(super) world: Option<u64>,
    /// Numbers.
    pub(super) numbers: super::common::Numbers,
    /// Standard normals and latent variables, likewise.
    pub(super) normals: Vec<f64>,
    pub(super) normals_known: Vec<Mask>,
    pub(super) latents: Vec<f64>,
    pub(super) latents_known: Vec<Mask>,
    /// What the points are led by.
    pub(super) lead: super::lead::LeadState,
    /// Working units, unit by unit within pool by pool.
    pub(super) works: Vec<Vec<Mask>>,
    /// Coverage slots.
    pub(super) coverage: Vec<f64>,
    /// What fired: risks drawn once for good, others on the present occasion.
    pub(super) fired: Vec<Mask>,
    /// Start and finish of activities; whether every finish is kept in a place of its own.
    pub(super) start: Vec<f64>,
    pub(super) finish: Vec<f64>,
    pub(super) keeps_finishes: bool,
    /// When each release is ready.
    pub(super) ready: Vec<f64>,
    /// Which lanes are due at a window: window by window, release by release.
    pub(super) due: Vec<Mask>,
    /// Releases deployed and reversed in the present window, and those live for good.
    pub(super) deployed: Vec<Mask>,
    pub(super) reversed: Vec<Mask>,
    pub(super) live: Vec<Mask>,
    /// Day until which each criterion is not met.
    pub(super) unmet_until: Vec<f64>,
    /// Where each criterion was ever not met.
    pub(super) failed: Vec<Mask>,
    /// Criteria that an earlier gate has asked for.
    pub(super) asked_before: Vec<Mask>,
    /// Criteria not met in the present window.
    pub(super) unmet: Vec<Mask>,
    /// Criteria seen as not met in the present window.
    pub(super) seen: Vec<Mask>,
    /// The release that a risk is being drawn for, where it is drawn for one.
    pub(super) drawn_for: Option<usize>,
    /// Days of the fix of each release reversed in the present window.
    pub(super) fix: Vec<f64>,
    /// Deployments of several releases together so far, for conditions over days: place of the window, releases deployed.
    pub(super) history: Vec<(usize, Vec<Mask>)>,
    /// Incidents that releases caused.
    pub(super) incidents: Vec<IncidentRecord>,
    /// Events of a process with their lanes, while they are counted.
    pub(super) events: Vec<(usize, super::process::ProcessEvent)>,
    /// Times to restore, while they are drawn.
    pub(super) restores: super::incidents::Restores,
    /// Where each factor on times to restore may act.
    pub(super) lengthened: Vec<super::incidents::Lengthened>,
    /// Lanes by what modifies odds, while a risk is drawn.
    pub(super) odds: super::events::ByOdds,
    /// Day of the gate that is being asked.
    pub(super) gate_day: f64,
    /// A number that is not kept, while it is used.
    pub(super) passing: Vec<f64>,
    /// Probabilities of the draw in progress.
    pub(super) probability: Vec<f64>,
    /// What is realised of each process: its own events, and those that each rate factor adds.
    pub(super) realised: Vec<Vec<Option<usize>>>,
    /// Window of the first lasting go-live, lane by lane, and the span in which incidents are counted from it on.
    pub(super) live_from: Vec<u16>,
    pub(super) spans: super::process::Spans,
    /// Background events that are realised for all lanes.
    pub(super) cells: super::cells::Cells,
    /// How many plans run in turn, this one among them.
    pub(super) plans: usize,
    /// Numbers of a few lanes, while they are worked on.
    pub(super) few: super::lanes::Few,
    /// What became of the block.
    pub(super) outcome: Outcome,
    /// Takes down what happens in lane 0, when one iteration is told.
    pub(super) recorder: Option<Box<Recorder>>,
    /// What happened at gates, when that is kept.
    pub(super) at_gates: Option<Vec<AtGate>>,
}

/// An incident that a release caused.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct IncidentRecord {
    pub(super) lane: usize,
    /// 1 to 5.
    pub(super) category: u8,
    /// When it begins.
    pub(super) day: f64,
    /// What its time to restore is addressed by.
    pub(super) occasion: u64,
    /// Its time to restore, once drawn, without the factors on it.
    pub(super) restore_days: f64,
    /// The risk that caused it.
    pub(super) risk: usize,
    /// The release it is one of; `None` for one of a whole window.
    pub(super) release: Option<usize>,
}

/// Bytes of the slots of a block beyond which it is halved: down to 128 iterations, and from there to 64.
const BLOCK_BYTES: [usize; 2] = [8 << 20, 64 << 20];

impl Program {
    /// Most iterations of a block that is fast and small: [`MAX_LANES`], halved to 128 as long as its slots would take more
    /// than 8 MB, and to 64 if they would still take more than 64 MB.
    ///
    /// Measured in networks of 10 to 100,000 activities that keep their finishes: with few slots a larger block is faster, with
    /// 4,000 of them 256 iterations are fastest, and beyond the caches 128 cost little against 512 and take a quarter of the
    /// memory. A slot is a number of an iteration that is kept. So a thread works in 8 MB up to 8,000 slots, in 64 MB up to
    /// 65,000, and in half a kilobyte a slot beyond.
    pub fn block(&self) -> usize {
        let bytes = |lanes: usize| self.slots() * lanes * size_of::<f64>();
        let mut lanes = MAX_LANES;
        while lanes > 64 && bytes(lanes) > BLOCK_BYTES[usize::from(lanes == 128)] {
            lanes /= 2;
        }
        lanes
    }

    /// Numbers of one iteration that a block keeps.
    fn slots(&self) -> usize {
        let register = &self.register;
        let passing = self.passing.iter().filter(|passing| **passing).count();
        let private = self.private.iter().filter(|private| **private).count();
        let drawn = self.places().1 - passing + self.normals.len() + self.latents.len() - 2 * private;
        let started = self.straight.iter().filter(|straight| !**straight).count();
        let network = self.finish_count as usize + started + register.measures.len() + 2 * register.releases.len();
        drawn + network + register.coverage.len() + register.criteria.len()
    }
}

impl State {
    /// Memory for blocks of up to `lanes` iterations of a program.
    ///
    /// # Panics
    /// If `lanes` is 0 or more than [`MAX_LANES`].
    pub fn new(program: &Program, lanes: usize) -> Self {
        assert!((1..=MAX_LANES).contains(&lanes), "a block has 1 to {MAX_LANES} iterations");
        let register = &program.register;
        let releases = register.releases.len();
        let triggers = register.risks.iter().map(|r| 1 + r.outcomes.len()).sum();
        let by_release = || vec![Mask::NONE; releases];
        Self {
            lanes,
            stride: lanes,
            all: Mask::first(lanes),
            first: 0,
            world: None,
            numbers: super::common::Numbers::of_one(program, lanes),
            normals: vec![0.0; program.normals.len() * lanes],
            normals_known: vec![Mask::NONE; program.normals.len()],
            latents: vec![0.0; program.latents.len() * lanes],
            latents_known: vec![Mask::NONE; program.latents.len()],
            lead: super::lead::LeadState::new(program.lead.as_deref(), lanes),
            works: register.pools.iter().map(|p| vec![Mask::NONE; p.units.len()]).collect(),
            coverage: vec![0.0; register.coverage.len() * lanes],
            fired: vec![Mask::NONE; triggers],
            start: vec![0.0; register.activities.len() * lanes],
            finish: vec![0.0; program.finish_count as usize * lanes],
            keeps_finishes: false,
            ready: vec![0.0; releases * lanes],
            due: vec![Mask::NONE; program.windows.len() * releases],
            deployed: by_release(),
            reversed: by_release(),
            live: by_release(),
            unmet_until: vec![0.0; register.criteria.len() * lanes],
            failed: vec![Mask::NONE; register.criteria.len()],
            asked_before: vec![Mask::NONE; register.criteria.len()],
            unmet: vec![Mask::NONE; register.criteria.len()],
            seen: vec![Mask::NONE; register.criteria.len()],
            drawn_for: None,
            fix: vec![0.0; releases * lanes],
            history: Vec::new(),
            incidents: Vec::new(),
            events: Vec::new(),
            restores: super::incidents::Restores::default(),
            lengthened: vec![super::incidents::Lengthened::default(); program.restores.len()],
            odds: super::events::ByOdds::default(),
            gate_day: 0.0,
            passing: vec![0.0; lanes],
            probability: vec![0.0; lanes],
            realised: program.processes.iter().map(|p| vec![None; 1 + p.factors.len()]).collect(),
            live_from: vec![super::NOT_LIVE; lanes],
            spans: super::process::Spans::default(),
            cells: super::cells::Cells::default(),
            plans: 1,
            few: super::lanes::Few::default(),
            outcome: Outcome {
                lanes,
                first: 0,
                live_window: vec![0; releases * lanes],
                attempts: vec![0; releases * lanes],
                on_target: by_release(),
                kept_on_target: by_release(),
                no_go: by_release(),
                backed_out: by_release(),
                consent: by_release(),
                occurred: vec![Mask::NONE; register.risks.len()],
                gate_at_plan: vec![Verdicts::default(); releases],
                gate_ever: vec![Verdicts::default(); releases],
                gate_looks: vec![Verdicts::default(); releases],
                seen_at_plan: vec![Mask::NONE; releases * register.criteria.len()],
                unmet_at_plan: vec![Mask::NONE; releases * register.criteria.len()],
                ships: vec![Mask::NONE; register.scope.len()],
                incidents: vec![0; 5 * lanes],
                background: vec![0; register.processes.len() * lanes],
                days_in_incidents: vec![0.0; lanes],
                days_in_extra: vec![0.0; lanes],
                cost: vec![0.0; lanes],
                cost_by_cause: vec![0.0; super::CostCause::ALL.len() * lanes],
                cost_of_background: vec![0.0; lanes],
                measures: vec![0.0; register.measures.len() * lanes],
            },
            recorder: None,
            at_gates: None,
        }
    }

    /// Memory for one iteration of a program, of which all is kept.
    pub(super) fn of_one_iteration(program: &Program) -> Self {
        Self { finish: vec![0.0; program.register.activities.len()], keeps_finishes: true, ..Self::new(program, 1) }
    }

    /// What became of the block that was run last.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Takes what another plan has drawn and realised in its last block: of the same iterations in the next, it is used
    /// again.
    pub fn take_over(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.cells, &mut other.cells);
        self.numbers.take_over(&mut other.numbers);
    }

    /// What addresses the draws of a lane: its world for knowledge, where it shares one, else its iteration.
    pub(super) fn index(&self, lane: usize, knowledge: bool) -> u64 {
        match self.world {
            Some(world) if knowledge => world,
            _ => self.first + lane as u64,
        }
    }

    /// Whether a number may be drawn where it is used, and not kept: nobody else has it, and nothing is told.
    pub(super) fn passes(&mut self, number: usize) -> bool {
        self.recorder.is_none() && !self.numbers.is_shared(number) && self.numbers.known(number).is_empty()
    }

    /// Whether what is drawn for all lanes together serves so many of them, in this plan and those that run in turn with it,
    /// that it costs less than drawing lane by lane.
    pub(super) fn serves_many(&self, lanes: Mask) -> bool {
        lanes.count() as usize * 4 * self.plans > self.lanes
    }

    /// Forgets the last block.
    fn reset(&mut self, world: Option<u64>, first: u64, lanes: usize) {
        self.lanes = lanes;
        self.all = Mask::first(lanes);
        self.first = first;
        self.world = world;
        self.numbers.begin(world, first, lanes);
        self.normals_known.fill(Mask::NONE);
        self.latents_known.fill(Mask::NONE);
        self.fired.fill(Mask::NONE);
        self.asked_before.fill(Mask::NONE);
        self.failed.fill(Mask::NONE);
        self.realised.iter_mut().for_each(|sources| sources.fill(None));
        self.due.fill(Mask::NONE);
        self.live.fill(Mask::NONE);
        self.unmet_until.fill(f64::NEG_INFINITY);
        self.history.clear();
        self.incidents.clear();
        self.at_gates.iter_mut().for_each(Vec::clear);
        let outcome = &mut self.outcome;
        outcome.lanes = lanes;
        outcome.first = first;
        outcome.live_window.fill(super::NOT_LIVE);
        outcome.attempts.fill(0);
        for masks in [
            &mut outcome.on_target,
            &mut outcome.kept_on_target,
            &mut outcome.no_go,
            &mut outcome.backed_out,
            &mut outcome.consent,
            &mut outcome.occurred,
        ] {
            masks.fill(Mask::NONE);
        }
        outcome.gate_at_plan.fill(Verdicts::default());
        outcome.gate_ever.fill(Verdicts::default());
        outcome.gate_looks.fill(Verdicts::default());
        outcome.seen_at_plan.fill(Mask::NONE);
        outcome.unmet_at_plan.fill(Mask::NONE);
        outcome.incidents.fill(0);
        outcome.background.fill(0);
        outcome.days_in_incidents.fill(0.0);
        outcome.days_in_extra.fill(0.0);
        outcome.cost.fill(0.0);
        outcome.cost_by_cause.fill(0.0);
        outcome.cost_of_background.fill(0.0);
    }
}

impl Program {
    /// Runs the iterations `first .. first + lanes`, each in a world of its own; `lanes` at most what
    /// the state was made for.
    pub fn run<'s>(&self, state: &'s mut State, first: u64, lanes: usize) -> &'s Outcome {
        self.run_in(state, None, first, lanes)
    }

    /// The same, but all in one world: knowledge is what it is in that world, chance varies.
    pub fn run_in_world<'s>(&self, state: &'s mut State, world: u64, first: u64, lanes: usize) -> &'s Outcome {
        self.run_in(state, Some(world), first, lanes)
    }

    fn run_in<'s>(&self, state: &'s mut State, world: Option<u64>, first: u64, lanes: usize) -> &'s Outcome {
        assert!((1..=state.stride).contains(&lanes), "a block within the state's size");
        state.reset(world, first, lanes);
        if world.is_none() {
            self.draw_led(state);
        }
        self.draw_units(state);
        self.draw_once(state);
        self.schedule(state);
        self.live_through_windows(state);
        self.count_incidents(state);
        self.charge_delay(state);
        &state.outcome
    }
}
