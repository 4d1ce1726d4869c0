//! Hand-written cases from the source documents: each line of `tests/fixtures/explain/<name>.ndjson` has its answer on the
//! same line of `<name>.expected.ndjson`. Answers may have more fields than expected, and lists of rows any order.

use std::fs;
use std::path::{Path, PathBuf};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sanji_core::explain::{explain_bytes, explain_line, run};
use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/explain")
}

/// Whether `answer` says all that `expected` says. Objects may say more; a list has the same items in any order; the
/// expected error is a part of the given one.
fn says(answer: &Value, expected: &Value) -> bool {
    match (answer, expected) {
        (Value::Object(answer), Value::Object(expected)) => expected.iter().all(|(key, value)| match answer.get(key) {
            Some(Value::String(given)) if key == "error" => value.as_str().is_some_and(|part| given.contains(part)),
            Some(given) => says(given, value),
            None => false,
        }),
        (Value::Array(answer), Value::Array(expected)) => {
            let mut left: Vec<&Value> = answer.iter().collect();
            answer.len() == expected.len()
                && expected.iter().all(|item| match left.iter().position(|given| says(given, item)) {
                    Some(at) => {
                        left.swap_remove(at);
                        true
                    }
                    None => false,
                })
        }
        _ => answer == expected,
    }
}

fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(str::to_owned).collect()
}

#[test]
fn every_case_gets_its_expected_answer() {
    let mut cases = 0;
    let mut wrong = Vec::new();
    for name in ["day", "service", "obligations", "bad"] {
        let input = lines(&fixtures().join(format!("{name}.ndjson")));
        let expected = lines(&fixtures().join(format!("{name}.expected.ndjson")));
        assert_eq!(input.len(), expected.len(), "{name}: a line for each case");
        for (number, (case, expected)) in input.iter().zip(&expected).enumerate() {
            let answer = explain_line(case).expect("no blank line among the cases");
            let given: Value = serde_json::from_str(&answer).expect("an answer is JSON");
            let expected: Value = serde_json::from_str(expected).expect("expected answers are JSON");
            cases += 1;
            if !says(&given, &expected) {
                wrong.push(format!(
                    "{name}:{}\n  case     {case}\n  expected {expected}\n  answer   {answer}",
                    number + 1
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases >= 60, "only {cases} cases");
}

#[test]
fn every_case_that_is_not_bad_says_why() {
    for name in ["day", "service", "obligations"] {
        for case in lines(&fixtures().join(format!("{name}.ndjson"))) {
            let case: Value = serde_json::from_str(&case).expect("JSON");
            assert!(case["why"].is_string(), "{}", case["id"]);
        }
    }
}

#[test]
fn the_answers_have_the_documented_order_of_fields() {
    let day = lines(&fixtures().join("day.ndjson"));
    assert_eq!(
        explain_line(&day[0]).as_deref(),
        Some(
            "{\"id\":\"c1\",\"status\":\"irregular\",\"office_minutes\":178,\"required_minutes\":163,\
             \"findings\":[{\"code\":\"late\",\"minutes\":1,\"clause\":\"HZ 二(一)2\"}]}"
        )
    );
}

#[test]
fn a_stream_is_answered_line_by_line() {
    let input = fs::read(fixtures().join("service.ndjson")).expect("there");
    let mut output = Vec::new();
    run(&input[..], &mut output).expect("memory");
    assert_eq!(output.iter().filter(|byte| **byte == b'\n').count(), lines(&fixtures().join("service.ndjson")).len());
}

/// Bytes of a case changed, cut, doubled or moved at random.
fn spoilt(rng: &mut impl Rng, cases: &[String]) -> Vec<u8> {
    let mut line = cases[rng.random_range(0..cases.len())].clone().into_bytes();
    for _ in 0..rng.random_range(1..4) {
        let at = rng.random_range(0..line.len());
        let to = rng.random_range(at..line.len().min(at + 40)) + 1;
        match rng.random_range(0..10) {
            0 => line[at] = rng.random(),
            1 => line[at] = b"{}[]\",:-+0129eZT"[rng.random_range(0..16)],
            2 => drop(line.drain(at..to.min(line.len()))),
            3 => {
                let part = line[at..to.min(line.len())].to_vec();
                line.splice(at..at, part);
            }
            4 => {
                let from = cases[rng.random_range(0..cases.len())].as_bytes();
                let start = rng.random_range(0..from.len());
                let part = from[start..from.len().min(start + 30)].to_vec();
                line.splice(at..at, part);
            }
            _ => {
                let digits: Vec<usize> = (0..line.len()).filter(|at| line[*at].is_ascii_digit()).collect();
                if !digits.is_empty() {
                    line[digits[rng.random_range(0..digits.len())]] = b'0' + rng.random_range(0..10);
                }
            }
        }
        if line.is_empty() {
            line.push(b'{');
        }
    }
    line.retain(|byte| *byte != b'\n');
    line
}

#[test]
fn spoilt_cases_get_one_line_each_and_never_break_the_reader() {
    let cases: Vec<String> = ["day", "service", "obligations", "bad"]
        .iter()
        .flat_map(|name| lines(&fixtures().join(format!("{name}.ndjson"))))
        .collect();
    let (mut errors, mut verdicts) = (0, 0);
    for seed in 0..20_000 {
        let line = spoilt(&mut ChaCha8Rng::seed_from_u64(seed), &cases);
        let Some(answer) = explain_bytes(&line) else { continue };
        assert!(!answer.contains('\n'), "seed {seed}");
        let answer: Value = serde_json::from_str(&answer).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let is_error = answer["error"].is_string();
        assert!(is_error || answer["id"].is_string(), "seed {seed}: {answer}");
        *if is_error { &mut errors } else { &mut verdicts } += 1;
    }
    assert!(errors > 5_000 && verdicts > 500, "{errors} errors, {verdicts} verdicts");
}
