//! Correlations and shared drivers: from pairs and loadings to Cholesky factors.
//!
//! A rank (Spearman) correlation ρ of two draws becomes the latent correlation 2·sin(πρ/6) of a
//! Gaussian copula (Pearson 1907; Kruskal 1958, JASA 53:814–861). Draws joined by any correlation
//! form a group, knowledge before chance and then in order of their paths; pairs not named are uncorrelated. A matrix that is not
//! positive semi-definite is replaced by the nearest correlation matrix, with a warning.

use std::collections::{BTreeMap, BTreeSet};

use super::Resolver;
use super::number_check::basis_from;
use crate::diagnostic::Diagnostic;
use crate::register::{Correlated, Dependence, Draw, Driven, DriverGroup, Risk, Uncertainty};
use crate::scenario::correlation_matrix::{cholesky, nearest_correlation};
use crate::scenario::document::join_path;

impl Resolver<'_> {
    pub(super) fn dependence(&mut self, risks: &[Risk]) -> Dependence {
        let correlated = self.correlated(risks);
        let (driven, written) = self.driven(risks);
        let members: BTreeSet<&String> = correlated.iter().flat_map(|c| &c.members).collect();
        for group in &driven {
            for (Driven { path: member, .. }, at) in group.members.iter().zip(&written) {
                if members.contains(member) {
                    self.error(
                        Diagnostic::error("correlated-twice", format!("{member} is correlated and loads on a driver"))
                            .at(at)
                            .allowed("one of the two for each draw")
                            .hint("give the other draws loadings on the driver instead of a correlation"),
                    );
                }
            }
        }
        Dependence { correlated, driven }
    }

    /// The draw that a path names: an estimate, the estimate behind a number, or a risk's occurrence.
    fn draw_named(&mut self, path: &str, risks: &[Risk], at: &str) -> Option<String> {
        if let Some(id) = path.strip_prefix("risks.") {
            if let Some(risk) = risks.iter().find(|r| r.id == id) {
                if risk.draw != Draw::Once || risk.items > 1 {
                    self.error(
                        Diagnostic::error("correlated-occasions", format!("the risk {id} is drawn on many occasions"))
                            .at(at)
                            .allowed("risks that are drawn once, and estimates")
                            .hint(format!("correlate its probability instead: `risks.{id}.probability`")),
                    );
                    return None;
                }
                return Some(path.to_owned());
            }
            if self.file.risks.contains_key(id) {
                return None; // Left out of this plan's register: nothing to correlate.
            }
        }
        if self.occasional.contains(path) {
            self.error(
                Diagnostic::error("correlated-occasions", format!("{path} is drawn on many occasions"))
                    .at(at)
                    .allowed("draws that are made once in an iteration")
                    .hint("say `uncertainty = \"knowledge\"` if it is one unknown"),
            );
            return None;
        }
        if self.draws.contains_key(path) {
            return Some(path.to_owned());
        }
        // A number that is given by the name of an estimate is that estimate's draw.
        if let Some(name) = self.aliases.get(path).cloned() {
            return self.draw_named(&format!("estimates.{name}"), risks, at);
        }
        if self.exact.contains_key(path) {
            self.problems.push(
                Diagnostic::warning(
                    "correlated-exact",
                    format!("{path} is exact, so that its correlation does nothing"),
                )
                .at(at)
                .hint("say how uncertain it is, or take it out of here"),
            );
            return Some(path.to_owned());
        }
        if self.wrong.contains(path) {
            return None;
        }
        let known: Vec<String> = self
            .draws
            .keys()
            .cloned()
            .chain(risks.iter().filter(|r| r.draw == Draw::Once).map(|r| format!("risks.{}", r.id)))
            .collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        self.unknown("draw", path, &known, at);
        None
    }

    /// Whether a draw is an unknown of this world; what a risk drawn once does is chance.
    fn is_knowledge(&self, path: &str) -> bool {
        self.draws.get(path).or_else(|| self.exact.get(path)) == Some(&Uncertainty::Knowledge)
    }

    fn correlated(&mut self, risks: &[Risk]) -> Vec<Correlated> {
        let file = self.file;
        let mut pairs: BTreeMap<(String, String), (f64, &str)> = BTreeMap::new();
        for (id, correlation) in &file.correlations {
            let path = format!("correlations.{id}");
            let mut members = Vec::new();
            for (i, name) in correlation.between.iter().enumerate() {
                members.extend(self.draw_named(name, risks, &format!("{path}.between.{i}")));
            }
            if correlation.enabled == Some(false) {
                continue;
            }
            let latent = 2.0 * crate::math::sin(std::f64::consts::PI * correlation.rank / 6.0);
            members.sort_unstable();
            for (i, a) in members.iter().enumerate() {
                for b in &members[i + 1..] {
                    if a == b {
                        self.error(
                            Diagnostic::error("named-twice", format!("{a} stands here twice"))
                                .at(format!("{path}.between")),
                        );
                    } else if let Some((_, other)) = pairs.insert((a.clone(), b.clone()), (latent, id)) {
                        self.error(
                            Diagnostic::error(
                                "correlated-twice",
                                format!("{a} and {b} are already correlated by {other}"),
                            )
                            .at(format!("{path}.between"))
                            .allowed("one correlation for each pair"),
                        );
                    }
                }
            }
        }
        let mut groups = Vec::new();
        for mut members in connected(&pairs) {
            members.sort_by_key(|member| !self.is_knowledge(member));
            let n = members.len();
            let mut matrix = vec![vec![0.0; n]; n];
            let between = |a: &String, b: &String| pairs.get(&(a.clone(), b.clone())).map(|(r, _)| *r);
            for (i, a) in members.iter().enumerate() {
                for (j, b) in members.iter().enumerate() {
                    matrix[i][j] = if i == j { 1.0 } else { between(a, b).or(between(b, a)).unwrap_or(0.0) };
                }
            }
            let factor = match cholesky(&matrix) {
                Some(factor) => factor,
                None => {
                    let repaired = nearest_correlation(&matrix);
                    let moved = (0..n)
                        .flat_map(|i| (0..n).map(move |j| (i, j)))
                        .map(|(i, j)| (repaired[i][j] - matrix[i][j]).abs())
                        .fold(0.0, f64::max);
                    self.problems.push(
                        Diagnostic::warning("correlations-repaired", format!("the correlations of {} contradict each other; the nearest possible ones are used, the largest change being {moved:.4}", members.join(", ")))
                            .at("correlations")
                            .allowed("a positive semi-definite correlation matrix"),
                    );
                    match cholesky(&repaired) {
                        Some(factor) => factor,
                        None => {
                            self.error(
                                Diagnostic::error(
                                    "correlations-beyond-repair",
                                    "the correlations have no nearest possible ones",
                                )
                                .at("correlations"),
                            );
                            continue;
                        }
                    }
                }
            };
            let knowledge = members.iter().map(|m| self.is_knowledge(m)).collect();
            groups.push(Correlated { members, knowledge, factor });
        }
        groups
    }

    /// The group of all drivers, and where the last loading of each member is written.
    fn driven(&mut self, risks: &[Risk]) -> (Vec<DriverGroup>, Vec<String>) {
        let file = self.file;
        let drivers: Vec<&str> = crate::scenario::natural_order(file.drivers.keys())
            .into_iter()
            .filter(|id| file.drivers[*id].enabled != Some(false))
            .collect();
        let mut members: BTreeMap<String, (Vec<f64>, String)> = BTreeMap::new();
        for (id, driver) in &file.drivers {
            let place = drivers.iter().position(|d| d == id);
            for (name, loading) in &driver.loadings {
                let at = join_path(["drivers", id.as_str(), "loadings", name.as_str()]);
                if !(-1.0..=1.0).contains(loading) {
                    self.error(
                        Diagnostic::error("out-of-range", format!("the loading {loading} is outside the range"))
                            .at(&at)
                            .allowed("−1 to 1"),
                    );
                    continue;
                }
                if let (Some(member), Some(place)) = (self.draw_named(name, risks, &at), place) {
                    let (loadings, last) =
                        members.entry(member).or_insert_with(|| (vec![0.0; drivers.len()], String::new()));
                    loadings[place] += loading;
                    *last = at;
                }
            }
        }
        let mut list = Vec::new();
        let mut written = Vec::new();
        for (member, (loadings, at)) in members {
            let explained: f64 = loadings.iter().map(|l| l * l).sum();
            if explained > 1.0 + 1e-12 {
                self.error(
                    Diagnostic::error(
                        "loadings-too-large",
                        format!("the loadings of {member} explain {explained:.3} of its variance"),
                    )
                    .at(&at)
                    .allowed("squares of the loadings of one draw that add up to at most 1")
                    .hint("lower one of its loadings"),
                );
            }
            written.push(at);
            let knowledge = self.is_knowledge(&member);
            list.push(Driven { path: member, knowledge, loadings, rest: (1.0 - explained).max(0.0).sqrt() });
        }
        if list.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let knowledge = |place: usize| list.iter().any(|m| m.knowledge && m.loadings[place] != 0.0);
        let bases = drivers.iter().map(|id| basis_from(file.drivers[*id].basis)).collect();
        let drivers = drivers.iter().enumerate().map(|(place, id)| ((*id).to_owned(), knowledge(place))).collect();
        let group = DriverGroup { drivers, bases, members: list };
        (vec![group], written)
    }
}

/// Members of each connected component, in order.
fn connected(pairs: &BTreeMap<(String, String), (f64, &str)>) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    for (a, b) in pairs.keys() {
        let mut merged = vec![a.clone(), b.clone()];
        groups.retain(|group| {
            let joins = group.contains(a) || group.contains(b);
            if joins {
                merged.extend(group.iter().cloned());
            }
            !joins
        });
        merged.sort_unstable();
        merged.dedup();
        groups.push(merged);
    }
    groups.sort_unstable();
    groups
}
