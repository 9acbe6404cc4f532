//! Distributions: from the way a value is said to the family that is drawn from.

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::distribution::{
    Beta, Binomial, Discrete, Distribution, Empirical, EventsInExposure, Exponential, FailuresInTrials, Gamma,
    Lognormal, Normal, ParameterError, Pert, Poisson, Prior, Triangular, TruncatedNormal, Uniform, Weibull,
};
use crate::scenario::file::{self, Estimate};
use crate::time::{Duration, DurationError};

/// Something wrong with a distribution: the key below the estimate, and what.
pub(super) struct Problem {
    key: String,
    code: &'static str,
    message: String,
    allowed: Option<String>,
    hint: Option<String>,
}

impl Problem {
    fn new(key: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { key: key.into(), code, message: message.into(), allowed: None, hint: None }
    }

    fn allowed(mut self, allowed: impl Into<String>) -> Self {
        self.allowed = Some(allowed.into());
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The diagnostic of the estimate at a path.
    pub(super) fn under(self, path: &str) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.code, self.message).at(format!("{path}.{}", self.key));
        if let Some(allowed) = self.allowed {
            diagnostic = diagnostic.allowed(allowed);
        }
        if let Some(hint) = self.hint {
            diagnostic = diagnostic.hint(hint);
        }
        diagnostic
    }
}

type Found = Result<Distribution, Vec<Problem>>;

/// The ways in which an estimate says its value, by key.
pub(super) fn ways_said(estimate: &Estimate) -> Vec<&'static str> {
    macro_rules! said {
        ($($key:ident),* $(,)?) => {
            [$((stringify!($key), estimate.$key.is_some())),*]
        };
    }
    said!(
        value,
        uniform,
        triangular,
        pert,
        beta,
        normal,
        truncated_normal,
        lognormal,
        exponential,
        weibull,
        gamma,
        discrete,
        empirical,
        binomial,
        poisson,
        evidence,
        product,
        sum,
        complement,
        any_of,
        at_least_one,
        odds,
        escape,
        estimate,
    )
    .into_iter()
    .filter_map(|(key, is)| is.then_some(key))
    .collect()
}

/// The distribution of an estimate that says one; data files are relative to `folder`.
pub(super) fn distribution(estimate: &Estimate, folder: &Path) -> Found {
    if let Some(d) = &estimate.uniform {
        return family("uniform", Uniform::new(d.min, d.max));
    }
    if let Some(d) = &estimate.triangular {
        return family("triangular", Triangular::new(d.min, d.mode, d.max));
    }
    if let Some(d) = &estimate.pert {
        return family("pert", Pert::new(d.min, d.mode, d.max, d.shape.unwrap_or(4.0)));
    }
    if let Some(d) = &estimate.beta {
        return family("beta", Beta::on_range(d.alpha, d.beta, d.min.unwrap_or(0.0), d.max.unwrap_or(1.0)));
    }
    if let Some(d) = &estimate.normal {
        return family("normal", Normal::new(d.mean, d.sd));
    }
    if let Some(d) = &estimate.truncated_normal {
        let (min, max) = (d.min.unwrap_or(f64::NEG_INFINITY), d.max.unwrap_or(f64::INFINITY));
        return family("truncated_normal", TruncatedNormal::new(d.mean, d.sd, min, max));
    }
    if let Some(d) = &estimate.exponential {
        return family("exponential", Exponential::with_mean(d.mean));
    }
    if let Some(d) = &estimate.weibull {
        return family("weibull", Weibull::new(d.shape, d.scale));
    }
    if let Some(d) = &estimate.binomial {
        return family("binomial", Binomial::new(d.trials, d.probability));
    }
    if let Some(d) = &estimate.poisson {
        return family("poisson", Poisson::new(d.mean));
    }
    if let Some(d) = &estimate.discrete {
        let weights = d.weights.clone().unwrap_or_else(|| vec![1.0; d.values.len()]);
        return family("discrete", Discrete::new(&d.values, &weights));
    }
    if let Some(d) = &estimate.lognormal {
        return lognormal(d);
    }
    if let Some(d) = &estimate.gamma {
        return gamma(d);
    }
    if let Some(d) = &estimate.empirical {
        return family("empirical", Empirical::new(&column(d, folder)?));
    }
    if let Some(d) = &estimate.evidence {
        return evidence(d);
    }
    Err(vec![Problem::new("value", "not-one-value", "the estimate says no value")])
}

/// Names of parameters in the file, where they differ from those of the families.
fn key_of(parameter: &str) -> &str {
    match parameter {
        "a" => "alpha",
        "b" => "beta",
        "p" => "probability",
        other => other,
    }
}

fn family<T: Into<Distribution>>(way: &str, made: Result<T, Vec<ParameterError>>) -> Found {
    made.map(Into::into).map_err(|errors| {
        errors
            .into_iter()
            .map(|e| Problem {
                key: format!("{way}.{}", key_of(e.parameter)),
                code: "bad-parameter",
                message: format!("{}: {}", key_of(e.parameter), e.problem),
                allowed: Some(e.allowed),
                hint: e.hint,
            })
            .collect()
    })
}

