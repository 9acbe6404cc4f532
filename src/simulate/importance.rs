//! Which variables matter most: how a program is laid out over the dimensions of points, of which the first are spread best.
//!
//! In: a program. Out: its [`Layout`], the same for any number of threads.
//!
//! A pilot run of [`PILOT`] random iterations gives the figures that a run reports, by rank: finish of each measure, date
//! of each release, total cost. The [`CANDIDATES`] variables of the greatest squared correlations, summed over figures, are
//! fitted to each figure by least squares: standard normals, those of impacts where their risk occurs; whether risks
//! occur; uniform numbers. The coefficients of the normals are the direction that leads, of several figures the
//! principal one of their directions. What a variable is worth beyond it is the share of a figure's variance that its term
//! explains; of a normal, the share of the residuals that it and its square explain once it is turned away from the
//! direction. The [`TOGETHER`] risks worth most are drawn together.
//!
//! The pilot's draws are the first of the plain run's streams, which have nothing in common with the points; so a bad
//! layout costs precision and no figure is biased by it. Equals keep the order of the register.

use super::Options;
use super::decision::Decision;
use super::sampled::{Sampled, sample};
use crate::estimate::ranks;
use crate::math;
use crate::program::{Axis, AxisKind, Layout, Leading, Program, State, Together};
use crate::random::Stream;

/// Iterations of the pilot run: the squared correlation of what does not matter is about 1 in as many.
const PILOT: usize = 4096;

/// Most variables of the fit, so few that each has sixteen iterations.
const CANDIDATES: usize = 256;

/// Risks that are drawn together.
const TOGETHER: usize = 8;

/// Rounds of the fit: variables are all but uncorrelated, so that a round leaves a small part of the error.
const ROUNDS: usize = 12;

/// The layout of a program.
pub fn by_importance(program: &Program) -> Layout {
    let figures = figures(program);
    let variables = program.variables();
    let likely = likely(program, &variables);
    let alone = |axis: &Axis| Column::of(axis, &likely).map_or(0.0, |column| worth(&figures, &column.term));
    let mut order: Vec<(f64, Axis)> = variables.iter().map(|axis| (alone(axis), *axis)).collect();
    order.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let rest = order.split_off(order.len().min(CANDIDATES));
    let columns: Vec<Column> = order.iter().filter_map(|(_, axis)| Column::of(axis, &likely)).collect();
    let fit = Fit::new(columns, figures);
    let leading = fit.leading();
    let joint = fit.together(program.seed());
    let mut worths = fit.worths(&leading);
    worths.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    // Variables that never vary have no column.
    let fitted = |axis: &Axis| fit.columns.iter().any(|column| column.stream == axis.stream);
    let left = order.iter().map(|(_, axis)| axis).filter(|axis| !fitted(axis)).chain(rest.iter().map(|(_, axis)| axis));
    let all = worths.into_iter().map(|(_, stream)| stream).chain(left.map(|axis| axis.stream));
    let chosen = joint.iter().map(|together| together.stream);
    let mut streams: Vec<Stream> = chosen.chain(leading.first().map(|first| first.stream)).collect();
    let risks = joint.iter().flat_map(|together: &Together| together.risks.iter().map(|(stream, _, _)| *stream));
    let placed: Vec<Stream> = streams.iter().copied().chain(risks).collect();
    streams.extend(all.filter(|stream| !placed.contains(stream)));
    streams.extend(joint.iter().flat_map(|together| together.risks.iter().map(|(stream, _, _)| *stream)));
    Layout { order: streams, leading, joint }
}

/// Ranks of each figure in the pilot run around their middle, scaled to a sum of squares of 1; those that vary.
fn figures(program: &Program) -> Vec<Vec<f64>> {
    let register = program.register();
    let releases = register.releases.iter().map(|r| Sampled::GoLive(r.id.clone()));
    let measures = register.measures.iter().map(|m| Sampled::Finish(m.id.clone()));
    let cost = register.has_costs().then_some(Sampled::Decision(Decision::Cost));
    let figures: Vec<Sampled> = releases.chain(measures).chain(cost).collect();
    let samples = sample(program, &figures, Options::iterations(PILOT as u64), &|_| {});
    samples.iter().filter_map(|sample| centred(ranks(sample)).map(|(ranks, _)| ranks)).collect()
}

/// Numbers less their mean, over their length, and that length; nothing if they are all the same.
fn centred(mut x: Vec<f64>) -> Option<(Vec<f64>, f64)> {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    x.iter_mut().for_each(|x| *x -= mean);
    let length = math::sqrt(dot(&x, &x));
    // What rounding leaves of numbers that are all the same.
    if length <= 1e-9 * mean.abs() {
        return None;
    }
    x.iter_mut().for_each(|x| *x /= length);
    Some((x, length))
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).fold(0.0, |sum, (x, y)| sum + x * y)
}

/// Sum over figures of the squared correlation.
fn worth(figures: &[Vec<f64>], term: &[f64]) -> f64 {
    figures.iter().map(|figure| dot(figure, term)).fold(0.0, |sum, r| sum + r * r)
}

