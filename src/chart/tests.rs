//! Charts of realistic and extreme outlooks: deterministic, inside their canvas, nothing overlapping.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use resvg::usvg::{Group, Node, Rect};

use super::*;
use crate::analysis::sample::{self, N};

const TARGET: Date = date(2021, 11, 4);

/// Outlooks by name.
fn samples() -> Vec<(&'static str, Outlook)> {
    let daily: Vec<(Date, u64)> =
        (0..60).map(|i| (TARGET.checked_add(i.days()).unwrap(), if i == 0 { 60_000 } else { 1_500 })).collect();
    let two = [(TARGET, 108_000), (date(2021, 11, 11), 42_000)];
    let mut weekly = sample::tail(TARGET, 0.3, 0.93, N);
    weekly.truncate(45);
    let late = [(date(2021, 11, 18), 90_000), (date(2022, 2, 24), 20_000)];
    let long = "Release of everything that the committee asked for ".repeat(200);
    let many = sample::outlook(vec![crate::analysis::outlook::PlanOutlook {
        id: "P1".into(),
        title: "Many".into(),
        releases: (0..12)
            .map(|i| {
                let target = TARGET.checked_add((7 * (i % 5)).days()).unwrap();
                let counts = sample::tail(target, 0.9 - 0.06 * i as f64, 0.5, N);
                sample::release(&format!("R{i:02}"), "A release", target, &counts, 0.5)
            })
            .collect(),
        p_all_live_on_target_and_stay: None,
        risks: vec![],
        scope: vec![],
        incidents: None,
        cost: None,
        costs: None,
        measures: Default::default(),
    }]);
    let single = |id, title, counts: &[(Date, u64)]| sample::single(id, title, TARGET, counts);
    vec![
        ("realistic", sample::realistic()),
        ("always", single("SEC", "Always on target", &[(TARGET, N)])),
        ("never", single("SEC", "Never live", &[])),
        ("two", single("SEC", "Two dates", &two)),
        ("late", single("SEC", "Never on target, often not live", &late)),
        ("weekly", single("SEC", "A long tail", &weekly)),
        ("daily", single("SEC", "Sixty days", &daily)),
        ("long", single("A-very-long-release-id-that-nobody-should-choose-but-somebody-will", &long, &two)),
        ("letters", single("W", &"W".repeat(10_000), &two)),
        ("rtl", single("מהדורה", "إصدار نوفمبر 2021 \u{202E}abc", &two)),
        ("script", single("<script>", "<script>alert('x')</script> & \"q\"\u{0}\u{7}", &two)),
        ("many", many),
    ]
}

/// Bounding boxes of all texts as resvg lays them out, with their letters.
pub(super) fn texts(group: &Group, found: &mut Vec<(String, Rect)>) {
    for node in group.children() {
        match node {
            Node::Group(g) => texts(g, found),
            Node::Text(t) => {
                let letters = t.chunks().iter().map(|c| c.text()).collect();
                found.push((letters, t.abs_bounding_box()));
            }
            _ => {}
        }
    }
}

/// Every text of a chart lies inside its canvas and apart from every other.
pub(super) fn check_texts(name: &str, chart: &Chart) {
    let tree = png::tree(&chart.svg).unwrap();
    let mut found = Vec::new();
    texts(tree.root(), &mut found);
    assert!(found.len() > 6, "{name} {}", chart.name);
    let (width, height) = (tree.size().width(), tree.size().height());
    for (i, (text, a)) in found.iter().enumerate() {
        assert!(
            a.left() >= 0.0 && a.top() >= 0.0 && a.right() <= width && a.bottom() <= height,
            "{name} {}: {text:?} leaves the canvas: {a:?}",
            chart.name
        );
        for (other, b) in &found[..i] {
            let apart =
                a.left() >= b.right() || b.left() >= a.right() || a.top() >= b.bottom() || b.top() >= a.bottom();
            assert!(apart, "{name} {}: {text:?} overlaps {other:?}", chart.name);
        }
    }
}

/// A scenario's text stays text, and no letters are smaller than print allows.
pub(super) fn check_letters(chart: &Chart) {
    assert!(!chart.svg.contains("<script"), "{}", chart.name);
    assert!(!chart.svg.chars().any(|c| c.is_control() && c != '\n'));
    assert!(!chart.name.contains('<'));
    for size in chart.svg.split("font-size=\"").skip(1) {
        let size: f64 = size[..size.find('"').unwrap()].parse().unwrap();
        assert!(size >= 65.0, "{}: {size} tenths of a point", chart.name);
    }
}

/// Writes a chart where somebody can look at it: as drawn, in greyscale, and without green cones.
pub(super) fn leave_sample(stem: &str, chart: &Chart) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/chart-samples");
    std::fs::create_dir_all(&folder).unwrap();
    let stem = format!("{stem}-{}", chart.name);
    std::fs::write(folder.join(format!("{stem}.svg")), &chart.svg).unwrap();
    std::fs::write(folder.join(format!("{stem}.png")), chart.png().unwrap()).unwrap();
    for (eye, matrix) in EYES {
        let png = png::png(&seen_by(&chart.svg, matrix)).unwrap();
        std::fs::write(folder.join(format!("{stem}-{eye}.png")), png).unwrap();
    }
}

#[test]
fn texts_lie_inside_the_canvas_and_apart() {
    for (name, outlook) in samples() {
        render(&outlook).unwrap().iter().for_each(|chart| check_texts(name, chart));
    }
    for (name, found) in sample::drivers() {
        render_drivers(&found).unwrap().iter().for_each(|chart| check_texts(name, chart));
    }
}

