//! Two versions of a scenario under a plan: which edits move figures, and which can only be made together.
//!
//! In: two documents. Out: the edits from the one to the other, in three kinds: those that can move a figure of the plan,
//! in groups that can each be made or left; those that only say something differently; those that concern what the plan
//! does not use. Fingerprints of registers decide, not names: an edit moves nothing if the register decides the same with
//! and without it, both as the first of all edits and as the last.
//!
//! What is added or changed without moving anything is made from the start, and what is taken away without moving anything
//! is never taken away, so that a new estimate is there for whatever comes to use it. Where a combination of edits makes no
//! scenario (an edit uses what another one brings), the edits involved are merged into one group.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::shapley::Attribution;
use crate::diagnostic::Diagnostics;
use crate::register::Register;
use crate::scenario::{Document, Edit, Variant};

/// Most groups; with more, edits of one risk, plan or other entry go together, and then those of one table.
const MOST_GROUPS: usize = 40;

/// Keys that say something and decide nothing.
const TEXTS: [&str; 20] = [
    "title",
    "description",
    "source",
    "note",
    "owner",
    "category",
    "cause",
    "event",
    "consequence",
    "concern",
    "text",
    "status",
    "elicit",
    "derivation",
    "reason",
    "excluded_because",
    "risk",
    "by",
    "name",
    "role",
];

/// Tables whose entries say something and decide nothing.
const TEXT_TABLES: [&str; 4] = ["sources", "notes", "facts", "actors"];

/// Edits that are made or left together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Places among the edits.
    pub edits: Vec<usize>,
    /// Whether they are several because none of them can be made alone.
    pub inseparable: bool,
}

/// Two versions of a scenario under a plan.
pub struct Versions {
    /// All edits, in natural order of their paths.
    pub edits: Vec<Edit>,
    /// Those that can move a figure of the plan.
    pub groups: Vec<Group>,
    /// Those that only say something differently.
    pub texts: Vec<usize>,
    /// Those that concern what the plan does not use.
    pub elsewhere: Vec<usize>,
    /// Whether groups were made of whole entries or tables, because there were too many.
    pub coarse: bool,
    /// Which combinations of the groups to run.
    pub attribution: Attribution,
    /// Their registers, in that order.
    pub registers: Vec<Register>,
    /// Registers of the two versions themselves.
    pub ends: [Register; 2],
}

impl Versions {
    /// Compares two versions under a plan.
    ///
    /// # Errors
    /// What is wrong with either of them.
    pub fn of(old: &Document, new: &Document, variant: &Variant) -> Result<Self, Diagnostics> {
        let (old, new) = old.side_by_side(new);
        let edits = old.edits_to(&new);
        let (before, after) = (old.register(variant), new.register(variant));
        let ends = match (before, after) {
            (Ok((before, _)), Ok((after, _))) => [before, after],
            (before, after) => {
                let mut findings = Diagnostics::new();
                findings.extend(before.err().into_iter().flatten());
                findings.extend(after.err().into_iter().flatten());
                return Err(findings);
            }
        };
        let maker = Maker { old: &old, edits: &edits, variant, seen: RefCell::new(BTreeMap::new()) };
        let idle = maker.idle(&ends);
        let moving: Vec<usize> =
            (0..edits.len()).filter(|edit| !idle.first.contains(edit) && !idle.never.contains(edit)).collect();
        let (groups, coarse) = maker.groups(&idle.first, &moving);
        let attribution = Attribution::of(groups.len());
        let made = |combination: &Vec<bool>| {
            let chosen = groups.iter().zip(combination).filter(|(_, made)| **made).flat_map(|(group, _)| &group.edits);
            maker.register(idle.first.iter().chain(chosen).copied())
        };
        let registers: Option<Vec<Register>> = attribution.combinations.iter().map(made).collect();
        let mut texts = Vec::new();
        let mut elsewhere = Vec::new();
        for edit in idle.first.iter().chain(&idle.never) {
            if says_only(&edits[*edit]) { texts.push(*edit) } else { elsewhere.push(*edit) }
        }
        texts.sort_unstable();
        elsewhere.sort_unstable();
        // Groups were merged until every combination makes a scenario, and all together make the new one.
        let whole = |registers: &Vec<Register>| {
            registers.last().is_some_and(|last| last.fingerprint() == ends[1].fingerprint())
        };
        let (groups, attribution, registers) = match registers.filter(whole) {
            Some(registers) => (groups, attribution, registers),
            None => {
                let whole = Group { edits: moving, inseparable: true };
                (vec![whole], Attribution::of(1), ends.to_vec())
            }
        };
        Ok(Self { groups, texts, elsewhere, coarse, attribution, registers, ends, edits })
    }
}