/// Risks with their probabilities: the mean of a few iterations, where it is known and not certain.
fn likely(program: &Program, variables: &[Axis]) -> Vec<(Stream, f64)> {
    let mut state = State::new(program, program.block());
    program.run(&mut state, 0, program.block());
    let probability = |id| {
        let p = program.number(&mut state, id);
        let same = p.iter().all(|other| *other == p[0]);
        if same { p[0] } else { p.iter().sum::<f64>() / p.len() as f64 }
    };
    let risks = variables.iter().filter_map(|axis| match axis.kind {
        AxisKind::Occurs(id) => Some((axis.stream, id)),
        _ => None,
    });
    let (streams, ids): (Vec<Stream>, Vec<_>) = risks.unzip();
    let probabilities = ids.into_iter().map(probability);
    streams.into_iter().zip(probabilities).filter(|(_, p)| 0.0 < *p && *p < 1.0).collect()
}

/// A variable in the pilot run.
struct Column {
    stream: Stream,
    kind: Kind,
    /// Its term, of mean 0 and length 1, and the length it had.
    term: Vec<f64>,
    length: f64,
}

enum Kind {
    /// Its normals, and what gates it.
    Continuous(Vec<f64>, Option<Gate>),
    /// About how probable.
    Occurs(f64),
    Other,
}

/// A risk without which a variable counts for nothing, and where it is likely to occur.
struct Gate {
    stream: Stream,
    p: f64,
    open: Vec<bool>,
}

impl Gate {
    /// The coefficient of an iteration.
    fn times(gate: Option<&Self>, iteration: usize, weight: f64) -> f64 {
        if gate.is_none_or(|gate| gate.open[iteration]) { weight } else { 0.0 }
    }
}

impl Column {
    /// `None` of a variable whose term is the same in every iteration.
    fn of(axis: &Axis, likely: &[(Stream, f64)]) -> Option<Self> {
        let mut u = vec![0.0; PILOT];
        axis.stream.fill_uniform(0, &mut u);
        let (kind, term) = match axis.kind {
            AxisKind::Continuous(gate) => {
                math::drawn_normals(&mut u);
                let gate =
                    gate.and_then(|gate| likely.iter().find(|(stream, _)| *stream == gate)).map(|(stream, p)| {
                        let mut u = vec![0.0; PILOT];
                        stream.fill_uniform(0, &mut u);
                        Gate { stream: *stream, p: *p, open: u.iter().map(|u| u < p).collect() }
                    });
                let term = (0..PILOT).map(|t| Gate::times(gate.as_ref(), t, u[t])).collect();
                (Kind::Continuous(u, gate), term)
            }
            AxisKind::Occurs(_) => match likely.iter().find(|(stream, _)| *stream == axis.stream) {
                Some((_, p)) => (Kind::Occurs(*p), u.iter().map(|u| f64::from(u < p)).collect()),
                None => (Kind::Other, u),
            },
            AxisKind::Other => (Kind::Other, u),
        };
        let (term, length) = centred(term)?;
        Some(Self { stream: axis.stream, kind, term, length })
    }
}

/// Each figure as a sum of terms by least squares.
struct Fit {
    columns: Vec<Column>,
    /// Figure by figure, the coefficient of each column.
    coefficients: Vec<Vec<f64>>,
    /// What is left of each figure.
    residuals: Vec<Vec<f64>>,
    /// What each figure counts for in the direction of several.
    shares: Vec<f64>,
}

impl Fit {
    /// By Gauss and Seidel's method.
    fn new(columns: Vec<Column>, mut residuals: Vec<Vec<f64>>) -> Self {
        let mut coefficients = vec![vec![0.0; columns.len()]; residuals.len()];
        for (residual, coefficients) in residuals.iter_mut().zip(&mut coefficients) {
            for _ in 0..ROUNDS {
                for (column, coefficient) in columns.iter().zip(coefficients.iter_mut()) {
                    let more = dot(&column.term, residual);
                    *coefficient += more;
                    residual.iter_mut().zip(&column.term).for_each(|(left, term)| *left -= more * term);
                }
            }
        }
        let mut fit = Self { columns, coefficients, residuals, shares: Vec::new() };
        fit.shares = fit.principal();
        fit
    }

    /// Share of variance that a column's term explains, summed over figures.
    fn explained(&self, column: usize) -> f64 {
        self.coefficients.iter().map(|of| of[column]).fold(0.0, |sum, r| sum + r * r)
    }

    /// The same of a term that does nothing, on average.
    fn noise(&self) -> f64 {
        self.residuals.iter().map(|left| dot(left, left)).sum::<f64>() / PILOT as f64
    }

