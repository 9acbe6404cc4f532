//! What a plan and a what-if change: their responses, then what they set and scale themselves.
//!
//! In: a document with plans. Out: layers of changes in the order in which they apply:
//! 1. which responses are taken, written to `responses.<id>.taken`;
//! 2. what the responses set (two that set the same place are an error);
//! 3. what each response scales (factors of several multiply);
//! 4. what the plan sets and scales; 5. what the what-if sets and scales.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, ChangeKind, overlaps};
use super::node::{Node, Span, Value};
use super::{Document, path};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::{natural_order, suggestion};

/// Which responses count as taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Responses {
    /// None: inherent risk.
    None,
    /// Those in place, those of the plan and those of the what-if: current risk.
    #[default]
    AsPlanned,
    /// All: residual risk.
    All,
}

impl Document {
    /// The document as it stands under a plan.
    ///
    /// # Errors
    /// An unknown plan or response, or changes that cannot be made.
    pub fn for_plan(&self, plan: &str) -> Result<Document, Diagnostics> {
        self.for_run(Some(plan), None, Responses::AsPlanned)
    }

    /// The document as it stands under a what-if and the plan that it is asked of: its own, or else the first.
    ///
    /// # Errors
    /// As [`Document::for_plan`].
    pub fn for_what_if(&self, what_if: &str) -> Result<Document, Diagnostics> {
        let plan = self.plan_of_what_if(what_if)?;
        self.for_run(plan.as_deref(), Some(what_if), Responses::AsPlanned)
    }

    /// The document as it stands under a plan, a what-if and a choice of responses.
    ///
    /// # Errors
    /// As [`Document::for_plan`].
    pub fn for_run(
        &self,
        plan: Option<&str>,
        what_if: Option<&str>,
        responses: Responses,
    ) -> Result<Document, Diagnostics> {
        let (document, findings) = self.attempt_run(plan, what_if, responses)?;
        findings.or_value(document)
    }

    /// The same as far as it goes: the changes that can be made, and what is wrong with the others,
    /// so that one wrong change does not hide what else is wrong.
    ///
    /// # Errors
    /// An unknown plan or what-if.
    pub fn attempt_run(
        &self,
        plan: Option<&str>,
        what_if: Option<&str>,
        responses: Responses,
    ) -> Result<(Document, Diagnostics), Diagnostics> {
        self.attempt_changed(plan, what_if, responses, &[])
    }

    /// The same with layers of changes from elsewhere after those of plan and what-if. Whether a response is taken can be
    /// among them (`responses.ID.taken`): it then brings what the response changes with it.
    ///
    /// # Errors
    /// An unknown plan or what-if.
    pub(in crate::scenario) fn attempt_changed(
        &self,
        plan: Option<&str>,
        what_if: Option<&str>,
        responses: Responses,
        changes: &[Vec<Change>],
    ) -> Result<(Document, Diagnostics), Diagnostics> {
        let (layers, mut findings) = self.layers(plan, what_if, responses, changes)?;
        let mut document = self.clone();
        for layer in layers {
            findings.extend(document.make_all(&layer));
        }
        Ok((document, findings))
    }

    /// The plan that a what-if is asked of: its own, or else the first; none in a scenario without plans.
    ///
    /// # Errors
    /// A plan that does not exist.
    pub fn plan_of_what_if(&self, what_if: &str) -> Result<Option<String>, Diagnostics> {
        let node = self.root.get("what_ifs").and_then(|table| table.get(what_if)).and_then(|node| node.get("plan"));
        let Some((node, plan)) = node.and_then(|node| Some((node, node.as_text()?))) else {
            return Ok(self.plan_ids().into_iter().next());
        };
        if self.root.get("plans").and_then(|table| table.get(plan)).is_some() {
            return Ok(Some(plan.to_owned()));
        }
        let finding = self.unknown_decider("plans", plan);
        let finding = finding.at(path::join(["what_ifs", what_if, "plan"]));
        Err(self.placed(finding, node.span).into())
    }

