//! Numbers: from what the file says to nodes of the arena.

use super::number_check::basis_of;
use super::{Resolver, distribution};
use crate::diagnostic::Diagnostic;
use crate::register::{Leaf, Node, Origin, QuantityId, Uncertainty};
use crate::scenario::file::{self, Estimate, Exact, Quantity};
use crate::time::{Duration, DurationError, Unit};

/// What a number is for: its range, whether it has a unit, and which kind of not-knowing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// 0 to 1.
    Probability,
    /// A factor, 0 or more.
    Factor,
    /// Events per day, 0 or more.
    Rate,
    /// A weight, 0 or more.
    Weight,
    /// Calendar time of 0 or more.
    Time,
    /// Calendar or working time, of either sign.
    SignedWork,
    /// Calendar or working time of 0 or more.
    Work,
    /// Any number.
    Amount,
    /// What something costs, 0 or more.
    Price,
}

impl Role {
    pub(super) fn is_time(self) -> bool {
        matches!(self, Self::Time | Self::SignedWork | Self::Work)
    }

    fn uncertainty(self) -> Uncertainty {
        match self {
            Self::Probability | Self::Factor | Self::Rate | Self::Weight | Self::Price => Uncertainty::Knowledge,
            _ => Uncertainty::Chance,
        }
    }

    /// Beyond this a number is a slip of the pen, and results would lose their precision.
    pub(super) fn largest(self) -> (f64, &'static str) {
        match self {
            Self::Probability => (1.0, "1"),
            Self::Rate => (1e3, "1,000 events per day"),
            Self::Factor | Self::Weight => (1e6, "1,000,000"),
            Self::Time | Self::Work | Self::SignedWork => (1e6, "1,000,000 days"),
            Self::Amount => (1e12, "10¹²"),
            Self::Price => (1e9, "1,000,000,000"),
        }
    }

    pub(super) fn range(self) -> (f64, f64, &'static str) {
        match self {
            Self::Probability => (0.0, 1.0, "a probability from 0 to 1"),
            Self::Factor => (0.0, f64::INFINITY, "a factor of 0 or more"),
            Self::Rate => (0.0, f64::INFINITY, "a rate of 0 or more events per day"),
            Self::Weight => (0.0, f64::INFINITY, "a weight of 0 or more"),
            Self::Time | Self::Work => (0.0, f64::INFINITY, "a duration of 0 days or more"),
            Self::SignedWork => (f64::NEG_INFINITY, f64::INFINITY, "a duration"),
            Self::Amount => (f64::NEG_INFINITY, f64::INFINITY, "a number"),
            Self::Price => (0.0, f64::INFINITY, "a price of 0 or more"),
        }
    }
}

/// A resolved number and its unit of time, if it has one.
pub(super) type Resolved = (QuantityId, Option<Unit>);

