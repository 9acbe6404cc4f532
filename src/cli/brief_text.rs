//! A brief as text and as Markdown.

use super::outlook_text::{new_table, unbroken, wrapped};
use crate::analysis::{Answer, AnswerTable, Brief, wording};

/// The brief for a terminal `width` columns wide.
pub(super) fn text(brief: &Brief, width: u16) -> String {
    let mut out = vec![brief.title.clone(), subtitle(brief)];
    for (number, answer) in (1..).zip(&brief.answers) {
        out.push(String::new());
        out.push(format!("{number}. {}", answer.question));
        out.extend(answer.paragraphs.iter().map(|p| unbroken_figures(p)));
        if let Some(table) = &answer.table {
            out.push(String::new());
            out.push(table.caption.clone());
            out.push(terminal_table(table, width));
        }
    }
    out.push(String::new());
    out.extend(brief.closing.iter().cloned());
    wrapped(&out, width)
}

/// The brief in Markdown, for a paper.
pub(super) fn markdown(brief: &Brief) -> String {
    let mut out = format!("# {}\n\n{}\n", escaped(&brief.title), escaped(&subtitle(brief)));
    for (number, answer) in (1..).zip(&brief.answers) {
        out.push_str(&format!("\n## {number}. {}\n", escaped(&answer.question)));
        out.push_str(&answer_in_markdown(answer));
    }
    out.push_str("\n---\n");
    for line in &brief.closing {
        out.push_str(&format!("\n{}\n", escaped(line)));
    }
    out
}

fn subtitle(brief: &Brief) -> String {
    let known = brief.known_on.map_or_else(String::new, |date| format!(", as known on {}", wording::date(date)));
    format!("Brief on scenario {}{known}. Plan {}: {}", brief.scenario, brief.plan, brief.plan_title)
}

fn answer_in_markdown(answer: &Answer) -> String {
    let mut out = String::new();
    for paragraph in &answer.paragraphs {
        out.push_str(&format!("\n{}\n", escaped(paragraph)));
    }
    if let Some(table) = &answer.table {
        let row = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|c| escaped(c)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        out.push_str(&format!("\n*{}*\n\n", escaped(&table.caption)));
        out.push_str(&row(&table.header));
        out.push_str(&format!("|{}\n", "---|".repeat(table.header.len())));
        table.rows.iter().for_each(|cells| out.push_str(&row(cells)));
    }
    out
}

/// Text that Markdown takes for text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn terminal_table(table: &AnswerTable, width: u16) -> String {
    let header: Vec<&str> = table.header.iter().map(String::as_str).collect();
    let mut drawn = new_table(&header, width);
    for row in &table.rows {
        // Two uncertainties, two lines.
        drawn.add_row(row.iter().map(|cell| match cell.split_once(" [") {
            Some((figure, range)) => unbroken(&format!("{figure}\n[{range}")),
            None => cell.clone(),
        }));
    }
    drawn.trim_fmt()
}

/// Figures that do not break at the ends of lines: `0.820 ± 0.001`.
fn unbroken_figures(paragraph: &str) -> String {
    paragraph.replace(" ± ", "\u{a0}±\u{a0}").replace(" = ", "\u{a0}=\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenarios_text_is_text_in_markdown() {
        assert_eq!(escaped("<script> | *x* [a](b) `c`"), "\\<script\\> \\| \\*x\\* \\[a\\](b) \\`c\\`");
        let table = AnswerTable {
            caption: "a | b".into(),
            header: vec!["x".into(), "y|z".into()],
            rows: vec![vec!["1".into(), "2 | 3".into()]],
        };
        let answer = Answer { question: "?".into(), paragraphs: vec!["# no heading".into()], table: Some(table) };
        let text = answer_in_markdown(&answer);
        assert!(text.lines().filter(|l| l.starts_with('|')).all(|l| l.replace("\\|", "").matches('|').count() == 3));
        assert!(!text.lines().any(|l| l.starts_with('#')));
    }
}
