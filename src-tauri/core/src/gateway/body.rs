//! Bodies: text in, members out.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;
use serde_json::{Map, Value, error::Category};

use super::{StatusAnswer, UntrustedUrl};
use crate::enrollment::{ProblemKind, Status, shortened};

/// How much of the gateway's own words is kept.
const MOST_WORDS: usize = 500;

/// A 200's members; those that the gateway's page does not name are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusBody<'a> {
    #[serde(default, borrow)]
    video_identification_url: Option<Text<'a>>,
    #[serde(default, borrow)]
    video_identification_status: Option<Text<'a>>,
    #[serde(default, borrow)]
    message: Option<Text<'a>>,
}

/// Text as it stands in the body; copied only where something in it is escaped.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads the body of a 200.
///
/// # Errors
/// What is wrong with it: broken off, not JSON, or a member of the wrong type.
pub(super) fn status(body: &[u8]) -> Result<StatusAnswer, ProblemKind> {
    // serde reads a struct from an array too; the gateway sends an object or nothing that counts.
    if body.trim_ascii_start().first().is_some_and(|b| b"[\"-0123456789tfn".contains(b)) {
        let json = serde_json::from_slice::<serde::de::IgnoredAny>(body);
        return Err(json.map_or_else(|e| kind(&e), |_| ProblemKind::WrongType));
    }
    let body: StatusBody = serde_json::from_slice(body).map_err(|e| kind(&e))?;
    Ok(StatusAnswer {
        status: match body.video_identification_status {
            Some(Text(long)) if long.len() > MOST_WORDS => {
                Status::from_gateway(Some(&shortened(&long, MOST_WORDS)))
            }
            text => Status::from_gateway(text.as_ref().map(|Text(text)| &**text)),
        },
        url: body.video_identification_url.map(|Text(url)| UntrustedUrl::new(url.into_owned())),
        message: body
            .message
            .filter(|Text(words)| !words.is_empty())
            .map(|Text(words)| shortened(&words, MOST_WORDS)),
    })
}

fn kind(error: &serde_json::Error) -> ProblemKind {
    match error.classify() {
        Category::Data => ProblemKind::WrongType,
        Category::Eof => ProblemKind::Truncated,
        Category::Syntax | Category::Io => ProblemKind::NotJson,
    }
}

/// What problem details say (RFC 9457, and the shapes seen in the field): words and a trace id.
/// Any other body says nothing, which is no error.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Details {
    pub words: Option<String>,
    pub trace_id: Option<String>,
}

pub(super) fn details(body: &[u8]) -> Details {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return Details::default() };
    let mut words: Vec<String> = Vec::new();
    words.extend(member(&body, "title").and_then(text));
    words.extend(member(&body, "detail").and_then(text));
    words.extend(member(&body, "errors").map(field_errors).unwrap_or_default());
    words.extend(member(&body, "errorCode").and_then(text));
    words.extend(member(&body, "errorMessage").and_then(text));
    let trace_id = member(&body, "traceId").and_then(text).or_else(|| {
        member(&body, "extensions")?.as_object().and_then(|more| text(member(more, "traceId")?))
    });
    Details {
        words: (!words.is_empty()).then(|| shortened(&words.join(" · "), MOST_WORDS)),
        trace_id: trace_id.map(|id| shortened(&id, 128)),
    }
}

/// A member whatever its capitals: serializers differ, and nothing is decided by it.
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

/// ASP.NET's `{"errors": {"Field": ["rule", …]}}`.
fn field_errors(errors: &Value) -> Vec<String> {
    let fields: BTreeMap<String, Vec<String>> =
        serde_json::from_value(errors.clone()).unwrap_or_default();
    fields.into_iter().map(|(field, rules)| format!("{field}: {}", rules.join(" "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_and_what_is_not_named_is_ignored() {
        let answer = status(
            br#"{"videoIdentificationUrl":null,"videoIdentificationStatus":"PROCESSING","message":"wait","new":[1]}"#,
        )
        .expect("good");
        assert_eq!(answer.status, Status::Processing);
        assert_eq!(answer.url, None);
        assert_eq!(answer.message.as_deref(), Some("wait"));
        let answer = status(br#"{"videoIdentificationStatus":null,"message":null}"#).expect("good");
        assert_eq!((answer.status, answer.message), (Status::Absent, None));
    }

    #[test]
    fn a_200_that_is_no_status_is_told_apart() {
        use ProblemKind::{NotJson, Truncated, WrongType};
        for (body, why) in [
            (&b""[..], Truncated),
            (b"{\"videoIdentificationStatus\":\"DOCU", Truncated),
            (b"<html>", NotJson),
            (b"\xef\xbb\xbf{}", NotJson),
            (b"{} trailing", NotJson),
            (b"null", WrongType),
            (b"\"DOCUMENT_SIGN_SUCCESS\"", WrongType),
            (b"[null,\"DOCUMENT_SIGN_SUCCESS\",null]", WrongType),
            (b"{\"videoIdentificationStatus\":1}", WrongType),
            (b"{\"videoIdentificationStatus\":[\"DOCUMENT_SIGN_SUCCESS\"]}", WrongType),
            (b"{\"videoIdentificationStatus\":\"PROCESSING\",\"message\":{}}", WrongType),
            (
                b"{\"videoIdentificationStatus\":\"PROCESSING\",\"videoIdentificationStatus\":\"DOCUMENT_SIGN_SUCCESS\"}",
                WrongType,
            ),
        ] {
            assert_eq!(status(body), Err(why), "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn every_shape_of_problem_details_gives_what_it_has() {
        let asp = details(br#"{"errors":{"id":["not valid","too large"]},"title":"Bad","status":400,"traceId":"00-ab-cd-00"}"#);
        assert_eq!(asp.words.as_deref(), Some("Bad · id: not valid too large"));
        assert_eq!(asp.trace_id.as_deref(), Some("00-ab-cd-00"));
        let legacy = details(br#"{"errorCode":17,"errorMessage":"No such user"}"#);
        assert_eq!(legacy.words.as_deref(), Some("17 · No such user"));
        let pascal = details(b"\xef\xbb\xbf{\"Title\":\"Bad\",\"TraceId\":\"00-ab\"}");
        assert_eq!(
            (pascal.words.as_deref(), pascal.trace_id.as_deref()),
            (Some("Bad"), Some("00-ab"))
        );
        let nested = details(br#"{"title":"Bad","extensions":{"traceId":"00-cd"}}"#);
        assert_eq!(nested.trace_id.as_deref(), Some("00-cd"));
        for nothing in
            [&b""[..], b"null", b"[]", b"<html>", br#"{"errors":null,"title":null,"traceId":null}"#]
        {
            assert_eq!(details(nothing), Details::default());
        }
    }
}
