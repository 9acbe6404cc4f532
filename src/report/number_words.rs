//! Numbers of a scenario in words: value, unit, basis, and where they come from.
//!
//! In: a quantity as written. Out: a phrase such as "most likely 0.06, from 0.02 to 0.15 (PERT)".

use crate::scenario::file::{Basis, Estimate, Evidence, Exact, Gamma, Lognormal, Prior, Quantity};

/// A quantity in words.
pub fn quantity(quantity: &Quantity) -> String {
    match quantity {
        Quantity::Number(number) => plain(*number),
        Quantity::Text(text) => text.clone(),
        Quantity::Estimate(estimate) => value(estimate),
    }
}

/// A number with the fewest digits that read back the same.
pub fn plain(number: f64) -> String {
    number.to_string().replace('-', "−")
}

/// The value of an estimate in words, with its unit and factor.
pub fn value(e: &Estimate) -> String {
    let unit = e.unit.as_deref().map_or_else(String::new, |unit| format!(" {unit}"));
    let mut words = form(e, &unit);
    if let Some(times) = &e.times {
        words = format!("{words}, times {}", quantity(times));
    }
    words
}

/// What an estimate rests on; nothing said counts as assumed.
pub fn basis(estimate: &Estimate) -> Basis {
    estimate.basis.unwrap_or(Basis::Assumed)
}

/// A basis in a word.
pub fn basis_word(basis: Basis) -> &'static str {
    match basis {
        Basis::Stated => "stated",
        Basis::Derived => "derived",
        Basis::BaseRate => "base rate",
        Basis::Assumed => "assumed",
    }
}

fn form(e: &Estimate, unit: &str) -> String {
    let between =
        |low: f64, high: f64, family: &str| format!("from {} to {}{unit} ({family})", plain(low), plain(high));
    let three = |min: f64, mode: f64, max: f64, family: &str| {
        format!("most likely {}, {}", plain(mode), between(min, max, family))
    };
    if let Some(exact) = &e.value {
        return match exact {
            Exact::Number(number) => format!("{}{unit}", plain(*number)),
            Exact::Text(text) => text.clone(),
        };
    }
    if let Some(u) = &e.uniform {
        return between(u.min, u.max, "uniform");
    }
    if let Some(t) = &e.triangular {
        return three(t.min, t.mode, t.max, "triangular");
    }
    if let Some(p) = &e.pert {
        let family = p.shape.map_or_else(|| "PERT".to_owned(), |shape| format!("PERT, shape {}", plain(shape)));
        return three(p.min, p.mode, p.max, &family);
    }
    if let Some(b) = &e.beta {
        let range = match (b.min, b.max) {
            (None, None) => String::new(),
            (min, max) => format!(" on {} to {}", plain(min.unwrap_or(0.0)), plain(max.unwrap_or(1.0))),
        };
        return format!("Beta({}, {}){range}{unit}", plain(b.alpha), plain(b.beta));
    }
    if let Some(n) = &e.normal {
        return format!("mean {}, standard deviation {}{unit} (normal)", plain(n.mean), plain(n.sd));
    }
    if let Some(n) = &e.truncated_normal {
        let end = |end: Option<f64>| end.map_or_else(|| "no bound".to_owned(), plain);
        let cut = format!("cut off below {} and above {}", end(n.min), end(n.max));
        return format!("mean {}, standard deviation {}{unit} (normal, {cut})", plain(n.mean), plain(n.sd));
    }
    if let Some(l) = &e.lognormal {
        return format!("{}{unit} (lognormal)", lognormal(l));
    }
    if let Some(x) = &e.exponential {
        return format!("mean {}{unit} (exponential)", plain(x.mean));
    }
    if let Some(w) = &e.weibull {
        return format!("shape {}, scale {}{unit} (Weibull)", plain(w.shape), plain(w.scale));
    }
    if let Some(g) = &e.gamma {
        return format!("{}{unit} (gamma)", gamma(g));
    }
    if let Some(d) = &e.discrete {
        let values: Vec<String> = match &d.weights {
            None => d.values.iter().map(|v| plain(*v)).collect(),
            Some(w) => d.values.iter().zip(w).map(|(v, w)| format!("{} (weight {})", plain(*v), plain(*w))).collect(),
        };
        return format!("one of {}{unit}", values.join(", "));
    }
    composed(e).unwrap_or_else(|| rest(e, unit))
}

/// Numbers made of other numbers.
fn composed(e: &Estimate) -> Option<String> {
    if let Some(factors) = &e.product {
        return Some(factors.iter().map(nested).collect::<Vec<_>>().join(" × "));
    }
    if let Some(terms) = &e.sum {
        return Some(terms.iter().map(nested).collect::<Vec<_>>().join(" + "));
    }
    if let Some(p) = &e.complement {
        return Some(format!("1 − {}", nested(p)));
    }
    if let Some(any) = &e.any_of {
        return Some(format!("at least one of {}, each {}", quantity(&any.count), nested(&any.probability)));
    }
    if let Some(one) = &e.at_least_one {
        return Some(format!(
            "at least one event in {} at a rate of {} a day",
            quantity(&one.within),
            nested(&one.rate)
        ));
    }
    if let Some(odds) = &e.odds {
        return Some(format!("{} with its odds times {}", nested(&odds.probability), nested(&odds.factor)));
    }
    let escape = e.escape.as_ref()?;
    Some(format!("{} × (1 − coverage {} × {})", nested(&escape.prevalence), escape.coverage, nested(&escape.detection)))
}

/// A number within another: in parentheses if it is more than a name or a number.
fn nested(q: &Quantity) -> String {
    match q {
        Quantity::Estimate(_) => format!("({})", quantity(q)),
        _ => quantity(q),
    }
}

fn rest(e: &Estimate, unit: &str) -> String {
    if let Some(x) = &e.empirical {
        return format!("resampled from the column {} of {}{unit}", x.column, x.file);
    }
    if let Some(b) = &e.binomial {
        return format!("number of successes in {} trials of {}{unit}", b.trials, plain(b.probability));
    }
    if let Some(p) = &e.poisson {
        return format!("number of events, mean {}{unit} (Poisson)", plain(p.mean));
    }
    if let Some(evidence) = &e.evidence {
        return self::evidence(evidence);
    }
    e.estimate.clone().unwrap_or_default()
}

fn evidence(e: &Evidence) -> String {
    let prior = match e.prior.unwrap_or(Prior::Jeffreys) {
        Prior::Jeffreys => "Jeffreys prior",
        Prior::Uniform => "uniform prior",
    };
    match (e.failures, e.trials, e.events, &e.exposure) {
        (Some(k), Some(n), _, _) => format!("{k} in {n} observed (Beta posterior, {prior})"),
        (_, _, Some(k), Some(time)) => format!("{k} events in {time} observed (Gamma posterior, {prior}), a day"),
        _ => format!("observations ({prior})"),
    }
}

fn named(parts: &[(&str, Option<f64>)]) -> String {
    let given = parts.iter().filter_map(|(name, value)| Some(format!("{name} {}", plain((*value)?))));
    given.collect::<Vec<_>>().join(", ")
}

fn lognormal(l: &Lognormal) -> String {
    named(&[
        ("P5", l.p5),
        ("P10", l.p10),
        ("P20", l.p20),
        ("median", l.median),
        ("P80", l.p80),
        ("P90", l.p90),
        ("P95", l.p95),
        ("sigma", l.sigma),
    ])
}

fn gamma(g: &Gamma) -> String {
    named(&[("shape", g.shape), ("scale", g.scale), ("mean", g.mean), ("standard deviation", g.sd)])
}
