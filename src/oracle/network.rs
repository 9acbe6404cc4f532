//! Networks of activities with known durations: start and finish of each by the links' definitions.
//!
//! In: durations, links, lags. Out: the least times that satisfy every link. Found by raising times
//! until no link complains, not by walking the network in order (the longest-path recursion of
//! Bellman and Ford, by relaxation). With [`super::Finite`] durations the network is enumerated.

/// Kinds of links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Successor starts at or after the predecessor's finish + lag.
    FinishStart,
    /// Successor starts at or after the predecessor's start + lag.
    StartStart,
    /// Successor finishes at or after the predecessor's finish + lag.
    FinishFinish,
    /// Successor finishes at or after the predecessor's start + lag.
    StartFinish,
}

/// A link from a predecessor.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// Index of the predecessor.
    pub from: usize,
    /// Kind.
    pub kind: LinkKind,
    /// Lag in days.
    pub lag: f64,
}

/// An activity: how long it takes, and what it waits for.
#[derive(Debug, Clone)]
pub struct Task {
    /// Days.
    pub days: f64,
    /// Links from predecessors.
    pub links: Vec<Link>,
}

/// Start and finish.
pub type Times = (f64, f64);

impl Task {
    /// An activity of so many days after others, finish to start.
    pub fn after(days: f64, predecessors: &[usize]) -> Self {
        let links = predecessors.iter().map(|from| Link { from: *from, kind: LinkKind::FinishStart, lag: 0.0 });
        Self { days, links: links.collect() }
    }

    /// The same with a link of another kind.
    #[must_use]
    pub fn linked(mut self, from: usize, kind: LinkKind, lag: f64) -> Self {
        self.links.push(Link { from, kind, lag });
        self
    }
}

/// The earliest start and finish of every activity, none before day 0, each done in one piece.
///
/// # Panics
/// If the links form a circle.
pub fn forward_pass(tasks: &[Task]) -> Vec<Times> {
    let mut start = vec![0.0_f64; tasks.len()];
    for _ in 0..=tasks.len() {
        let mut settled = true;
        for (i, task) in tasks.iter().enumerate() {
            for link in &task.links {
                let (begun, done) = (start[link.from], start[link.from] + tasks[link.from].days);
                let least_start = match link.kind {
                    LinkKind::FinishStart => done + link.lag,
                    LinkKind::StartStart => begun + link.lag,
                    LinkKind::FinishFinish => done + link.lag - task.days,
                    LinkKind::StartFinish => begun + link.lag - task.days,
                };
                if least_start > start[i] {
                    start[i] = least_start;
                    settled = false;
                }
            }
        }
        if settled {
            let finish = tasks.iter().zip(&start).map(|(task, s)| (*s, s + task.days));
            return finish.collect();
        }
    }
    panic!("the links form a circle");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_the_list_does_not_matter() {
        // 2 → 1 → 0, and 0 finishes at least 4 days after 2 starts.
        let tasks = [
            Task::after(1.0, &[1]).linked(2, LinkKind::StartFinish, 14.0),
            Task::after(3.0, &[2]),
            Task::after(5.0, &[]),
        ];
        assert_eq!(forward_pass(&tasks), [(13.0, 14.0), (5.0, 8.0), (0.0, 5.0)]);
    }
}
