//! The routes: HTTP in, one call to the world, HTTP out.
//!
//! Handlers have nothing to wait for, so they return a future that is ready.

use std::future::{Ready, ready};
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName,
    LOCATION, REFERRER_POLICY, RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::Shared;
use crate::call::{Call, Fault};
use crate::enrollment::{Answer, Closed, Reply};
use crate::page;
use crate::token::unguessable;
use crate::world::World;

const STATUS_ROUTE: &str =
    "/Enrollment/{id}/{userType}/{isIdentificationCompleted}/get-identification-process-status";

/// Nothing but the one stylesheet and the page's own forms; no script at all.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; \
                              base-uri 'none'; frame-ancestors 'none'";

const JSON: &str = "application/json; charset=utf-8";
const PROBLEM: &str = "application/problem+json; charset=utf-8";

pub(crate) fn routes(shared: Arc<Shared>, base: &str) -> Router {
    let home = page::home(base);
    Router::new()
        .route("/", get(move || ready(html(StatusCode::OK, home.clone()))))
        .route("/token", post(token))
        .route(STATUS_ROUTE, get(status))
        .route("/sign/style.css", get(|| ready(style())))
        .route("/sign/{session}", get(signing_page))
        .route("/sign/{session}/sign", post(sign))
        .route("/sign/{session}/refuse", post(refuse))
        .route("/sign/{session}/success", get(result_page))
        .route("/sign/{session}/fail", get(result_page))
        .fallback(|| ready(html(StatusCode::NOT_FOUND, page::nothing_here())))
        .with_state(shared)
}

fn token(State(shared): State<Arc<Shared>>) -> Ready<Response> {
    let token = shared.with(World::issue_token);
    ready(private(StatusCode::OK, "text/plain; charset=utf-8", token))
}

/// A path that is no text at all reaches the world as an empty one: the token is checked first.
#[expect(clippy::needless_pass_by_value, reason = "axum hands headers over by value")]
fn status(
    State(shared): State<Arc<Shared>>,
    path: Result<Path<(String, String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Ready<Response> {
    let (id, user_type, flag) = path.map(|Path(parts)| parts).unwrap_or_default();
    let call = Call { id: &id, user_type: &user_type, identification_completed: &flag };
    let reply = shared.with(|world, now| world.poll(bearer(&headers), &call, now));
    ready(gateway(reply))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then_some(token.trim())
}

fn gateway(reply: Reply) -> Response {
    let http = StatusCode::from_u16(reply.http()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = |kind, body: Value| private(http, kind, body.to_string());
    match reply {
        Reply::Status(answer) => json(JSON, status_body(&answer)),
        Reply::Problem { faults, .. } => json(PROBLEM, problem_body(http, faults)),
        Reply::BlankProblem { .. } => json(
            PROBLEM,
            json!({"errors": null, "type": null, "title": null, "status": null, "traceId": null}),
        ),
        Reply::LegacyProblem { code, message, .. } => {
            json(JSON, json!({"errorCode": code, "errorMessage": message}))
        }
        Reply::Unauthorized => bare(http, WWW_AUTHENTICATE, "Bearer".to_owned()),
        Reply::Busy { retry_after } => bare(http, RETRY_AFTER, retry_after.to_string()),
        Reply::Forbidden | Reply::ServerError => http.into_response(),
    }
}

fn status_body(answer: &Answer) -> Value {
    json!({
        "videoIdentificationUrl": answer.url,
        "videoIdentificationStatus": answer.status,
        "message": answer.message,
    })
}

fn problem_body(http: StatusCode, faults: Vec<Fault>) -> Value {
    let errors: serde_json::Map<String, Value> =
        faults.into_iter().map(|(field, text)| (field.to_owned(), json!([text]))).collect();
    let (section, title) = if http == StatusCode::NOT_FOUND {
        ("15.5.5", "Not Found")
    } else {
        ("15.5.1", "One or more validation errors occurred.")
    };
    json!({
        "errors": errors,
        "type": format!("https://tools.ietf.org/html/rfc9110#section-{section}"),
        "title": title,
        "status": http.as_u16(),
        "traceId": trace_id(),
    })
}

/// As ASP.NET writes it: a W3C trace and span, not sampled.
fn trace_id() -> String {
    let span = unguessable().split_off(16);
    format!("00-{}-{span}-00", unguessable())
}

fn signing_page(State(shared): State<Arc<Shared>>, Path(session): Path<String>) -> Ready<Response> {
    ready(match shared.with(|world, _| world.visit(&session)) {
        Ok(user) => html(StatusCode::OK, page::sign(user, &session)),
        Err(closed) => closed_page(closed),
    })
}

fn sign(State(shared): State<Arc<Shared>>, Path(session): Path<String>) -> Ready<Response> {
    ready(match shared.with(|world, now| world.sign(&session, now)) {
        Ok(()) => see_other(format!("/sign/{session}/success")),
        Err(closed) => closed_page(closed),
    })
}

fn refuse(State(shared): State<Arc<Shared>>, Path(session): Path<String>) -> Ready<Response> {
    ready(match shared.with(|world, _| world.refuse(&session)) {
        Ok(()) => see_other(format!("/sign/{session}/fail")),
        Err(closed) => closed_page(closed),
    })
}

/// Shows what was decided, whichever of the two addresses was asked for.
fn result_page(State(shared): State<Arc<Shared>>, Path(session): Path<String>) -> Ready<Response> {
    ready(match shared.with(|world, _| world.visit(&session)) {
        Ok(_) => see_other(format!("/sign/{session}")),
        Err(Closed::Signed) => html(StatusCode::OK, page::success()),
        Err(Closed::Refused) => html(StatusCode::OK, page::fail()),
        Err(Closed::Unknown) => closed_page(Closed::Unknown),
    })
}

fn closed_page(closed: Closed) -> Response {
    match closed {
        Closed::Unknown => html(StatusCode::NOT_FOUND, page::unknown_session()),
        Closed::Signed => html(StatusCode::GONE, page::already_signed()),
        Closed::Refused => html(StatusCode::GONE, page::already_refused()),
    }
}

fn style() -> Response {
    let kind = (CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind], include_str!("pages/sign.css")).into_response()
}

fn html(http: StatusCode, page: String) -> Response {
    let policy = [
        (CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (policy, private(http, "text/html; charset=utf-8", page)).into_response()
}

fn see_other(path: String) -> Response {
    bare(StatusCode::SEE_OTHER, LOCATION, path)
}

/// An answer without a body, and the one header that matters in it.
fn bare(http: StatusCode, name: HeaderName, value: String) -> Response {
    let headers = [(CACHE_CONTROL, "no-store".to_owned()), (name, value)];
    (http, headers).into_response()
}

/// A body that may carry a token or a link: nobody keeps it.
fn private(http: StatusCode, kind: &'static str, body: String) -> Response {
    let headers = [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, kind)];
    (http, headers, body).into_response()
}
