//! What several benchmarks run: the scenarios, parts of the verification network, and generated networks of any size.

use std::fmt::Write;
use std::path::Path;

use golive::program::Program;
use golive::register::{Node, Register};
use golive::scenario::{Document, Variant};

/// The verification network.
pub const NETWORK_50: &str = "scenarios/verification/network-50.toml";

/// The real case, and the plan of it that is timed.
pub const NOVEMBER: (&str, Option<&str>) = ("scenarios/november-2021.toml", Some("P1"));

/// The seed of every benchmark.
pub const SEED: u64 = 1;

/// A file of the package.
pub fn document(file: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    Document::load(path).unwrap_or_else(|findings| panic!("{findings}"))
}

/// A document under a plan.
pub fn register(document: &Document, plan: Option<&str>) -> Register {
    let (register, _) = document.register(&Variant::plan(plan)).unwrap_or_else(|findings| panic!("{findings}"));
    register
}

/// A file of the package under a plan, lowered.
pub fn program(file: &str, plan: Option<&str>) -> Program {
    Program::lower(register(&document(file), plan), SEED)
}

/// A network without its risks.
pub fn without_risks(mut register: Register) -> Register {
    register.risks.clear();
    register
}

/// A network whose draws are independent.
pub fn without_correlation(mut register: Register) -> Register {
    register.dependence = golive::register::Dependence::default();
    register
}

/// A network whose durations are certain, each at its mean: nothing is drawn for them.
pub fn with_constant_durations(register: Register) -> Register {
    let mut register = without_correlation(register);
    for duration in register.activities.iter().map(|a| a.duration.days).collect::<Vec<_>>() {
        if let Node::Draw(leaf) = &register.quantities[duration].node {
            let mean = leaf.distribution.mean();
            register.quantities.replace(duration, Node::Constant(mean));
        }
    }
    register
}

/// A network of `n` activities in layers of ten, three links each, triangular durations, and a risk for every five.
pub fn layers(n: usize) -> Document {
    let text = layers_text(n).expect("a string");
    Document::parse("layers.toml", &text).unwrap_or_else(|findings| panic!("{findings}"))
}

fn layers_text(n: usize) -> Result<String, std::fmt::Error> {
    let mut text =
        String::from("[scenario]\nid = \"layers\"\ntitle = \"Layers\"\n[measures.finish]\ntitle = \"Finish\"\n");
    text.push_str("[activities]\n");
    for i in 0..n {
        let mode = 2 + i % 7;
        let (min, max) = (mode - 1, mode + 4);
        write!(
            text,
            "A{i}={{duration={{triangular={{min={min},mode={mode},max={max}}},unit=\"days\",basis=\"assumed\"}}"
        )?;
        if i >= 10 {
            let first = (i / 10 - 1) * 10;
            let after: Vec<String> = [0, 3, 7].iter().map(|k| format!("\"A{}\"", first + (i + k) % 10)).collect();
            write!(text, ",after=[{}]", after.join(","))?;
        }
        text.push_str("}\n");
    }
    text.push_str("[risks]\n");
    for i in (0..n).step_by(5) {
        writeln!(
            text,
            "R{i}={{title=\"R{i}\",probability={{value=0.2,basis=\"assumed\"}},effects=[{{delay={{activities=[\"A{i}\"],\
             by={{uniform={{min=1,max=5}},unit=\"days\",basis=\"assumed\"}}}}}}]}}"
        )?;
    }
    Ok(text)
}
