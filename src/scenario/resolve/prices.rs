//! Prices of delay, back-outs and incidents: their releases, their due dates, their size.

use super::Resolver;
use super::quantity::Role;
use crate::diagnostic::Diagnostic;
use crate::register::{DelayPrice, Prices, QuantityId, Release};
use crate::scenario::file;
use crate::scenario::natural_order;
use crate::time::long_date;

/// Beyond this the cost of all delay is a slip of the pen, and exact sums would not hold it.
const LARGEST: f64 = 1e12;

impl Resolver<'_> {
    /// Prices, in a scenario that has any.
    pub(super) fn prices(&mut self, releases: &[Release]) -> Option<Prices> {
        let written = &self.file.prices;
        if written.delay.is_empty() && written.back_out.is_empty() && written.incident.is_empty() {
            return None;
        }
        if self.file.scenario.cost_unit.is_none() {
            self.error(
                Diagnostic::warning("prices-without-unit", "nothing says in what the prices are")
                    .at("prices")
                    .hint("add `cost_unit = \"GBP\"` to [scenario]"),
            );
        }
        let known: Vec<&str> = self.file.releases.keys().map(String::as_str).collect();
        let (mut delay, mut most) = (Vec::new(), 0.0);
        for id in natural_order(written.delay.keys()) {
            let path = format!("prices.delay.{id}");
            if self.index("release", id, &known, &path).is_some() {
                delay.extend(self.delay_price(id, &written.delay[id], releases, &mut most));
            }
        }
        let mut back_out = vec![None; releases.len()];
        for id in natural_order(written.back_out.keys()) {
            let path = format!("prices.back_out.{id}");
            if self.index("release", id, &known, &path).is_none() {
                continue;
            }
            let release = releases.iter().position(|r| r.id == id);
            // A release that the plan leaves out is never backed out.
            self.in_force = release.is_some();
            let price = self.occasional_price(&written.back_out[id], &path);
            self.in_force = true;
            if let Some(release) = release {
                back_out[release] = price;
            }
        }
        let mut incident = [None; 5];
        for (category, price) in &written.incident {
            let path = format!("prices.incident.{category}");
            match category.parse::<usize>() {
                Ok(n @ 1..=5) => incident[n - 1] = self.occasional_price(price, &path),
                _ => self.error(
                    Diagnostic::error("bad-category", format!("`{category}` is not a category of incidents"))
                        .at(path)
                        .allowed("1 (worst) to 5"),
                ),
            }
        }
        Some(Prices { delay, back_out, incident })
    }

    fn delay_price(
        &mut self,
        id: &str,
        written: &file::DelayPrice,
        releases: &[Release],
        most: &mut f64,
    ) -> Option<DelayPrice> {
        let path = format!("prices.delay.{id}");
        let per_day = self.plain(&written.per_day, &format!("{path}.per_day"), Role::Price);
        let not_live = match &written.not_live {
            Some(price) => Some(self.plain(price, &format!("{path}.not_live"), Role::Price)?),
            None => None,
        };
        let dates = self.dates?;
        let due = self.due(id, written, &path)?;
        if due.0 > dates.zero.date(dates.horizon)? {
            self.error(
                Diagnostic::error(
                    "date-after-the-horizon",
                    format!("the due date {} of the release {id} is after the horizon", long_date(due.0)),
                )
                .at(if written.due.is_some() { format!("{path}.due") } else { path.clone() })
                .allowed("a date up to the horizon")
                .hint("nothing after the horizon is simulated; set a later `horizon` in [scenario]"),
            );
            return None;
        }
        let (due_day, per_day) = (dates.zero.day(due.0), per_day?);
        // The most that can come of it; of a distribution without bounds the tail is not looked at.
        let own = self.quantities[per_day].bounds.high * f64::from(dates.horizon - due_day);
        *most += if own.is_finite() { own } else { 0.0 };
        if *most > LARGEST {
            self.error(
                Diagnostic::error(
                    "too-large-a-number",
                    format!("up to the horizon delay can cost {most}, which is larger than makes sense here"),
                )
                .at(format!("{path}.per_day"))
                .allowed("at most 10¹² for all releases together")
                .hint("choose a larger `cost_unit`, such as \"GBP million\""),
            );
            return None;
        }
        Some(DelayPrice { release: releases.iter().position(|r| r.id == id), due_day, per_day, not_live })
    }

    /// The date from which the days of a release count.
    fn due(&mut self, id: &str, written: &file::DelayPrice, path: &str) -> Option<file::Date> {
        let planned = || self.file.plans.values().filter_map(|plan| plan.releases.get(id)).min_by_key(|date| date.0);
        let due = written.due.or(self.file.releases[id].approved).or_else(|| planned().copied());
        if due.is_none() {
            self.error(
                Diagnostic::error("delay-from-no-date", format!("nothing says when the release {id} is due"))
                    .at(path)
                    .allowed("`due = DATE` here, `approved = DATE` on the release, or a plan that deploys it"),
            );
        }
        due
    }

    /// A price that is drawn on each occasion on which it is paid, if it varies.
    fn occasional_price(&mut self, quantity: &file::Quantity, path: &str) -> Option<QuantityId> {
        let id = self.plain(quantity, path, Role::Price)?;
        self.drawn_on_occasions(id);
        Some(id)
    }
}