#[test]
fn measured_widths_are_those_of_the_layout() {
    font::register().unwrap();
    for text in ["Thu 18 Nov 2021", "P80 (95%: 11 Nov – 2 Dec 2021)", "AVATAR Toffee 100%"] {
        let mut canvas = canvas::Canvas::default();
        canvas.text((100, 200), canvas::Text::new(text, 100));
        let svg = canvas.finish(400, "", "").unwrap();
        let tree = png::tree(&svg).unwrap();
        let mut found = Vec::new();
        texts(tree.root(), &mut found);
        let scale = theme::WIDTH as f32 / tree.size().width();
        let laid_out = found[0].1.width() * scale;
        let measured = font::width(text, 100, false) as f32;
        assert!((measured - laid_out).abs() < 25.0, "{text}: {measured} {laid_out}");
    }
}

#[test]
fn bytes_repeat() {
    let outlook = sample::realistic();
    let (a, b) = (render(&outlook).unwrap(), render(&outlook).unwrap());
    assert_eq!(a, b);
    assert_eq!(a[0].png().unwrap(), b[0].png().unwrap());
}

#[test]
fn one_chart_a_release_a_plan_and_a_measure() {
    let names: Vec<String> = render(&sample::realistic()).unwrap().into_iter().map(|c| c.name).collect();
    assert_eq!(
        names,
        [
            "go-live-P1-SEC",
            "go-live-P1-U22",
            "go-live-P1-U30",
            "s-curve-P1",
            "s-curve-P1-rehearsal",
            "go-live-P3-SEC",
            "go-live-P3-U22",
            "s-curve-P3",
        ]
    );
}

#[test]
fn names_are_safe_for_files_and_never_collide() {
    let mut taken = BTreeSet::new();
    assert_eq!(unused_name(&file_stem(&["go-live", "../P 1", "a/b"]), &mut taken), "go-live-..-P-1-a-b");
    assert_eq!(unused_name(&file_stem(&["go-live", "../P 1", "A/B"]), &mut taken), "go-live-..-P-1-A-B-2");
    assert!(unused_name(&file_stem(&["s", &"é".repeat(5000)]), &mut taken).len() <= 100);
}

#[test]
fn png_is_160_mm_wide_at_250_ppi() {
    let chart = &render(&sample::realistic()).unwrap()[0];
    let png = chart.png().unwrap();
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(u32::from_be_bytes(png[16..20].try_into().unwrap()), 1575);
    assert_eq!(&png[37..41], b"pHYs");
    assert_eq!(u32::from_be_bytes(png[41..45].try_into().unwrap()), 9843);
}

#[test]
fn a_scenarios_text_stays_text_and_no_text_is_smaller_than_print_allows() {
    for (_, outlook) in samples() {
        render(&outlook).unwrap().iter().for_each(check_letters);
    }
}

#[test]
fn drivers_have_a_tornado_a_measure_a_waterfall_and_activities() {
    let names = |name: &str| -> Vec<String> {
        let found = sample::drivers().into_iter().find(|s| s.0 == name).unwrap().1;
        render_drivers(&found).unwrap().into_iter().map(|c| c.name).collect()
    };
    let of_finish =
        ["tornado-base-finish-live", "tornado-base-finish-p80", "days-base-finish", "criticality-base-finish"];
    assert_eq!(names("network"), of_finish);
    assert_eq!(names("certain"), ["tornado-base-m-p80", "days-base-m", "criticality-base-m"]);
    assert_eq!(names("train")[..2], ["tornado-together-platform-live", "tornado-together-platform-stays"]);
}

#[test]
fn the_finding_is_in_the_title() {
    let charts = render(&sample::realistic()).unwrap();
    assert_eq!(
        charts[0].title,
        "SEC goes live on Thu 4 Nov 2021 with probability 0.82, and stays live 7 days with 0.74; \
         P80 is Thu 11 Nov 2021"
    );
}

/// How colours look in greyscale, and to eyes without green cones (Machado, Oliveira & Fernandes
/// 2009, table for severity 1).
const EYES: [(&str, [[f64; 3]; 3]); 2] = [
    ("grey", [[0.2126, 0.7152, 0.0722]; 3]),
    (
        "deutan",
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ),
];

/// The SVG with each colour replaced by how it looks, computed in linear light.
fn seen_by(svg: &str, matrix: [[f64; 3]; 3]) -> String {
    let mut parts = svg.split("\"#");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let linear: Vec<f64> = (0..3)
            .map(|i| u8::from_str_radix(&part[2 * i..2 * i + 2], 16).unwrap())
            .map(|c| crate::math::pow(f64::from(c) / 255.0, 2.2))
            .collect();
        out.push_str("\"#");
        for row in matrix {
            let light: f64 = row.iter().zip(&linear).map(|(m, c)| m * c).sum();
            let byte = (crate::math::pow(light.clamp(0.0, 1.0), 1.0 / 2.2) * 255.0).round() as u8;
            out.push_str(&format!("{byte:02X}"));
        }
        out.push_str(&part[6..]);
    }
    out
}

/// Writes all samples where somebody can look at them.
#[test]
#[ignore = "for looking: cargo test --lib draw_samples -- --ignored"]
fn draw_samples() {
    let outlooks = samples().into_iter().map(|(name, outlook)| (name, render(&outlook).unwrap()));
    let drivers = sample::drivers().into_iter().map(|(name, found)| (name, render_drivers(&found).unwrap()));
    for (name, charts) in outlooks.chain(drivers) {
        charts.iter().for_each(|chart| leave_sample(name, chart));
    }
}
