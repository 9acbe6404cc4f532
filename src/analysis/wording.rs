//! Figures in words: dates, probabilities and counts as a committee reads them.
//!
//! In: figures of an outlook. Out: text. Terminal, charts and report share these, so that one figure
//! reads the same everywhere. A probability is never rounded to certainty: what is not exactly 0 or
//! 1 never prints as 0 or 1.

use jiff::civil::Date;

use super::outlook::{DatePercentile, DayPercentile};
use crate::estimate::Figure;
use crate::random::Sampler;

/// How iterations were placed that are not a random sample: `Sobol points in 16 scrambled replicates`.
pub fn points(sampler: Sampler, replicates: u32) -> String {
    match sampler {
        Sampler::Random => "a random sample".to_owned(),
        Sampler::Sobol => format!("Sobol points in {replicates} scrambled replicates"),
        Sampler::Lhs => format!("a Latin hypercube in {replicates} replicates"),
    }
}

/// What stands for a date or a number of days past the horizon.
pub const NOT_LIVE: &str = "not live";

pub use crate::time::long_date as date;

/// `4 Nov 2021`.
pub fn short_date(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// `4 Nov`.
pub fn day_month(date: Date) -> String {
    date.strftime("%-d %b").to_string()
}

/// `150,000`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A share as a percentage: `73.8%`, `0.04%`, `<0.01%`, and `100%` only for all.
pub fn percent(share: f64) -> String {
    let p = share * 100.0;
    if share == 0.0 || share == 1.0 {
        format!("{p:.0}%")
    } else if p < 0.01 {
        "<0.01%".to_owned()
    } else if p > 99.99 {
        ">99.99%".to_owned()
    } else if !(0.1..=99.9).contains(&p) {
        format!("{p:.2}%")
    } else {
        format!("{p:.1}%")
    }
}

/// A probability in a sentence: `0.82`, `0.997`, `below 0.0001`, and 0 or 1 only when exact.
pub fn probability(p: f64) -> String {
    if p == 0.0 || p == 1.0 {
        return format!("{p:.0}");
    }
    if p < 0.0001 {
        return "below 0.0001".to_owned();
    }
    if p > 0.9999 {
        return "above 0.9999".to_owned();
    }
    let decimals = if (0.01..=0.99).contains(&p) {
        2
    } else if (0.001..=0.999).contains(&p) {
        3
    } else {
        4
    };
    format!("{p:.decimals$}")
}

/// A probability with its standard error: `0.812 ± 0.002`.
///
/// Where every or no iteration agreed there is no standard error to show; the 95% bound stands
/// instead: `1 (≥ 0.99997)`, `0 (≤ 0.00003)`.
pub fn probability_with_error(figure: &Figure) -> String {
    let [low, high] = figure.interval;
    if low == high {
        // Certain, not sampled.
        return days(figure.estimate);
    }
    if figure.estimate == 0.0 {
        return format!("0 (≤ {})", bound(high, true));
    }
    if figure.estimate == 1.0 {
        return format!("1 (≥ {})", bound(low, false));
    }
    let decimals = decimals_of(figure.standard_error).clamp(2, 6);
    // Rare events keep a digit that is not zero.
    let decimals = decimals.max(decimals_of(figure.estimate).min(6));
    format!("{:.decimals$} ± {:.decimals$}", figure.estimate, figure.standard_error)
}

/// Where a figure lies in 90% of the worlds that the inputs allow: `0.76–0.87`; `None` where that was not asked.
///
/// As many decimals as show its width to a fifth, from two to four.
pub fn inputs_range(figure: &Figure) -> Option<String> {
    figure.inputs_interval.map(range)
}

/// A range of numbers with as many decimals as its width deserves: `0.76–0.87`, `−0.15 to −0.07`.
pub fn range([low, high]: [f64; 2]) -> String {
    if low == high {
        let decimals = decimals_of(low / 10.0).clamp(2, 4);
        return format!("{low:.decimals$}").replace('-', "−");
    }
    // An end that is not 0 does not print as 0, if four decimals can tell.
    let decimals = decimals_of((high - low) / 5.0).max(decimals_of(low)).max(decimals_of(high)).clamp(2, 4);
    let end = |x: f64| {
        let text = format!("{x:.decimals$}");
        // A rounded −0 is 0.
        if text.trim_start_matches('-').trim_matches(['0', '.']).is_empty() {
            text.trim_start_matches('-').to_owned()
        } else {
            text.replace('-', "−")
        }
    };
    if low < 0.0 || high < 0.0 {
        format!("{} to {}", end(low), end(high))
    } else {
        format!("{}–{}", end(low), end(high))
    }
}

/// A number with its standard error: `14.2 ± 0.1`, `3 ± 0` when it never varied.
pub fn number_with_error(figure: &Figure) -> String {
    if figure.standard_error == 0.0 {
        return format!("{} ± 0", days(figure.estimate));
    }
    let decimals = decimals_of(figure.standard_error).min(6);
    format!("{:.decimals$} ± {:.decimals$}", figure.estimate, figure.standard_error)
}

/// A difference with its sign and its standard error: `+0.031 ± 0.002`, `−14 ± 3`; `0, same in all` when no iteration differs.
pub fn difference_with_error(figure: &Figure) -> String {
    if figure.standard_error == 0.0 && figure.estimate == 0.0 {
        return "0, same in all".to_owned();
    }
    let decimals = decimals_of(figure.standard_error).min(6);
    format!("{} ± {:.decimals$}", fixed_sign(figure.estimate, decimals), figure.standard_error)
}

/// A signed number without trailing zeros, to so many decimals at most: `+0.5`, `−2`, `0`.
pub fn signed(x: f64, decimals: usize) -> String {
    let text = fixed_sign(x, decimals);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    (if matches!(text, "+0" | "−0") { "0" } else { text }).to_owned()
}

fn fixed_sign(x: f64, decimals: usize) -> String {
    format!("{x:+.decimals$}").replace('-', "−")
}

/// An amount of money or points to three digits at least: `1,250,000`, `−300`, `12.5`.
pub fn amount(x: f64) -> String {
    amount_to(x, decimals_of_amount(x), true)
}

/// A range of amounts, both ends with the same decimals: `63 to 122`, `1.25 to 3.40`; one if they are the same.
pub fn amount_range([low, high]: [f64; 2]) -> String {
    let decimals = decimals_of_amount(low.abs().max(high.abs()));
    let [low, high] = [low, high].map(|end| amount_to(end, decimals, decimals == 0));
    if low == high { low } else { format!("{low} to {high}") }
}

fn decimals_of_amount(x: f64) -> usize {
    match x.abs() {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    }
}

/// An amount with its standard error: `1,250,300 ± 2,100`, `250 ± 0` when it never varied.
pub fn amount_with_error(figure: &Figure) -> String {
    if figure.standard_error == 0.0 {
        return format!("{} ± 0", amount(figure.estimate));
    }
    let decimals = decimals_of(figure.standard_error).min(6);
    format!("{} ± {}", amount_to(figure.estimate, decimals, false), amount_to(figure.standard_error, decimals, false))
}

/// A number with its thousands set apart, and without trailing zeros if `short`.
fn amount_to(x: f64, decimals: usize, short: bool) -> String {
    let text = format!("{:.decimals$}", x.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = if short { part.trim_end_matches('0') } else { part };
    let mut out = String::new();
    if x < 0.0 && text.contains(|c: char| ('1'..='9').contains(&c)) {
        out.push('−');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !part.is_empty() {
        out.push('.');
        out.push_str(part);
    }
    out
}

/// A decision figure by its name in output: `SEC.p_live_on_target` is "SEC: live on the plan's date".
pub fn measure(name: &str, stays_days: u32) -> String {
    let (of, figure) = name.rsplit_once('.').map_or((String::new(), name), |(id, f)| (plain(id, 60) + ": ", f));
    let words = match figure {
        "p_live_on_target" => "live on the plan's date".to_owned(),
        "p_live_on_target_and_stays" => format!("live on the plan's date and stays {stays_days} days"),
        "p_not_live_by_horizon" => "not live by the horizon".to_owned(),
        "p_no_go" => "at least one No-Go".to_owned(),
        "p_backed_out" => "backed out at least once".to_owned(),
        "p_consent_needed" => "consent to a move needed".to_owned(),
        "p_ships" => "ships with its release".to_owned(),
        "releases_missed" => "Releases that miss their date or are reversed".to_owned(),
        "p_extra_category_1_or_2" => "At least one extra incident of category 1 or 2".to_owned(),
        "p_all_live_on_target_and_stay" => {
            format!("All releases of the plan live on their dates and stay {stays_days} days")
        }
        "extra_category_1_or_2" => "Extra incidents of category 1 or 2".to_owned(),
        "cost" => "Expected cost".to_owned(),
        other => other.to_owned(),
    };
    of + &words
}

/// Parts and their total with signs and standard errors, rounded so that what is printed of the parts adds up to what is
/// printed of the total: the total to the nearest, the parts by largest remainders, each within one last digit.
pub fn parts_with_error(parts: &[Figure], total: &Figure) -> (Vec<String>, String) {
    let decimals = parts.iter().chain([total]).map(|f| decimals_of(f.standard_error)).max().unwrap_or(0).clamp(2, 6);
    let unit = (0..decimals).fold(1.0, |unit, _| unit * 10.0);
    let whole = (total.estimate * unit).round();
    let mut rounded: Vec<f64> = parts.iter().map(|part| (part.estimate * unit).floor()).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let rest = |part: usize| parts[part].estimate * unit - (parts[part].estimate * unit).floor();
    order.sort_by(|a, b| rest(*b).total_cmp(&rest(*a)).then(a.cmp(b)));
    let missing = (whole - rounded.iter().sum::<f64>()).max(0.0) as usize;
    order.iter().take(missing).for_each(|part| rounded[*part] += 1.0);
    let text = |units: f64, error: f64| {
        if units == 0.0 && error == 0.0 {
            return "0, same in all".to_owned();
        }
        format!("{} ± {error:.decimals$}", fixed_sign(units / unit, decimals))
    };
    let shares = rounded.iter().zip(parts).map(|(units, part)| text(*units, part.standard_error)).collect();
    (shares, text(whole, total.standard_error))
}

/// The input interval of a figure for a cell; `–` where there is none.
pub fn inputs_interval(figure: &Figure) -> String {
    inputs_range(figure).unwrap_or_else(|| "–".to_owned())
}

/// `a`, `a and b`, `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A number of days without trailing zeros, to two decimals at most.
pub fn days(days: f64) -> String {
    let text = format!("{days:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    (if text == "-0" { "0" } else { text }).to_owned()
}

/// A number with so many significant digits, without trailing zeros: `0.0738`, `12.4`, `1,250`.
pub fn significant(x: f64, digits: usize) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    let mut decimals = digits.saturating_sub(1);
    let mut scaled = x.abs();
    while scaled < 1.0 && decimals < 12 {
        scaled *= 10.0;
        decimals += 1;
    }
    while scaled >= 10.0 && decimals > 0 {
        scaled /= 10.0;
        decimals -= 1;
    }
    if decimals == 0 {
        let sign = if x < 0.0 { "−" } else { "" };
        return format!("{sign}{}", count(x.abs().round() as u64));
    }
    let text = format!("{:.decimals$}", x.abs());
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if x < 0.0 && text != "0" { format!("−{text}") } else { text.to_owned() }
}

/// A percentile of a date: `Thu 18 Nov 2021`, or `not live`.
pub fn date_percentile(percentile: &DatePercentile) -> String {
    percentile.date.map_or_else(|| NOT_LIVE.to_owned(), date)
}

/// The 95% interval of a date's percentile; `None` when it is that date alone.
pub fn date_interval(percentile: &DatePercentile) -> Option<String> {
    dates_but(percentile.date, percentile.interval)
}

/// Where a date's percentile lies in 90% of the worlds; `None` when it is that date alone, or was not asked.
pub fn date_inputs(percentile: &DatePercentile) -> Option<String> {
    dates_but(percentile.date, percentile.inputs_interval?)
}

/// The same two ranges without years, for tables in which the percentile itself has its year.
pub fn date_ranges_in_brief(percentile: &DatePercentile) -> [Option<String>; 2] {
    let brief = |[low, high]: [Option<Date>; 2]| {
        if low == percentile.date && high == percentile.date {
            return None;
        }
        let end = |d: Option<Date>| d.map_or_else(|| NOT_LIVE.to_owned(), day_month);
        Some(match (low, high) {
            (Some(a), Some(b)) if a == b => day_month(a),
            (Some(a), Some(b)) if a.year() == b.year() && a.month() == b.month() => {
                format!("{}–{}", a.day(), day_month(b))
            }
            _ => format!("{} – {}", end(low), end(high)),
        })
    };
    [brief(percentile.interval), percentile.inputs_interval.and_then(brief)]
}

/// A range of dates; `None` when it is one date alone.
fn dates_but(alone: Option<Date>, [low, high]: [Option<Date>; 2]) -> Option<String> {
    if low == alone && high == alone {
        return None;
    }
    Some(date_range([low, high]))
}

/// Two dates with as few words as they need: `4 – 18 Nov 2021`, `2 Dec 2021 – 6 Jan 2022`; one if they are the same.
pub fn date_range([low, high]: [Option<Date>; 2]) -> String {
    let end = |d: Option<Date>| d.map_or_else(|| NOT_LIVE.to_owned(), short_date);
    match (low, high) {
        (low, high) if low == high => end(low),
        (Some(a), Some(b)) if a.year() == b.year() && a.month() == b.month() => {
            format!("{} – {}", a.day(), short_date(b))
        }
        (Some(a), Some(b)) if a.year() == b.year() => {
            format!("{} – {}", day_month(a), short_date(b))
        }
        _ => format!("{} – {}", end(low), end(high)),
    }
}

/// Two numbers of days: `28–35`; one if they are the same.
pub fn day_range([low, high]: [Option<f64>; 2]) -> String {
    // Both ends with the same decimals: 44.40–44.62.
    let decimals =
        [low, high].iter().flatten().map(|d| days(*d).split_once('.').map_or(0, |(_, d)| d.len())).max().unwrap_or(0);
    let end = |d: Option<f64>| d.map_or_else(|| NOT_LIVE.to_owned(), |d| format!("{d:.decimals$}"));
    if low == high { end(low) } else { format!("{}–{}", end(low), end(high)) }
}

/// A percentile in days: `14`, `15.5`, or `not live`.
pub fn day_percentile(percentile: &DayPercentile) -> String {
    percentile.days.map_or_else(|| NOT_LIVE.to_owned(), days)
}

/// The 95% interval of a percentile in days; `None` when it is that number alone.
pub fn day_interval(percentile: &DayPercentile) -> Option<String> {
    days_but(percentile.days, percentile.interval)
}

/// Where a percentile in days lies in 90% of the worlds; `None` when it is that number alone, or was not asked.
pub fn day_inputs(percentile: &DayPercentile) -> Option<String> {
    days_but(percentile.days, percentile.inputs_interval?)
}

/// A range of days; `None` when it is one number alone.
fn days_but(alone: Option<f64>, [low, high]: [Option<f64>; 2]) -> Option<String> {
    if low == alone && high == alone {
        return None;
    }
    Some(day_range([low, high]))
}

/// A scenario's text made harmless: one line of at most `longest` characters and an ellipsis.
///
/// Control characters can command a terminal and are not allowed in XML; bidi controls and
/// zero-width characters can disguise a text.
pub fn plain(text: &str, longest: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for c in text.chars() {
        if length == longest {
            out.push('…');
            break;
        }
        let c = match c {
            '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => continue,
            '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' => continue,
            // Not allowed in XML 1.0.
            '\u{FFFE}' | '\u{FFFF}' => '\u{FFFD}',
            c if c.is_control() || c.is_whitespace() => ' ',
            c => c,
        };
        if c == ' ' && (out.is_empty() || out.ends_with(' ')) {
            continue;
        }
        out.push(c);
        length += 1;
    }
    out.truncate(out.trim_end().len());
    out
}

/// Decimals that show one digit of `x`: 3 for 0.002, 0 for 14.
pub fn decimals_of(x: f64) -> usize {
    let mut decimals = 0;
    let mut scaled = x.abs();
    while scaled > 0.0 && scaled < 0.95 && decimals < 12 {
        scaled *= 10.0;
        decimals += 1;
    }
    decimals
}

/// A bound near 0 or 1, rounded outwards to one digit of its distance from there.
fn bound(p: f64, near_zero: bool) -> String {
    let distance = if near_zero { p } else { 1.0 - p };
    let decimals = (decimals_of(distance) + 1).min(12);
    let step = (0..decimals).fold(1.0, |s, _| s / 10.0);
    let outward = (distance / step - 1e-9).ceil() * step;
    let shown = if near_zero { outward } else { 1.0 - outward };
    format!("{shown:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::proportion;

    #[test]
    fn nothing_uncertain_prints_as_certain() {
        assert_eq!(percent(0.738), "73.8%");
        assert_eq!(percent(0.9996), "99.96%");
        assert_eq!(percent(0.999_99), ">99.99%");
        assert_eq!(percent(0.000_04), "<0.01%");
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(1.0), "100%");
        assert_eq!(probability(0.815), "0.81");
        assert_eq!(probability(0.9964), "0.996");
        assert_eq!(probability(0.999_95), "above 0.9999");
    }

    #[test]
    fn errors_show_one_digit_and_bounds_replace_them_at_the_ends() {
        assert_eq!(probability_with_error(&proportion(121_800, 150_000)), "0.812 ± 0.001");
        assert_eq!(probability_with_error(&proportion(150_000, 150_000)), "1 (≥ 0.999974)");
        assert_eq!(probability_with_error(&proportion(0, 150_000)), "0 (≤ 0.000026)");
        assert_eq!(probability_with_error(&proportion(3, 150_000)), "0.00002 ± 0.00001");
    }

    #[test]
    fn ranges_show_their_width_and_certainty_has_no_bound() {
        assert_eq!(range([0.7621, 0.8714]), "0.76–0.87");
        assert_eq!(range([-0.1512, -0.0701]), "−0.15 to −0.07");
        assert_eq!(range([-0.001, 0.0004]), "−0.0010 to 0.0004");
        assert_eq!(range([-0.000_01, 0.000_01]), "0.0000 to 0.0000");
        assert_eq!(probability_with_error(&Figure::new(1.0, 0.0, [1.0, 1.0])), "1");
    }

    #[test]
    fn hidden_characters_are_removed_and_length_is_bounded() {
        assert_eq!(plain(" a\u{202E}b\0\n\t c\u{FEFF} ", 10), "ab c");
        assert_eq!(plain(&"x".repeat(10_000), 400).chars().count(), 401);
    }

    #[test]
    fn amounts_and_differences() {
        let figure = |estimate, error| Figure::new(estimate, error, [0.0, 0.0]);
        assert_eq!(amount(1_250_000.4), "1,250,000");
        assert_eq!(amount(-300.0), "−300");
        assert_eq!(amount_range([63.46, 122.1]), "63 to 122");
        assert_eq!(amount_range([23.17, 66.12]), "23.2 to 66.1");
        assert_eq!(amount_range([0.0, 0.0]), "0.00");
        assert_eq!(amount(12.50), "12.5");
        assert_eq!(amount(-0.001), "0");
        assert_eq!(amount_with_error(&figure(12_345.67, 34.6)), "12,346 ± 35");
        assert_eq!(amount_with_error(&figure(250.0, 0.0)), "250 ± 0");
        assert_eq!(difference_with_error(&figure(0.0312, 0.002)), "+0.031 ± 0.002");
        assert_eq!(difference_with_error(&figure(-14.2, 3.0)), "−14 ± 3");
        assert_eq!(difference_with_error(&figure(0.0, 0.0)), "0, same in all");
        assert_eq!((signed(-2.0, 2), signed(0.5, 2), signed(-0.001, 2)), ("−2".into(), "+0.5".into(), "0".into()));
    }

    #[test]
    fn printed_parts_add_up_to_the_printed_total() {
        let figure = |estimate: f64| Figure::new(estimate, 0.001, [0.0, 0.0]);
        // Rounded one by one these would print 0.001 three times, and 0.002 in all.
        for parts in [vec![0.0006, 0.0006, 0.0006], vec![0.0249, -0.0051, 0.0333], vec![-0.0004, -0.0004]] {
            let total: f64 = parts.iter().sum();
            let parts: Vec<Figure> = parts.into_iter().map(figure).collect();
            let (shares, whole) = parts_with_error(&parts, &figure(total));
            let number = |text: &String| text.split(' ').next().unwrap().replace('−', "-").parse::<f64>().unwrap();
            let sum: f64 = shares.iter().map(number).sum();
            assert!((sum - number(&whole)).abs() < 1e-9, "{shares:?} {whole}");
            for (part, share) in parts.iter().zip(&shares) {
                assert!((part.estimate - number(share)).abs() < 0.001, "{part:?} {share}");
            }
        }
    }

    #[test]
    fn significant_digits() {
        for (x, text) in [
            (0.0738, "0.0738"),
            (0.5, "0.5"),
            (12.449, "12.4"),
            (-3.0, "−3"),
            (1250.0, "1,250"),
            (0.000_123_4, "0.000123"),
            (0.0, "0"),
        ] {
            assert_eq!(significant(x, 3), text);
        }
    }

    #[test]
    fn input_intervals_and_lists() {
        let mut figure = Figure::new(0.08, 0.001, [0.078, 0.082]);
        assert_eq!(inputs_interval(&figure), "–");
        figure.inputs_interval = Some([0.0312, 0.1467]);
        assert_eq!(inputs_interval(&figure), "0.03–0.15");
        let items = ["a", "b", "c"].map(str::to_owned);
        assert_eq!([1, 2, 3].map(|n| list(&items[..n])), ["a", "a and b", "a, b and c"]);
    }

    #[test]
    fn counts_and_days() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(days(14.0), "14");
        assert_eq!(days(15.50), "15.5");
        assert_eq!(days(-0.001), "0");
    }
}
