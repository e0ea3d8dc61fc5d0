//! Whether a line obeys the published schema: the few words of JSON Schema that it uses, and a refusal of any other.

use serde_json::Value;
use std::sync::LazyLock;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("../../../docs/audit-event.schema.json")).expect("the schema is JSON"));

/// Panics where a line does not.
pub fn obeys(line: &Value) {
    check(&SCHEMA, line, "$").unwrap_or_else(|problem| panic!("{problem} in {line}"));
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn check(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let texts = |rule: &Value| rule.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>();
    for (word, rule) in schema.as_object().expect("a schema is an object") {
        let holds = match word.as_str() {
            "$schema" | "$id" | "title" | "description" => true,
            "type" => {
                let types = rule.as_str().map_or_else(|| texts(rule), |one| vec![one.to_owned()]);
                types.iter().any(|name| name == kind(value) || (name == "number" && kind(value) == "integer"))
            }
            "required" => texts(rule).iter().all(|name| value.get(name).is_some()),
            "enum" => rule.as_array().is_some_and(|all| all.contains(value)),
            "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().unwrap_or(0)),
            "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap_or(0)),
            "pattern" => value.as_str().is_none_or(|text| matches(rule.as_str().expect("a pattern"), text)),
            "additionalProperties" => {
                assert_eq!(rule, &Value::Bool(false));
                let known = schema["properties"].as_object().expect("properties");
                value.as_object().is_none_or(|fields| fields.keys().all(|name| known.contains_key(name)))
            }
            "properties" => {
                for (name, below) in rule.as_object().expect("properties") {
                    if let Some(value) = value.get(name) {
                        check(below, value, &format!("{at}.{name}"))?;
                    }
                }
                true
            }
            other => return Err(format!("the schema uses {other}, which this test does not know")),
        };
        if !holds {
            return Err(format!("{at} breaks {word}"));
        }
    }
    Ok(())
}

/// The patterns of the schema: classes with a count, and letters.
fn matches(pattern: &str, text: &str) -> bool {
    let (mut rest, mut text) = (pattern.strip_prefix('^').expect("an anchored pattern").strip_suffix('$').expect("an anchored pattern"), text);
    while let Some(next) = rest.chars().next() {
        let (class, after) = match next {
            '[' => rest[1..].split_once(']').expect("a class"),
            '\\' => rest[1..].split_at(1),
            _ => rest.split_at(1),
        };
        let (count, after) = match after.strip_prefix('{') {
            Some(counted) => counted.split_once('}').map(|(count, after)| (count.parse().expect("a count"), after)).expect("a count"),
            None => (1, after),
        };
        let in_class = |c: char| match class {
            "0-9a-f" => c.is_ascii_digit() || ('a'..='f').contains(&c),
            "0-9" => c.is_ascii_digit(),
            letter => letter.starts_with(c),
        };
        if text.len() < count || !text.chars().take(count).all(in_class) {
            return false;
        }
        (rest, text) = (after, &text[count..]);
    }
    text.is_empty()
}

#[test]
fn the_check_finds_what_is_wrong() {
    let good = serde_json::json!({
        "id": "0198c6a0-0000-7000-8000-000000000000", "at": "2026-11-24T09:14:00.123456Z", "kind": "sign_out",
        "actor": { "kind": "user", "id": null, "label": "a" }, "subject": { "kind": "user", "id": null },
        "request_id": null, "address": null, "user_agent": null, "before": null, "after": [1], "erased": false, "position": 1
    });
    obeys(&good);
    for (path, bad) in
        [("id", "x".into()), ("at", "2026-11-24".into()), ("kind", "no.kind".into()), ("position", 0.into()), ("erased", Value::Null), ("more", 1.into())]
    {
        let mut line = good.clone();
        line[path] = bad;
        assert!(check(&SCHEMA, &line, "$").is_err(), "{path}");
    }
    let mut line = good;
    line["actor"].as_object_mut().expect("an object").remove("label");
    assert!(check(&SCHEMA, &line, "$").is_err());
}
