//! Small studies for the tests of texts and charts: what deploying together adds, and responses.

use std::fmt::Write as _;

use super::responses::{ResponsesOutlook, input_means, responses};
use super::together::{How, Layout, Together, groups, siblings, study, together};
use super::{Runs, outlook};
use crate::program::Program;
use crate::scenario::{Document, Responses, Variant};
use crate::simulate::{Decision, Options, Tally, World, Worlds, simulate_paired, simulate_worlds};

const SEED: u64 = 7;
const ITERATIONS: u64 = 3000;

/// A scenario of releases on one night whose odds of back-out are multiplied by `factor` when deployed together; a gate
/// may stop them all. Plan P has all on one night, Q has the first a week later than the others.
pub fn scenario(title: &str, ids: &[&str], factor: &str) -> Document {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = format!(
        "[scenario]\nid = \"sample\"\ntitle = {}\ndata_date = 2030-01-07\nhorizon = 2030-12-31\n\
         cost_unit = \"points\"\n[windows.w]\nfirst = 2030-01-17\nevery = \"7 days\"\n\
         [gates.board]\ntitle = \"The board\"\nbefore = \"1 day\"\n\
         [criteria.quiet]\ntext = \"Quiet\"\ngate = \"board\"\n",
        quoted(title)
    );
    text += "[risks.unrest]\ntitle = \"Not quiet\"\nowner = \"all\"\n\
             probability = { uniform = { min = 0.1, max = 0.3 }, basis = \"assumed\" }\n\
             effects = [{ fail = { criterion = \"quiet\", recovery = \"7 days\" } }]\n";
    let all: Vec<String> = ids.iter().map(|id| quoted(id)).collect();
    for (place, id) in all.iter().enumerate() {
        let _ = write!(
            text,
            "[releases.{id}]\ntitle = \"{}\"\nwindows = \"w\"\nready = 2030-01-17\ngates = [\"board\"]\n\
             [risks.back-out-{place}]\ntitle = \"It is backed out\"\nprobability = {}\nreleases = [{id}]\n\
             draw = \"deployment\"\n\
             effects = [{{ back_out = {{ fix = \"9 days\" }} }}, {{ incident = {{ category = 2 }} }}]\n",
            "Title ".repeat(8).trim(),
            0.1 + 0.05 * place as f64,
        );
    }
    let back_outs: Vec<String> = (0..ids.len()).map(|place| format!("\"back-out-{place}\"")).collect();
    let _ = write!(
        text,
        "[risks.interaction]\ntitle = \"They interact\"\nwhen = {{ co_deployed = [{}] }}\n\
         effects = [{{ odds = {{ risks = [{}], factor = {factor} }} }}]\n",
        all.join(", "),
        back_outs.join(", ")
    );
    text += "[responses.calm]\ntitle = \"Keep calm\"\ntaken = true\nowner = \"all\"\n\
             scale = { \"risks.unrest.probability\" = 0.5 }\n\
             [responses.rehearse]\ntitle = \"Rehearse\"\nby = 2030-01-10\n\
             cost = { uniform = { min = 20, max = 40 } }\nset = { \"risks.back-out-0.probability\" = 0.02 }\n\
             [responses.talk]\ntitle = \"Talk about it\"\n";
    let dates = |first: &str| {
        let others = all.iter().skip(1).map(|id| format!("{id} = 2030-01-17"));
        let dates: Vec<String> = std::iter::once(format!("{} = {first}", all[0])).chain(others).collect();
        dates.join(", ")
    };
    let _ = write!(
        text,
        "[plans.P]\ntitle = {}\nreleases = {{ {} }}\n[plans.Q]\ntitle = \"Q\"\nreleases = {{ {} }}\n",
        quoted(title),
        dates("2030-01-17"),
        dates("2030-01-24")
    );
    Document::parse("sample.toml", &text).unwrap_or_else(|findings| panic!("{findings}\n{text}"))
}

fn worlds(count: u64) -> Worlds {
    Worlds { worlds: count, iterations: 64, threads: Some(1) }
}

fn program(document: &Document, variant: &Variant) -> Program {
    let (register, _) = document.register(variant).unwrap_or_else(|findings| panic!("{findings}"));
    Program::lower(register, SEED)
}

/// What deploying together adds in plan P, with so many worlds.
pub fn together_of(document: &Document, count: u64) -> Together {
    let base = Variant::plan(Some("P"));
    let (register, _) = document.register(&base).unwrap_or_else(|findings| panic!("{findings}"));
    let how = How {
        options: Options { threads: Some(1), ..Options::iterations(ITERATIONS) },
        precision: None,
        worlds: (count > 1).then(|| worlds(count)),
    };
    let mut result = together(&register, SEED, how.worlds);
    let siblings = siblings(&document.scenario().unwrap(), "P");
    for group in groups(&register) {
        let layout = Layout::of(&register, &group);
        let variants = layout.runs.iter().map(|dates| base.clone().with(vec![document.other_dates("P", dates)]));
        let programs: Vec<Program> = variants.map(|variant| program(document, &variant)).collect();
        result.groups.push(study(&programs, &layout, &siblings, how, &|_| {}).unwrap());
    }
    result
}

/// The responses of plan P.
pub fn responses_of(document: &mut Document) -> ResponsesOutlook {
    let base = Variant::plan(Some("P"));
    let file = document.for_plan("P").unwrap().scenario().unwrap();
    let mut variants: Vec<Variant> = [Responses::None, Responses::AsPlanned, Responses::All]
        .map(|responses| Variant { responses, ..base.clone() })
        .into();
    for (id, response) in &file.responses {
        let text = format!("responses.{id}.taken = {}", response.taken != Some(true));
        variants.push(base.clone().with(vec![document.change_from_text("test", &text, false).unwrap()]));
    }
    let programs: Vec<Program> = variants.iter().map(|variant| program(document, variant)).collect();
    let mut decisions: Vec<Decision> = file.risks.keys().cloned().map(Decision::Occurs).collect();
    decisions.extend(Decision::all(&programs));
    let options = Options { threads: Some(1), ..Options::iterations(ITERATIONS) };
    let (tallies, paired) = simulate_paired(&programs, &decisions, options, &|_| {}).unwrap();
    let days = vec![Vec::new(); programs.len()];
    let worlds: Vec<World> = simulate_worlds(&programs, &decisions, &days, worlds(20), &|_| {}).unwrap();
    let runs: Vec<(&Program, &Tally)> = programs.iter().zip(&tallies).collect();
    let means = input_means(&programs[..3], options, &|_| {}).unwrap();
    let mut outlook = outlook(&runs);
    let runs = Runs { programs: &programs, tallies: &tallies, decisions: &decisions, paired: &paired, worlds: &worlds };
    runs.add_input_intervals(&mut outlook);
    responses(document, &file, &outlook, &runs, &means)
}