    /// The layers of changes that a plan makes.
    ///
    /// # Errors
    /// An unknown plan or response; responses that set the same place.
    pub fn plan_changes(&self, plan: &str) -> Result<Vec<Vec<Change>>, Diagnostics> {
        let (layers, findings) = self.layers(Some(plan), None, Responses::AsPlanned, &[])?;
        findings.or_value(layers)
    }

    fn layers(
        &self,
        plan: Option<&str>,
        what_if: Option<&str>,
        choice: Responses,
        elsewhere: &[Vec<Change>],
    ) -> Result<(Vec<Vec<Change>>, Diagnostics), Diagnostics> {
        let mut deciders = Vec::new();
        for (table, id) in [("plans", plan), ("what_ifs", what_if)] {
            let Some(id) = id else { continue };
            let node = self.root.get(table).and_then(|table| table.get(id));
            deciders.push(Decider { table, id, node: node.ok_or_else(|| self.unknown_decider(table, id))? });
        }
        let mut findings = Diagnostics::new();
        let mut own: Vec<Vec<Change>> =
            deciders.iter().map(|decider| self.written(decider.table, decider.id, decider.node)).collect();
        own.extend(elsewhere.iter().cloned());
        let taken = self.taken(&deciders, &own, choice, &mut findings);
        for layer in &mut own {
            // Who is taken has been settled; a `set` of it is spent.
            layer.retain(|change| taken_path(change).is_none_or(|id| !taken.known.contains(&id)));
        }

        let mut layers = vec![taken.flags];
        let mut sets = Vec::new();
        let mut scales = Vec::new();
        for id in &taken.ids {
            let Some(node) = self.root.get("responses").and_then(|table| table.get(id)) else {
                continue;
            };
            let changes = self.written("responses", id, node);
            findings.extend(overlaps(self, &changes));
            let (set, scale): (Vec<_>, Vec<_>) =
                changes.into_iter().partition(|change| matches!(change.kind, ChangeKind::Set(_)));
            sets.extend(set);
            scales.push(scale);
        }
        layers.push(sets);
        layers.extend(scales);
        layers.extend(own);
        layers.retain(|layer| !layer.is_empty());
        Ok((layers, findings))
    }

    /// What `set` and `scale` of a plan, response or what-if say, in the order in which they are written.
    fn written(&self, table: &str, id: &str, node: &Node) -> Vec<Change> {
        let mut changes = Vec::new();
        for key in ["set", "scale"] {
            for (path, entry) in node.get(key).and_then(Node::as_table).into_iter().flatten() {
                if matches!(entry.node.value, Value::Unreadable) {
                    continue;
                }
                let value = entry.node.clone();
                changes.push(Change {
                    path: path.clone(),
                    kind: if key == "set" { ChangeKind::Set(value) } else { ChangeKind::Scale(value) },
                    origin: path::join([table, id, key, path]),
                    span: entry.key,
                });
            }
        }
        changes.sort_by_key(|change| (change.span.file, change.span.start));
        changes
    }

