//! A progress report as a file: JSON and CSV.
//!
//! Owns the two forms. Must not count (`domain::report`), nor decide what may leave the two Parties: it writes what it is
//! given.

use domain::account::{Fared, Value};
use domain::report::{Report, ReportLine};

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The report as JSON, with its line.
    Json,
    /// A row for each number.
    Csv,
}

impl Form {
    /// A form by the ending of a file's name.
    #[must_use]
    pub fn of(ending: &str) -> Option<Self> {
        match ending {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// The report in this form.
    #[must_use]
    pub fn write(self, line: &ReportLine, report: &Report) -> String {
        match self {
            Self::Json => {
                let whole = serde_json::json!({ "line": line.to_string(), "report": report });
                format!("{whole:#}\n")
            }
            Self::Csv => csv(report),
        }
    }
}

/// One row for each number: clause, measure, of what, direction, the row of a tally, numerator, denominator. Types come
/// after the clauses, as rows of measures of their own.
fn csv(report: &Report) -> String {
    let mut lines = vec!["clause,measure,parameter,asked_by,row,value,of".to_owned()];
    for clause in &report.account.clauses {
        for figure in &clause.figures {
            let (of, parameter) = (figure.measure.of.code(), figure.measure.of.parameter());
            for (party, value) in &figure.by_direction {
                push(&mut lines, &format!("{},{of},{parameter},{party}", clause.clause), value);
            }
        }
    }
    for row in &report.outcomes {
        for (party, fared) in &row.by_direction {
            let Fared { made, settled, refused, pending, time, longest_s } = fared;
            let cells =
                [("made", made), ("settled", settled), ("refused", refused), ("pending", pending), ("time", time)];
            for (name, value) in cells {
                push(&mut lines, &format!("{},type-{name},,{party}", row.type_code), value);
            }
            lines.extend(longest_s.map(|s| format!("{},type-longest,,{party},longest_s,{s},", row.type_code)));
        }
    }
    lines.join("\r\n") + "\r\n"
}

fn push(lines: &mut Vec<String>, head: &str, value: &Value) {
    let mut row = |row: &str, value: &str, whole: &str| lines.push(format!("{head},{row},{value},{whole}"));
    match value {
        Value::Number(number) => row("", &number.to_string(), ""),
        Value::Share { part, whole } => row("", &part.to_string(), &whole.to_string()),
        Value::Spread { count, median_s, p90_s } => {
            row("median_s", &median_s.to_string(), &count.to_string());
            row("p90_s", &p90_s.to_string(), &count.to_string());
        }
        Value::Tally { counts } => {
            let whole = counts.values().sum::<u64>().to_string();
            counts.iter().for_each(|(code, count)| row(code, &count.to_string(), &whole));
        }
        Value::Sums { sums } => sums.iter().for_each(|(key, sum)| row(key, sum, "")),
        Value::Since { days } => row("days", &days.map_or_else(String::new, |days| days.to_string()), ""),
        Value::Suppressed => row("", "<5", ""),
    }
}