/// Whether an edit is of texts alone.
fn says_only(edit: &Edit) -> bool {
    let segments = edit.segments();
    let text = |key: &String| TEXTS.contains(&key.as_str());
    let of_a_number = || match (&edit.old, &edit.new) {
        (Some(old), Some(new)) => old.basis().is_some() && old.in_short() == new.in_short(),
        _ => false,
    };
    TEXT_TABLES.contains(&segments[0].as_str()) || segments.last().is_some_and(text) || of_a_number()
}

/// Edits that move nothing.
struct Idle {
    /// Made from the start.
    first: Vec<usize>,
    /// Never made.
    never: Vec<usize>,
}

/// Makes versions of a document with some edits, and remembers what they decide.
struct Maker<'a> {
    old: &'a Document,
    edits: &'a [Edit],
    variant: &'a Variant,
    seen: RefCell<BTreeMap<Vec<usize>, Option<[u8; 32]>>>,
}

impl Maker<'_> {
    fn register(&self, edits: impl Iterator<Item = usize>) -> Option<Register> {
        let document = self.old.edited(edits.map(|edit| &self.edits[edit]));
        document.register(self.variant).ok().map(|(register, _)| register)
    }

    /// What a version decides; `None` if it is no scenario.
    fn decides(&self, edits: impl Iterator<Item = usize>) -> Option<[u8; 32]> {
        let mut edits: Vec<usize> = edits.collect();
        edits.sort_unstable();
        if let Some(known) = self.seen.borrow().get(&edits) {
            return *known;
        }
        let decides = self.register(edits.iter().copied()).map(|register| register.fingerprint());
        self.seen.borrow_mut().insert(edits, decides);
        decides
    }

    /// Edits that move nothing, neither as the first nor as the last; and of those that no version can be without or with,
    /// what moves nothing where it can be made or left.
    fn idle(&self, [before, after]: &[Register; 2]) -> Idle {
        let all: Vec<usize> = (0..self.edits.len()).collect();
        let (start, end) = (Some(before.fingerprint()), Some(after.fingerprint()));
        let but = |edit: usize, also: &[usize]| -> Vec<usize> {
            all.iter().copied().filter(|e| *e != edit && !also.contains(e)).collect()
        };
        let mut idle = Idle { first: Vec::new(), never: Vec::new() };
        for edit in &all {
            let with = self.decides(idle.first.iter().copied().chain([*edit]));
            let without = self.decides(but(*edit, &[]).into_iter());
            if with == start && (without == end || without.is_none()) {
                idle.first.push(*edit);
            }
        }
        for edit in all.iter().filter(|edit| !idle.first.contains(edit)).collect::<Vec<_>>() {
            let with = self.decides(idle.first.iter().copied().chain([*edit]));
            let without = self.decides(but(*edit, &idle.never).into_iter());
            if without == end && (with == start || with.is_none()) {
                idle.never.push(*edit);
            }
        }
        idle
    }

    /// Groups of which every combination that is to be run makes a scenario.
    fn groups(&self, first: &[usize], moving: &[usize]) -> (Vec<Group>, bool) {
        let single = |edit: &usize| Group { edits: vec![*edit], inseparable: false };
        let mut groups: Vec<Group> = moving.iter().map(single).collect();
        let mut coarse = false;
        let entry = |edit: &Edit| edit.belongs_to();
        let table = |edit: &Edit| edit.segments()[0].clone();
        for name in [&entry as &dyn Fn(&Edit) -> String, &table] {
            if groups.len() > MOST_GROUPS {
                coarse = true;
                let mut named: Vec<(String, Group)> = Vec::new();
                for group in groups {
                    let name = name(&self.edits[group.edits[0]]);
                    match named.iter_mut().find(|(other, _)| *other == name) {
                        Some((_, present)) => present.edits.extend(group.edits),
                        None => named.push((name, group)),
                    }
                }
                groups = named.into_iter().map(|(_, group)| group).collect();
            }
        }
        let works = |groups: &[Group], chosen: &[bool]| {
            let chosen = groups.iter().zip(chosen).filter(|(_, chosen)| **chosen).flat_map(|(group, _)| &group.edits);
            self.decides(first.iter().chain(chosen).copied()).is_some()
        };
        loop {
            let n = groups.len();
            // Each alone and all but each find most of what belongs together, before many combinations are tried.
            let alone = (0..n).map(|g| (0..n).map(|other| other == g).collect::<Vec<bool>>());
            let but = (0..n).map(|g| (0..n).map(|other| other != g).collect::<Vec<bool>>());
            let all = alone.chain(but).chain(Attribution::of(n).combinations);
            let Some(fails) = all.into_iter().find(|chosen| !works(&groups, chosen)) else {
                return (groups, coarse);
            };
            let together = involved(&fails, |chosen| works(&groups, chosen));
            if together.iter().filter(|t| **t).count() < 2 {
                // All of them together make the new version: this cannot be.
                return (vec![Group { edits: moving.to_vec(), inseparable: true }], coarse);
            }
            groups = merged(groups, &together);
        }
    }
}