impl Resolver<'_> {
    /// A number in its role. `None` when something is wrong, which is then reported.
    pub(super) fn number(&mut self, quantity: &Quantity, path: &str, role: Role) -> Option<Resolved> {
        let Some(resolved) = self.any_number(quantity, path, role) else {
            self.wrong.insert(path.to_owned());
            return None;
        };
        self.check_unit(&resolved, path, role)?;
        self.check_range(resolved.0, path, role)?;
        Some(resolved)
    }

    /// A number without a unit.
    pub(super) fn plain(&mut self, quantity: &Quantity, path: &str, role: Role) -> Option<QuantityId> {
        debug_assert!(!role.is_time());
        Some(self.number(quantity, path, role)?.0)
    }

    /// Calendar time in days that is drawn on each occasion on which it is needed.
    pub(super) fn occasional_time(&mut self, quantity: &Quantity, path: &str) -> Option<QuantityId> {
        let id = self.time(quantity, path)?;
        self.drawn_on_occasions(id);
        Some(id)
    }

    /// A probability that is asked on many occasions.
    pub(super) fn occasional_probability(&mut self, quantity: &Quantity, path: &str) -> Option<QuantityId> {
        let id = self.plain(quantity, path, Role::Probability)?;
        self.drawn_on_occasions(id);
        Some(id)
    }

    /// Takes note that the chance in a number is drawn on many occasions of an iteration.
    pub(super) fn drawn_on_occasions(&mut self, id: QuantityId) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            match &self.quantities[id].node {
                Node::Draw(leaf) if leaf.uncertainty == Uncertainty::Chance => {
                    self.occasional.insert(leaf.id.clone());
                }
                node => open.extend(crate::register::parts(node)),
            }
        }
    }

    /// Calendar time in days.
    pub(super) fn time(&mut self, quantity: &Quantity, path: &str) -> Option<QuantityId> {
        Some(self.number(quantity, path, Role::Time)?.0)
    }

    /// An exact number that needs no basis.
    pub(super) fn exactly(&mut self, value: f64) -> QuantityId {
        self.quantities.push(Node::Constant(value))
    }

    fn any_number(&mut self, quantity: &Quantity, path: &str, role: Role) -> Option<Resolved> {
        match quantity {
            Quantity::Number(value) => {
                if role.is_time() && *value != 0.0 {
                    let hint = format!("write \"{value} days\", or \"{value} working days\" on an activity");
                    self.error(
                        Diagnostic::error("duration-without-unit", "a duration says its unit")
                            .at(path)
                            .allowed(format!("a number and its unit: {}", Unit::ALLOWED))
                            .hint(hint),
                    );
                    return None;
                }
                self.unattributed(path);
                self.exact.insert(path.to_owned(), role.uncertainty());
                let unit = role.is_time().then_some(Unit::Days);
                Some((self.exactly(*value), unit))
            }
            Quantity::Text(text) if Duration::is_meant(text) => {
                self.unattributed(path);
                self.exact.insert(path.to_owned(), role.uncertainty());
                self.duration(text, path, role)
            }
            Quantity::Text(name) => {
                if !self.file.estimates.contains_key(name) {
                    let known: Vec<&str> = self.file.estimates.keys().map(String::as_str).collect();
                    self.unknown("estimate", name, &known, path);
                    return None;
                }
                self.used.insert(name.clone());
                self.aliases.insert(path.to_owned(), name.clone());
                self.named_estimate(name, path)
            }
            Quantity::Estimate(estimate) => self.estimate(estimate, path, role),
        }
    }

    /// A named estimate; resolved at its first use, so that what it is made of comes before it.
    pub(super) fn named_estimate(&mut self, name: &str, used_at: &str) -> Option<Resolved> {
        if let Some(known) = self.named.get(name) {
            return known.clone();
        }
        let estimate = self.file.estimates.get(name)?;
        if self.naming.iter().any(|n| n == name) {
            let first = self.naming.iter().position(|n| n == name).unwrap_or(0);
            let round = self.naming[first..].join(" → ");
            self.error(
                Diagnostic::error("estimate-cycle", format!("the estimate is made of itself: {round} → {name}"))
                    .at(used_at)
                    .hint("give one of them a value of its own"),
            );
            return None;
        }
        self.naming.push(name.to_owned());
        let path = format!("estimates.{name}");
        // Without a use to look at, a number with a unit of time is an impact and varies.
        let role = if estimate.unit.is_some() || is_duration(estimate) { Role::SignedWork } else { Role::Factor };
        let resolved = self.estimate(estimate, &path, role);
        self.naming.pop();
        self.named.insert(name.to_owned(), resolved.clone());
        resolved
    }

    fn estimate(&mut self, estimate: &Estimate, path: &str, role: Role) -> Option<Resolved> {
        let unit = match &estimate.unit {
            None => None,
            Some(text) => match Unit::parse(text) {
                Ok(unit) => Some(unit),
                Err(_) => {
                    self.error(
                        Diagnostic::error("unknown-unit", format!("`{text}` is not a unit of time"))
                            .at(format!("{path}.unit"))
                            .allowed(Unit::ALLOWED),
                    );
                    return None;
                }
            },
        };
        let (value, inner_unit) = self.value(estimate, path, role)?;
        let (value, unit) = match (unit, inner_unit) {
            (Some(unit), None) => (self.scaled(value, unit.days()), Some(unit)),
            (Some(_), Some(_)) => {
                self.error(
                    Diagnostic::error("two-units", "the value already has a unit")
                        .at(format!("{path}.unit"))
                        .hint("leave out `unit`"),
                );
                return None;
            }
            (None, inner) => (value, inner),
        };
        let value = match &estimate.times {
            None => value,
            Some(factor) => {
                let factor = self.plain(factor, &format!("{path}.times"), Role::Factor)?;
                self.quantities.push(Node::Product(vec![value, factor]))
            }
        };
        Some((value, unit))
    }

    /// The value of an estimate, before `unit` and `times`.
    fn value(&mut self, estimate: &Estimate, path: &str, role: Role) -> Option<Resolved> {
        let said = distribution::ways_said(estimate);
        if said.len() != 1 {
            let (message, hint) = if said.is_empty() {
                (
                    "the estimate says no value".to_owned(),
                    "add one, as in `pert = { min = 1, mode = 5, max = 14 }`".to_owned(),
                )
            } else {
                (
                    format!("the estimate says its value {} times: {}", said.len(), said.join(", ")),
                    "keep one of them".to_owned(),
                )
            };
            self.error(Diagnostic::error("not-one-value", message).at(path).allowed("exactly one of value, uniform, triangular, pert, beta, normal, truncated_normal, lognormal, exponential, weibull, gamma, discrete, empirical, binomial, poisson, evidence, product, sum, complement, any_of, at_least_one, odds, escape, estimate").hint(hint));
            return None;
        }
        let sub = |key: &str| format!("{path}.{key}");
        let outer = self.covered_by;
        if estimate.basis.is_some() {
            self.covered_by = Some(basis_of(estimate));
        }
        let resolved = self.value_said(said[0], estimate, path, role, &sub);
        self.covered_by = outer;
        resolved
    }

    fn value_said(
        &mut self,
        way: &str,
        estimate: &Estimate,
        path: &str,
        role: Role,
        sub: &dyn Fn(&str) -> String,
    ) -> Option<Resolved> {
        match way {
            "value" => {
                self.attributed(estimate, path);
                self.exact.insert(path.to_owned(), uncertainty_of(estimate, role));
                match estimate.value.as_ref()? {
                    Exact::Number(value) => Some((self.exactly(*value), None)),
                    Exact::Text(text) => self.duration(text, &sub("value"), role),
                }
            }
            "estimate" => {
                let name = estimate.estimate.as_ref()?;
                self.any_number(&Quantity::Text(name.clone()), &sub("estimate"), role)
            }
            "product" => self.product(estimate.product.as_ref()?, &sub("product"), role),
            "sum" => self.sum(estimate.sum.as_ref()?, &sub("sum"), role),
            "complement" => {
                let p = self.plain(estimate.complement.as_ref()?, &sub("complement"), Role::Probability)?;
                Some((self.quantities.push(Node::Complement(p)), None))
            }
            "any_of" => {
                let any = estimate.any_of.as_ref()?;
                let p = self.plain(&any.probability, &sub("any_of.probability"), Role::Probability);
                let n = self.plain(&any.count, &sub("any_of.count"), Role::Factor);
                Some((self.quantities.push(Node::AnyOf(p?, n?)), None))
            }
            "at_least_one" => {
                let one = estimate.at_least_one.as_ref()?;
                let rate = self.plain(&one.rate, &sub("at_least_one.rate"), Role::Rate);
                let days = self.time(&one.within, &sub("at_least_one.within"));
                Some((self.quantities.push(Node::AtLeastOne(rate?, days?)), None))
            }
            "odds" => {
                let odds = estimate.odds.as_ref()?;
                let p = self.plain(&odds.probability, &sub("odds.probability"), Role::Probability);
                let f = self.plain(&odds.factor, &sub("odds.factor"), Role::Factor);
                Some((self.quantities.push(Node::Odds(p?, f?)), None))
            }
            "escape" => {
                let escape = estimate.escape.as_ref()?;
                let prevalence = self.plain(&escape.prevalence, &sub("escape.prevalence"), Role::Probability);
                let detection = self.plain(&escape.detection, &sub("escape.detection"), Role::Probability);
                let known: Vec<String> = self.coverage.clone();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let coverage = self.index("coverage", &escape.coverage, &known, &sub("escape.coverage"));
                Some((self.quantities.push(Node::Escape(prevalence?, coverage?, detection?)), None))
            }
            _ => self.draw(estimate, path, role),
        }
    }

    fn product(&mut self, parts: &[Quantity], path: &str, role: Role) -> Option<Resolved> {
        let mut unit = None;
        let mut ids = Vec::new();
        let mut whole = !parts.is_empty();
        for (i, part) in parts.iter().enumerate() {
            let path = format!("{path}.{i}");
            let Some((id, part_unit)) = self.any_number(part, &path, untimed(role)) else {
                whole = false;
                continue;
            };
            if part_unit.is_some() && unit.is_some() {
                self.error(Diagnostic::error("product-of-durations", "a product has at most one duration").at(path));
                whole = false;
            }
            unit = unit.or(part_unit);
            ids.push(id);
        }
        if parts.is_empty() {
            self.error(
                Diagnostic::error("empty-product", "a product of nothing")
                    .at(path)
                    .allowed("a list of at least one number"),
            );
        }
        whole.then(|| (self.quantities.push(Node::Product(ids)), unit))
    }

    fn sum(&mut self, parts: &[Quantity], path: &str, role: Role) -> Option<Resolved> {
        let mut units = Vec::new();
        let mut ids = Vec::new();
        let mut whole = !parts.is_empty();
        for (i, part) in parts.iter().enumerate() {
            match self.any_number(part, &format!("{path}.{i}"), role) {
                Some((id, unit)) => {
                    ids.push(id);
                    units.push(unit.map(|u| match u {
                        Unit::WorkingDays(c) => Unit::WorkingDays(c),
                        _ => Unit::Days,
                    }));
                }
                None => whole = false,
            }
        }
        if parts.is_empty() {
            self.error(
                Diagnostic::error("empty-sum", "a sum of nothing").at(path).allowed("a list of at least one number"),
            );
        }
        if units.windows(2).any(|pair| pair[0] != pair[1]) {
            self.error(
                Diagnostic::error("sum-of-units", "the parts of a sum have different units")
                    .at(path)
                    .hint("say all of them in days, or none"),
            );
            whole = false;
        }
        whole.then(|| (self.quantities.push(Node::Sum(ids)), units[0].clone()))
    }

    /// A leaf: one draw, addressed by its path.
    fn draw(&mut self, estimate: &Estimate, path: &str, role: Role) -> Option<Resolved> {
        let distribution = match distribution::distribution(estimate, &self.folder) {
            Ok(distribution) => distribution,
            Err(problems) => {
                for problem in problems {
                    self.error(problem.under(path));
                }
                self.wrong.insert(path.to_owned());
                return None;
            }
        };
        self.attributed(estimate, path);
        let uncertainty = uncertainty_of(estimate, role);
        let basis = basis_of(estimate);
        let origin = Box::new(Origin {
            unit: estimate.unit.clone(),
            source: estimate.source.clone(),
            derivation: estimate.derivation.clone(),
            elicit: estimate.elicit.clone(),
            note: estimate.note.clone(),
        });
        let leaf = Leaf { id: path.to_owned(), distribution, uncertainty, basis, origin };
        self.draws.insert(path.to_owned(), uncertainty);
        Some((self.quantities.push(Node::Draw(leaf)), None))
    }

    fn duration(&mut self, text: &str, path: &str, role: Role) -> Option<Resolved> {
        match Duration::parse(text) {
            Ok(duration) => {
                let days = duration.days();
                Some((self.exactly(days), Some(duration.unit)))
            }
            Err(problem) => {
                self.error(match problem {
                    DurationError::NoUnit if !role.is_time() => {
                        let message = format!("`{text}` is in quotes, and so is no number");
                        Diagnostic::error("number-in-quotes", message)
                            .at(path)
                            .allowed(format!("{}; or a duration with its unit", role.range().2))
                            .hint(format!("write it without quotes: {}", text.trim()))
                    }
                    _ => duration_problem(&problem, text, path),
                });
                None
            }
        }
    }

    fn scaled(&mut self, value: QuantityId, factor: f64) -> QuantityId {
        if factor == 1.0 {
            return value;
        }
        if let Some(constant) = self.quantities.constant(value) {
            return self.exactly(constant * factor);
        }
        let factor = self.exactly(factor);
        self.quantities.push(Node::Product(vec![value, factor]))
    }
}