fn lognormal(d: &file::Lognormal) -> Found {
    let given: Vec<(f64, f64)> =
        [(0.05, d.p5), (0.1, d.p10), (0.2, d.p20), (0.5, d.median), (0.8, d.p80), (0.9, d.p90), (0.95, d.p95)]
            .into_iter()
            .filter_map(|(p, x)| x.map(|x| (p, x)))
            .collect();
    match (given.as_slice(), d.sigma) {
        ([(_, median)], Some(sigma)) if d.median.is_some() => {
            family("lognormal", Lognormal::from_median_sigma(*median, sigma))
        }
        ([(pa, xa), (pb, xb)], None) => family("lognormal", Lognormal::from_percentiles(*pa, *xa, *pb, *xb)),
        _ => Err(vec![
            Problem::new("lognormal", "bad-parameter", "a lognormal distribution has two parameters")
                .allowed("two of p5, p10, p20, median, p80, p90, p95; or median and sigma")
                .hint("as in `lognormal = { median = 4, p90 = 12 }`"),
        ]),
    }
}

fn gamma(d: &file::Gamma) -> Found {
    match (d.shape, d.scale, d.mean, d.sd) {
        (Some(shape), Some(scale), None, None) => family("gamma", Gamma::new(shape, scale)),
        (None, None, Some(mean), Some(sd)) if mean > 0.0 && sd > 0.0 => {
            family("gamma", Gamma::new((mean / sd) * (mean / sd), sd * sd / mean))
        }
        (None, None, Some(_), Some(_)) => Err(vec![
            Problem::new("gamma", "bad-parameter", "mean and sd of a gamma distribution are above 0")
                .allowed("mean > 0, sd > 0"),
        ]),
        _ => Err(vec![
            Problem::new("gamma", "bad-parameter", "a gamma distribution has two parameters")
                .allowed("shape and scale, or mean and sd"),
        ]),
    }
}

fn evidence(d: &file::Evidence) -> Found {
    let prior = match d.prior {
        Some(file::Prior::Uniform) => Prior::Uniform,
        Some(file::Prior::Jeffreys) | None => Prior::Jeffreys,
    };
    match (d.failures, d.trials, d.events, &d.exposure) {
        (Some(failures), Some(trials), None, None) => {
            let evidence = FailuresInTrials { failures: failures.into(), trials: trials.into(), prior };
            family("evidence", evidence.posterior())
        }
        (None, None, Some(events), Some(exposure)) => {
            let exposure = match Duration::parse(exposure) {
                Ok(d) => d.days(),
                Err(problem) => {
                    let message = format!("`{exposure}`: {problem}");
                    let hint = if problem == DurationError::NoUnit { format!("write \"{} days\"", exposure.trim()) } else { "as in \"61 days\"".to_owned() };
                    return Err(vec![Problem::new("evidence.exposure", "bad-duration", message).hint(hint)]);
                }
            };
            family("evidence", EventsInExposure { events: events.into(), exposure, prior }.posterior())
        }
        _ => Err(vec![
            Problem::new("evidence", "bad-evidence", "evidence is failures in trials, or events in an exposure")
                .allowed("failures and trials, or events and exposure")
                .hint("as in `evidence = { failures = 1, trials = 2 }` or `evidence = { events = 4, exposure = \"61 days\" }`"),
        ]),
    }
}

/// A column of numbers of a CSV file with a header.
fn column(d: &file::Empirical, folder: &Path) -> Result<Vec<f64>, Vec<Problem>> {
    let problem = |key: &str, message: String| vec![Problem::new(format!("empirical.{key}"), "bad-data-file", message)];
    let path = folder.join(&d.file);
    let unreadable = |why: &dyn std::fmt::Display| {
        vec![
            Problem::new("empirical.file", "bad-data-file", format!("`{}` cannot be read: {why}", d.file))
                .allowed("a CSV file with a header")
                .hint("its name is relative to the folder of the scenario file"),
        ]
    };
    if !path.exists() {
        return Err(unreadable(&"there is no such file"));
    }
    let mut reader = csv::Reader::from_path(&path).map_err(|e| unreadable(&e))?;
    let headers = reader.headers().map_err(|e| problem("file", format!("`{}` is not CSV: {e}", d.file)))?.clone();
    let Some(place) = headers.iter().position(|h| h.trim() == d.column) else {
        let known: Vec<&str> = headers.iter().collect();
        return Err(problem("column", format!("`{}` has no column `{}`, only {}", d.file, d.column, known.join(", "))));
    };
    let mut values = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|e| problem("file", format!("`{}`: {e}", d.file)))?;
        let cell = record.get(place).unwrap_or("").trim();
        match cell.parse::<f64>() {
            Ok(value) if value.is_finite() => values.push(value),
            _ => {
                return Err(problem("column", format!("`{}` row {}: `{cell}` is not a number", d.file, row + 2)));
            }
        }
    }
    Ok(values)
}
