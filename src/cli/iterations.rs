//! Every iteration of a plan as a row of CSV.

use std::path::Path;

use crate::export::{Cell, IterationTable, WriteError, file_name};
use crate::program::{CostCause, NOT_LIVE, Outcome, Program};
use crate::register::Register;
use crate::simulate::every_block;

/// Writes `iterations-<plan>.csv`: for each release its go-live date (empty when not live by the
/// horizon), number of deployments, and whether it was live on target, missed a gate, asked for
/// consent; which scope items ship; incidents; cost; finish times.
pub(super) fn write(folder: &Path, program: &Program, iterations: u64) -> Result<(), WriteError> {
    let register = program.register();
    let header = header(register);
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let name = format!("iterations-{}.csv", file_name(&register.plan));
    let mut table = IterationTable::create(folder, &name, &header)?;
    every_block(program, iterations, |outcome| {
        (0..outcome.lanes).try_for_each(|lane| table.row(row(program, outcome, lane)))
    })?;
    table.finish()
}

fn header(register: &Register) -> Vec<String> {
    let mut header = vec!["iteration".to_owned()];
    for release in &register.releases {
        for column in ["go_live", "deployments", "on_target", "on_target_and_stays", "no_go", "consent_needed"] {
            header.push(format!("{}.{column}", release.id));
        }
    }
    header.extend(register.scope.iter().map(|item| format!("ships.{}", item.id)));
    if !register.releases.is_empty() {
        header.extend((1..=5).map(|category| format!("extra_incidents.{category}")));
        header.extend(register.processes.iter().map(|p| format!("background.{}", p.id)));
        header.extend(["days_in_incidents", "days_in_extra_incidents"].map(str::to_owned));
    }
    header.push("cost".to_owned());
    if register.prices.is_some() {
        let parts = ["risks", "responses", "delay", "not_live", "back_outs", "incidents"];
        header.extend(parts.map(|cause| format!("cost.{cause}")));
        header.push("cost_of_background_incidents".to_owned());
    }
    header.extend(register.measures.iter().map(|m| format!("finish_days.{}", m.id)));
    header
}

fn row<'a>(program: &Program, outcome: &Outcome, lane: usize) -> Vec<Cell<'a>> {
    let register = program.register();
    let stride = outcome.cost.len();
    let mut row = vec![Cell::from(outcome.first + lane as u64)];
    for r in 0..register.releases.len() {
        let window = outcome.live_window[r * stride + lane];
        let day = (window != NOT_LIVE).then(|| program.windows()[usize::from(window)]);
        let date = day.zip(register.dates).and_then(|(day, dates)| dates.zero.date(day));
        row.push(date.map_or(Cell::Empty, Cell::Date));
        row.push(Cell::from(u64::from(outcome.attempts[r * stride + lane])));
        for mask in [&outcome.on_target, &outcome.kept_on_target, &outcome.no_go, &outcome.consent] {
            row.push(Cell::Flag(mask[r].get(lane)));
        }
    }
    row.extend(outcome.ships.iter().map(|ships| Cell::Flag(ships.get(lane))));
    if !register.releases.is_empty() {
        row.extend((0..5).map(|c| Cell::from(u64::from(outcome.incidents[c * stride + lane]))));
        let processes = 0..register.processes.len();
        row.extend(processes.map(|p| Cell::from(u64::from(outcome.background[p * stride + lane]))));
        row.push(Cell::Number(outcome.days_in_incidents[lane]));
        row.push(Cell::Number(outcome.days_in_extra[lane]));
    }
    row.push(Cell::Number(outcome.cost[lane]));
    if register.prices.is_some() {
        row.extend((0..CostCause::ALL.len()).map(|cause| Cell::Number(outcome.cost_by_cause[cause * stride + lane])));
        row.push(Cell::Number(outcome.cost_of_background[lane]));
    }
    row.extend((0..register.measures.len()).map(|m| Cell::Number(outcome.measures[m * stride + lane])));
    row
}