    /// The weights of figures whose sum has the coefficients of the greatest length: the first eigenvector of the products of
    /// the figures' coefficients, by power iteration.
    fn principal(&self) -> Vec<f64> {
        let continuous: Vec<Vec<f64>> = self
            .coefficients
            .iter()
            .map(|of| {
                let normals = self.columns.iter().zip(of).filter(|(c, _)| matches!(c.kind, Kind::Continuous(..)));
                normals.map(|(_, r)| *r).collect()
            })
            .collect();
        let products: Vec<Vec<f64>> =
            continuous.iter().map(|x| continuous.iter().map(|y| dot(x, y)).collect()).collect();
        let greatest = (0..products.len()).fold(0, |a, b| if products[b][b] > products[a][a] { b } else { a });
        let mut shares = products.get(greatest).cloned().unwrap_or_default();
        for _ in 0..64 {
            let length = math::sqrt(dot(&shares, &shares));
            if length == 0.0 {
                break;
            }
            shares = products.iter().map(|row| dot(row, &shares) / length).collect();
        }
        let length = math::sqrt(dot(&shares, &shares));
        shares.iter().map(|share| if length > 0.0 { share / length } else { 0.0 }).collect()
    }

    /// How far a column's term moves the figures, all taken together.
    fn moves(&self, column: usize) -> f64 {
        let together =
            self.coefficients.iter().zip(&self.shares).fold(0.0, |sum, (of, share)| sum + share * of[column]);
        together / self.columns[column].length
    }

    /// The direction, the variable of the greatest coefficient first; what explains no more than chance would is left out.
    fn leading(&self) -> Vec<Leading> {
        let noise = self.noise();
        let mut leading: Vec<Leading> = (0..self.columns.len())
            .filter_map(|k| match &self.columns[k].kind {
                Kind::Continuous(_, gate) if self.explained(k) > 4.0 * noise => {
                    let gate = gate.as_ref().map(|gate| (gate.stream, gate.p));
                    Some(Leading { stream: self.columns[k].stream, weight: self.moves(k), gate })
                }
                _ => None,
            })
            .collect();
        leading.sort_by(|a, b| {
            let key = |leading: &Leading| (leading.gate.is_none(), leading.weight.abs());
            key(b).0.cmp(&key(a).0).then(key(b).1.total_cmp(&key(a).1))
        });
        if leading.len() > 1 { leading } else { Vec::new() }
    }

    /// Risks that are drawn together.
    fn together(&self, seed: u64) -> Option<Together> {
        let noise = self.noise();
        let mut risks: Vec<(f64, Stream, f64, f64)> = (0..self.columns.len())
            .filter_map(|k| match self.columns[k].kind {
                Kind::Occurs(p) if self.explained(k) > 9.0 * noise => {
                    Some((self.explained(k), self.columns[k].stream, p, self.moves(k)))
                }
                _ => None,
            })
            .collect();
        risks.sort_by(|a, b| b.0.total_cmp(&a.0));
        risks.truncate(TOGETHER);
        let stream = Stream::new(seed, "sampler.risks-together");
        let risks: Vec<_> = risks.into_iter().map(|(_, stream, p, effect)| (stream, p, effect)).collect();
        (risks.len() > 1).then_some(Together { stream, risks })
    }

    /// What each variable is worth beyond the direction.
    fn worths(&self, leading: &[Leading]) -> Vec<(f64, Stream)> {
        // Each iteration's direction and what its reflection takes off: v = g/s + σe₀, as in `program::lead`.
        let weight = |column: &Column| leading.iter().find(|l| l.stream == column.stream).map_or(0.0, |l| l.weight);
        let weights: Vec<f64> = self.columns.iter().map(weight).collect();
        let first = leading.first().map(|l| l.stream);
        let (mut along, mut squared, mut by) = (vec![0.0; PILOT], vec![0.0; PILOT], vec![0.0; PILOT]);
        for (column, weight) in self.columns.iter().zip(&weights) {
            let Kind::Continuous(z, gate) = &column.kind else { continue };
            for t in 0..PILOT {
                let g = Gate::times(gate.as_ref(), t, *weight);
                along[t] += g * z[t];
                squared[t] += g * g;
            }
        }
        for (column, weight) in self.columns.iter().zip(&weights) {
            let Kind::Continuous(z, gate) = &column.kind else { continue };
            if Some(column.stream) == first {
                for t in 0..PILOT {
                    let (g, length) = (Gate::times(gate.as_ref(), t, *weight), math::sqrt(squared[t]));
                    if length > 0.0 {
                        let sign = if g < 0.0 { -1.0 } else { 1.0 };
                        by[t] = (along[t] / length + sign * z[t]) / (1.0 + g.abs() / length) / length;
                    }
                }
            }
        }
        let worth_of = |k: usize| match &self.columns[k].kind {
            Kind::Continuous(z, gate) => {
                let w: Vec<f64> =
                    (0..PILOT).map(|t| z[t] - Gate::times(gate.as_ref(), t, weights[k]) * by[t]).collect();
                let square = w.iter().map(|w| w * w).collect();
                let terms = [w, square].into_iter().filter_map(centred);
                terms.map(|(term, _)| worth(&self.residuals, &term)).sum()
            }
            _ => self.explained(k),
        };
        (0..self.columns.len()).map(|k| (worth_of(k), self.columns[k].stream)).collect()
    }
}
