//! Numbers as an arena: leaves are constants and draws, inner nodes the compositions of MODEL's
//! estimates. A node refers only to nodes before it, so that the arena is its own evaluation order.

use crate::distribution::Distribution;

/// Index of a number in [`Quantities`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuantityId(pub u32);

/// What a number rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The source says it.
    Stated,
    /// Arithmetic from stated numbers.
    Derived,
    /// A published statistic.
    BaseRate,
    /// To be elicited.
    Assumed,
}

impl Basis {
    /// All of them, from the firmest to the weakest.
    pub const ALL: [Self; 4] = [Self::Stated, Self::Derived, Self::BaseRate, Self::Assumed];

    /// Its name, as written in a scenario.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Derived => "derived",
            Self::BaseRate => "base-rate",
            Self::Assumed => "assumed",
        }
    }
}

/// Whether a draw is an unknown of this world or varies by nature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Uncertainty {
    /// One value in each iteration, whatever the occasion.
    Knowledge,
    /// A fresh value on each occasion.
    Chance,
}

/// A draw: the id that addresses it, and its distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// Path of the estimate in the scenario: the name of the variable.
    pub id: String,
    /// What it is drawn from.
    pub distribution: Distribution,
    /// Knowledge or chance.
    pub uncertainty: Uncertainty,
    /// What it rests on.
    pub basis: Basis,
    /// Where it comes from.
    pub origin: Box<Origin>,
}

/// Where a number comes from, as the scenario says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Unit of the number as written; none for probabilities, rates, factors and amounts.
    pub unit: Option<String>,
    /// What says it.
    pub source: Option<String>,
    /// The arithmetic of a derived number.
    pub derivation: Option<String>,
    /// Who should be asked for a better number.
    pub elicit: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

/// How a number comes about.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// An exact number.
    Constant(f64),
    /// A draw.
    Draw(Leaf),
    /// The product of these.
    Product(Vec<QuantityId>),
    /// The sum of these.
    Sum(Vec<QuantityId>),
    /// 1 − p.
    Complement(QuantityId),
    /// 1 − (1 − p)^n.
    AnyOf(QuantityId, QuantityId),
    /// 1 − e^(−rate·days).
    AtLeastOne(QuantityId, QuantityId),
    /// f·p / (1 − p + f·p): probability, factor.
    Odds(QuantityId, QuantityId),
    /// prevalence × (1 − coverage × detection): prevalence, index of the coverage, detection.
    Escape(QuantityId, usize, QuantityId),
}

/// A number: how it comes about, and where it can lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// How it comes about.
    pub node: Node,
    /// Smallest and largest value it can take.
    pub bounds: Bounds,
    /// Whether it can differ between occasions of one iteration.
    pub varies: bool,
}

/// Smallest and largest value of a number, ends included or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Smallest.
    pub low: f64,
    /// Largest.
    pub high: f64,
}

/// All numbers of a register.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Quantities {
    list: Vec<Quantity>,
}

impl Quantities {
    /// Adds a number whose parts are already there.
    pub fn push(&mut self, node: Node) -> QuantityId {
        let quantity = self.settled(node);
        self.list.push(quantity);
        QuantityId(self.list.len() as u32 - 1)
    }

    /// Puts another node in the place of a number; its parts must stand before it. What is made of the number
    /// follows.
    pub fn replace(&mut self, id: QuantityId, node: Node) {
        debug_assert!(parts(&node).iter().all(|part| *part < id));
        self.list[id.0 as usize].node = node;
        for place in id.0 as usize..self.list.len() {
            self.list[place] = self.settled(self.list[place].node.clone());
        }
    }

    /// A number by its node, whose parts are there: where it can lie, and whether it varies.
    fn settled(&self, node: Node) -> Quantity {
        let bounds = self.bounds_of(&node);
        let varies = match &node {
            Node::Constant(_) => false,
            Node::Draw(leaf) => leaf.uncertainty == Uncertainty::Chance,
            other => parts(other).iter().any(|id| self[*id].varies),
        };
        Quantity { node, bounds, varies }
    }

    /// All numbers in order.
    pub fn iter(&self) -> impl Iterator<Item = (QuantityId, &Quantity)> {
        self.list.iter().enumerate().map(|(i, q)| (QuantityId(i as u32), q))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The value of a number that is not uncertain.
    pub fn constant(&self, id: QuantityId) -> Option<f64> {
        match self[id].node {
            Node::Constant(value) => Some(value),
            _ => None,
        }
    }

    fn bounds_of(&self, node: &Node) -> Bounds {
        let of = |id: &QuantityId| self[*id].bounds;
        match node {
            Node::Constant(value) => Bounds { low: *value, high: *value },
            Node::Draw(leaf) => {
                let (low, high) = leaf.distribution.support();
                Bounds { low, high }
            }
            Node::Product(parts) => parts.iter().map(of).fold(Bounds { low: 1.0, high: 1.0 }, Bounds::times),
            Node::Sum(parts) => parts
                .iter()
                .map(of)
                .fold(Bounds { low: 0.0, high: 0.0 }, |a, b| Bounds { low: a.low + b.low, high: a.high + b.high }),
            Node::Complement(p) => Bounds { low: 1.0 - of(p).high, high: 1.0 - of(p).low },
            // Probabilities of probabilities: their own inputs are checked where they stand.
            Node::AnyOf(..) | Node::AtLeastOne(..) | Node::Odds(..) => Bounds { low: 0.0, high: 1.0 },
            Node::Escape(prevalence, ..) => Bounds { low: 0.0, high: of(prevalence).high },
        }
    }
}

impl Bounds {
    fn times(self, other: Bounds) -> Bounds {
        // 0 · ∞ is 0 here: a factor that is exactly 0 makes the product 0.
        let product = |a: f64, b: f64| if a == 0.0 || b == 0.0 { 0.0 } else { a * b };
        let corners = [
            product(self.low, other.low),
            product(self.low, other.high),
            product(self.high, other.low),
            product(self.high, other.high),
        ];
        Bounds {
            low: corners.iter().copied().fold(f64::INFINITY, f64::min),
            high: corners.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

/// The numbers that a node is made of.
pub fn parts(node: &Node) -> Vec<QuantityId> {
    match node {
        Node::Constant(_) | Node::Draw(_) => Vec::new(),
        Node::Product(ids) | Node::Sum(ids) => ids.clone(),
        Node::Complement(p) => vec![*p],
        Node::AnyOf(a, b) | Node::AtLeastOne(a, b) | Node::Odds(a, b) | Node::Escape(a, _, b) => {
            vec![*a, *b]
        }
    }
}

impl std::ops::Index<QuantityId> for Quantities {
    type Output = Quantity;

    fn index(&self, id: QuantityId) -> &Quantity {
        &self.list[id.0 as usize]
    }
}
