//! The description of the API (OpenAPI 3.1), and a page that shows it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use sanji_core::texts::{Lang, Texts};
use serde_json::Value;
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref, RefOr, Response as Described};
use utoipa::{IntoResponses, Modify, OpenApi};

use super::answer::JSON;
use super::{day, devices, flagged, publications, school, schools, service, visits};
use crate::http::problem::{Details, MEDIA, Problem};
use crate::pages::shell::{Ask, Page};

/// Where the document is.
pub const DOCUMENT: &str = "/api/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sanji 三集",
        description = "Daily records of rural schools, to be read by other systems: the same rows and rights as the review pages.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        schools::list,
        school::figures,
        service::sessions,
        service::days,
        visits::list,
        visits::visit,
        visits::owed,
        day::day,
        devices::list,
        flagged::list,
        publications::list
    ),
    components(schemas(Details)),
    modifiers(&Access)
)]
struct Api;

/// Who may ask, on every operation.
struct Access;

impl Modify for Access {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        components
            .add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-sanji"))));
        let either = |name| SecurityRequirement::new(name, Vec::<String>::new());
        document.security = Some(vec![either("token"), either("session")]);
    }
}

/// What every operation may answer besides what it is asked for.
pub(super) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let same = ResponseBuilder::new().description("Nothing changed since the tag that If-None-Match named").build();
        let problem = |problem: &Problem| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let said = problem.details(Lang::En);
            let answer = ResponseBuilder::new().description(said.title).content(MEDIA, content).build();
            (problem.status().as_u16().to_string(), answer.into())
        };
        let mut all: BTreeMap<String, RefOr<Described>> = Problem::ALL.iter().map(problem).collect();
        // A method that isn't described has no operation of its own.
        all.remove(Problem::Method.status().as_str());
        all.insert("304".into(), same.into());
        all
    }
}

static TEXT: LazyLock<String> = LazyLock::new(|| document().to_json().unwrap_or_default());

/// The document.
pub fn document() -> Document {
    Api::openapi()
}

pub(super) async fn json() -> Response {
    let headers = [(header::CONTENT_TYPE, JSON), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, TEXT.as_str()).into_response()
}

/// The page that shows the document.
pub(super) async fn page(ask: Ask) -> Response {
    let (t, document) = (ask.texts(), document());
    let body = html! {
        p { (t.word("api-sign-in")) }
        p { a href=(DOCUMENT) { (t.word("api-openapi")) } }
        @for (path, item) in &document.paths.paths {
            @if let Some(get) = &item.get { (operation(t, path, get)) }
        }
        @for problem in Problem::ALL {
            @let said = problem.details(t.lang());
            section id=(format!("problem-{}", problem.code())) {
                h3 { (said.status) " " (said.title) }
                @if !matches!(problem, Problem::BadRequest(..)) { p { (said.detail) } }
            }
        }
    };
    let page = Page {
        title: t.word("api").into_owned(),
        lead: t.word("api-lead").into_owned(),
        body,
        query: String::new(),
        as_of: None,
    };
    ask.show(None, StatusCode::OK, &page)
}

fn operation(t: &Texts, path: &str, operation: &Operation) -> Markup {
    let id = operation.operation_id.as_deref().unwrap_or_default();
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    html! {
        section id=(id) {
            h2 { (t.word(&format!("api-op-{id}"))) }
            p { code { "GET " (path) } }
            @if t.lang() == Lang::En { p { (operation.summary.as_deref().unwrap_or_default()) } }
            @if !parameters.is_empty() {
                h3 { (t.word("api-parameters")) }
                table {
                    thead { tr { @for key in ["name", "where", "meaning"] { th scope="col" { (api_column(t, key)) } } } }
                    tbody { @for parameter in parameters { @if let RefOr::T(parameter) = parameter { tr {
                        th scope="row" { code { (parameter.name) } }
                        td { (word(&parameter.parameter_in)) }
                        td { (parameter.description.as_deref().unwrap_or_default()) }
                    } } } }
                }
            }
            h3 { (t.word("api-answers")) }
            table {
                thead { tr { @for key in ["status", "kind", "meaning"] { th scope="col" { (api_column(t, key)) } } } }
                tbody { @for (status, answer) in &operation.responses.responses { @if let RefOr::T(answer) = answer { tr {
                    th scope="row" { (status) }
                    td { @for kind in answer.content.keys() { code { (kind) } } }
                    td { (answer.description) }
                } } } }
            }
        }
    }
}

/// A word of the document as it stands there.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn api_column(t: &Texts, key: &str) -> String {
    t.word(&format!("api-{key}-column")).into_owned()
}
