//! The uncertain inputs of a register: every draw and shared driver that something in force asks for.
//!
//! A named estimate is one input however often it is used; a number written in place is one input; a shared driver is
//! one input, of which its members are pinned or redrawn apart. What is drawn on several occasions of one iteration
//! (a recovery at each gate) is one input too, pinned on all of them.

use serde::Serialize;

use crate::analysis::variation::Variation;
use crate::distribution::{Distribution, Normal};
use crate::register::{Basis, Leaf, Node, Register, Uncertainty, Use};

/// What kind of input it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    /// One unknown value of this world.
    Knowledge,
    /// Varies by nature, with one value in each iteration.
    Chance,
    /// Varies by nature, and is drawn afresh on several occasions of one iteration.
    ChanceOnOccasions,
    /// A shared driver: a standard normal variable that other draws load on.
    Driver,
}

/// An uncertain input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Input {
    /// Its path in the scenario.
    pub path: String,
    /// The path without what goes without saying.
    pub label: String,
    /// Title of the risk or activity it belongs to; `null` for named estimates and others.
    pub title: Option<String>,
    /// Who owns that; `null` where nobody is named.
    pub owner: Option<String>,
    /// Who should be asked for a better number; `null` where nobody is named.
    pub elicit: Option<String>,
    /// Where the number comes from; `null` where nothing is cited.
    pub source: Option<String>,
    /// What it rests on.
    pub basis: Basis,
    /// Kind.
    pub kind: InputKind,
    /// Family of its distribution.
    pub family: String,
    /// Unit of the numbers as written; `null` for probabilities, rates, factors and amounts.
    pub unit: Option<String>,
    /// 10th percentile.
    pub p10: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// What it is drawn from; a standard normal variable for a driver.
    #[serde(skip)]
    pub distribution: Distribution,
}

impl Input {
    fn new(register: &Register, leaf: &Leaf, used: Use) -> Self {
        let kind = match (leaf.uncertainty, used) {
            (Uncertainty::Knowledge, _) => InputKind::Knowledge,
            (Uncertainty::Chance, Use::OnOccasions) => InputKind::ChanceOnOccasions,
            (Uncertainty::Chance, _) => InputKind::Chance,
        };
        let (title, owner) = belongs_to(register, &leaf.id);
        Self {
            path: leaf.id.clone(),
            label: leaf.id.clone(),
            title,
            owner,
            elicit: leaf.origin.elicit.clone(),
            source: leaf.origin.source.clone(),
            basis: leaf.basis,
            kind,
            family: leaf.distribution.name().to_owned(),
            unit: leaf.origin.unit.clone(),
            p10: leaf.distribution.quantile(0.1),
            p50: leaf.distribution.quantile(0.5),
            p90: leaf.distribution.quantile(0.9),
            distribution: leaf.distribution.clone(),
        }
    }

    fn driver(id: &str, basis: Basis) -> Option<Self> {
        let distribution = Distribution::from(Normal::new(0.0, 1.0).ok()?);
        Some(Self {
            path: format!("drivers.{id}"),
            label: String::new(),
            title: None,
            owner: None,
            elicit: None,
            source: None,
            basis,
            kind: InputKind::Driver,
            family: "shared driver, standard normal".to_owned(),
            unit: None,
            p10: distribution.quantile(0.1),
            p50: 0.0,
            p90: distribution.quantile(0.9),
            distribution,
        })
    }

    /// The register with this input at a value.
    pub fn at(&self, value: f64) -> Variation {
        match self.kind {
            InputKind::Driver => Variation::Held(self.path.clone(), value),
            _ => Variation::Pinned(self.path.clone(), value),
        }
    }

    /// Whether more could be learnt about it: whether it is one unknown value of this world.
    pub fn is_knowledge(&self) -> bool {
        self.kind == InputKind::Knowledge
    }

    /// Whether it has one value in each iteration.
    pub fn has_one_value(&self) -> bool {
        self.kind != InputKind::ChanceOnOccasions
    }
}

/// The inputs of a register, in the order in which they are resolved, drivers last.
pub fn inputs(register: &Register) -> Vec<Input> {
    let uses = register.uses();
    let mut inputs: Vec<Input> = Vec::new();
    for ((_, quantity), used) in register.quantities.iter().zip(uses) {
        let Node::Draw(leaf) = &quantity.node else { continue };
        // A distribution of one value is no uncertain input.
        let (low, high) = leaf.distribution.support();
        if used == Use::Never || low >= high {
            continue;
        }
        match inputs.iter_mut().find(|input| input.path == leaf.id) {
            None => inputs.push(Input::new(register, leaf, used)),
            Some(input) if used == Use::OnOccasions && input.kind == InputKind::Chance => {
                input.kind = InputKind::ChanceOnOccasions;
            }
            Some(_) => {}
        }
    }
    for group in &register.dependence.driven {
        for ((id, _), basis) in group.drivers.iter().zip(&group.bases) {
            inputs.extend(Input::driver(id, *basis));
        }
    }
    label(&mut inputs);
    inputs
}

/// The risk or activity that a path begins with: its title and owner.
fn belongs_to(register: &Register, path: &str) -> (Option<String>, Option<String>) {
    let below = |folder: &str, id: &str| {
        path.strip_prefix(folder)
            .and_then(|rest| rest.strip_prefix(id).or_else(|| rest.strip_prefix(&format!("\"{id}\""))))
            .is_some_and(|rest| rest.starts_with('.'))
    };
    if let Some(risk) = register.risks.iter().find(|r| below("risks.", &r.id)) {
        return (Some(risk.title.clone()), risk.owner.clone());
    }
    let activity = register.activities.iter().find(|a| below("activities.", &a.id));
    (activity.filter(|a| a.title != a.id).map(|a| a.title.clone()), None)
}

/// Short labels: without the table an id stands in, and without places in lists where nothing is lost by it.
fn label(inputs: &mut [Input]) {
    let short = |path: &str| -> String {
        let rest = ["estimates.", "risks.", "activities."].iter().find_map(|table| path.strip_prefix(table));
        match path.strip_prefix("drivers.") {
            Some(id) => format!("driver {id}"),
            None => rest.unwrap_or(path).to_owned(),
        }
    };
    let shorter = |path: &str| -> String {
        let label = short(path);
        let in_list = label.contains(".effects.") || label.contains(".outcomes.");
        let says = |part: &&str| !in_list || *part != "effects" && part.parse::<u32>().is_err();
        label.split('.').filter(says).collect::<Vec<&str>>().join(" ")
    };
    let labels: Vec<String> = inputs.iter().map(|input| shorter(&input.path)).collect();
    for (i, input) in inputs.iter_mut().enumerate() {
        let taken = labels.iter().filter(|l| **l == labels[i]).count() > 1;
        input.label = if taken { short(&input.path) } else { labels[i].clone() };
    }
}