/// Groups that stand in each other's way or need each other: as few as possible of a combination that fails, and as few
/// of the others as it takes to make it work.
fn involved(fails: &[bool], works: impl Fn(&[bool]) -> bool) -> Vec<bool> {
    let mut core = fails.to_vec();
    for g in 0..core.len() {
        if core[g] {
            core[g] = false;
            if works(&core) {
                core[g] = true;
            }
        }
    }
    let mut whole = vec![true; core.len()];
    for g in 0..core.len() {
        if !core[g] {
            whole[g] = false;
            if !works(&whole) {
                whole[g] = true;
            }
        }
    }
    whole
}

/// The groups with some of them made one, in the place of the first.
fn merged(groups: Vec<Group>, together: &[bool]) -> Vec<Group> {
    let mut merged: Vec<Group> = Vec::new();
    let mut place = None;
    for (group, joins) in groups.into_iter().zip(together) {
        match (joins, place) {
            (true, Some(place)) => {
                let first: &mut Group = &mut merged[place];
                first.edits.extend(group.edits);
                first.inseparable = true;
            }
            _ => {
                if *joins {
                    place = Some(merged.len());
                }
                merged.push(group);
            }
        }
    }
    merged.iter_mut().for_each(|group| group.edits.sort_unstable());
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_another_is_found_with_it_and_nothing_else() {
        // The third needs the first; the fourth is free.
        let works = |chosen: &[bool]| !chosen[2] || chosen[0];
        assert_eq!(involved(&[false, true, true, true], works), [true, false, true, false]);
        // The first and the second only go together with the fourth.
        let works = |chosen: &[bool]| !(chosen[0] && chosen[1]) || chosen[3];
        assert_eq!(involved(&[true, true, false, false], works), [true, true, false, true]);
        let groups = (0..4).map(|edit| Group { edits: vec![edit], inseparable: false }).collect();
        let merged = merged(groups, &[true, false, true, false]);
        assert_eq!(merged.iter().map(|g| g.edits.clone()).collect::<Vec<_>>(), [vec![0, 2], vec![1], vec![3]]);
        assert!(merged[0].inseparable && !merged[1].inseparable);
    }
}