/// Whether an estimate is one unknown of this world or varies: what it says, or else what its role makes it.
fn uncertainty_of(estimate: &Estimate, role: Role) -> Uncertainty {
    match estimate.uncertainty {
        Some(file::Uncertainty::Knowledge) => Uncertainty::Knowledge,
        Some(file::Uncertainty::Chance) => Uncertainty::Chance,
        None => role.uncertainty(),
    }
}

/// Inside a product of a duration, the other parts are factors; a bare number is then no mistake.
fn untimed(role: Role) -> Role {
    if role.is_time() { Role::Amount } else { role }
}

fn is_duration(estimate: &Estimate) -> bool {
    matches!(&estimate.value, Some(Exact::Text(_)))
}

/// The diagnostic for a text that is not a duration.
pub(super) fn duration_problem(problem: &DurationError, text: &str, path: &str) -> Diagnostic {
    if let DurationError::UnknownUnit(unit) = problem
        && matches!(unit.as_str(), "%" | "percent" | "per cent")
    {
        let share = text.trim().trim_end_matches(unit.as_str()).trim();
        let hint = match share.parse::<f64>() {
            Ok(share) => format!("for {share} % write {}, without quotes", share / 100.0),
            Err(_) => "for 5 % write 0.05, without quotes".to_owned(),
        };
        return Diagnostic::error("percent", format!("`{text}` is not a number: per cent is written as a share"))
            .at(path)
            .allowed("a share from 0 to 1")
            .hint(hint);
    }
    let diagnostic = Diagnostic::error("bad-duration", format!("`{text}`: {problem}"))
        .at(path)
        .allowed(format!("a number and its unit: {}", Unit::ALLOWED));
    match problem {
        DurationError::NoUnit => diagnostic.hint(format!("write \"{} days\"", text.trim())),
        _ => diagnostic.hint("as in \"5 days\" or \"3 working days\""),
    }
}