    /// Which responses are taken: as things stand, then what plan and what-if say, unless the choice is none or all of
    /// them, then what changes from elsewhere say (those in `own` beyond the deciders).
    fn taken(
        &self,
        deciders: &[Decider<'_>],
        own: &[Vec<Change>],
        choice: Responses,
        findings: &mut Diagnostics,
    ) -> Taken {
        let empty = BTreeMap::new();
        let responses = self.root.get("responses").and_then(Node::as_table).unwrap_or(&empty);
        let mut taken: Flags<'_> = BTreeMap::new();
        for (id, entry) in responses {
            let flag = entry.node.get("taken");
            let now = matches!(flag.map(|flag| &flag.value), Some(Value::Boolean(true)));
            taken.insert(id, (now, String::new(), flag.cloned()));
        }
        for (decider, changes) in deciders.iter().zip(own) {
            for (index, item) in decider.node.get("responses").map(Node::items).unwrap_or_default().iter().enumerate() {
                let Some(id) = item.as_text() else { continue };
                let origin = path::join([decider.table, decider.id, "responses", &index.to_string()]);
                match taken.get_mut(id) {
                    Some(state) => *state = (true, origin, Some(item.clone())),
                    None => {
                        let known = || responses.keys().map(String::as_str);
                        let finding = Diagnostic::error("unknown-response", format!("`{id}` is not a response"))
                            .at(origin)
                            .allowed(suggestion::list(known()));
                        let finding = match suggestion::nearest(id, known()) {
                            Some(near) => finding.hint(format!("did you mean `{near}`?")),
                            None => finding,
                        };
                        findings.push(self.placed(finding, item.span));
                    }
                }
            }
            flags(changes, &mut taken);
        }
        match choice {
            Responses::AsPlanned => {}
            Responses::None => taken.values_mut().for_each(|state| state.0 = false),
            Responses::All => taken.values_mut().for_each(|state| state.0 = true),
        }
        own[deciders.len()..].iter().for_each(|changes| flags(changes, &mut taken));
        let mut result = Taken { ids: Vec::new(), known: BTreeSet::new(), flags: Vec::new() };
        for (id, (now, origin, written)) in taken {
            let was = matches!(responses[id].node.get("taken").map(|flag| &flag.value), Some(Value::Boolean(true)));
            // A flag that is not true or false is left for validation to report.
            let spent = own.iter().flatten().any(|change| {
                taken_path(change).as_deref() == Some(id)
                    && matches!(&change.kind, ChangeKind::Set(node) if matches!(node.value, Value::Boolean(_)))
            });
            if spent {
                result.known.insert(id.to_owned());
            }
            if now {
                result.ids.push(id.to_owned());
            }
            if now != was {
                let span: Span = written.map_or(responses[id].key, |node| node.span);
                let flag = Node { value: Value::Boolean(now), span };
                let path = path::join(["responses", id, "taken"]);
                let origin = if origin.is_empty() { path.clone() } else { origin };
                result.flags.push(Change { path, kind: ChangeKind::Set(flag), origin, span });
            }
        }
        result.ids = natural_order(result.ids.iter()).into_iter().map(str::to_owned).collect();
        result
    }

    fn unknown_decider(&self, table: &'static str, id: &str) -> Diagnostic {
        let (code, noun, known) = match table {
            "plans" => ("unknown-plan", "a plan", self.plan_ids()),
            _ => ("unknown-what-if", "a what-if", self.what_if_ids()),
        };
        let names = || known.iter().map(String::as_str);
        let finding = Diagnostic::error(code, format!("`{id}` is not {noun} of this scenario"));
        let finding = if known.is_empty() { finding } else { finding.allowed(suggestion::list(names())) };
        match suggestion::nearest(id, names()) {
            Some(near) => finding.hint(format!("did you mean `{near}`?")),
            None => finding,
        }
    }
}

/// A plan or a what-if.
struct Decider<'d> {
    table: &'static str,
    id: &'d str,
    node: &'d Node,
}

/// Which responses are taken, and what has to be written for the document to say so.
struct Taken {
    ids: Vec<String>,
    /// Those whose being taken a plan or what-if sets by path.
    known: BTreeSet<String>,
    flags: Vec<Change>,
}

/// What each response's being taken comes to: whether it is, where that is said, and what says so.
type Flags<'d> = BTreeMap<&'d str, (bool, String, Option<Node>)>;

/// Follows the changes that say whether a response is taken.
fn flags(changes: &[Change], taken: &mut Flags<'_>) {
    for change in changes {
        let (Some(id), ChangeKind::Set(node)) = (taken_path(change), &change.kind) else {
            continue;
        };
        if let (Some(state), Value::Boolean(now)) = (taken.get_mut(id.as_str()), &node.value) {
            *state = (*now, change.origin.clone(), Some(node.clone()));
        }
    }
}

/// The response whose `taken` a change concerns.
fn taken_path(change: &Change) -> Option<String> {
    match path::parse(&change.path).ok()?.as_slice() {
        [table, id, key] if table == "responses" && key == "taken" => Some(id.clone()),
        _ => None,
    }
}
