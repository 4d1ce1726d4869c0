//! What went wrong, to a program: RFC 9457, in a language that a person reads too.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sanji_core::texts::{Lang, texts};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of problems.
pub const MEDIA: &str = "application/problem+json";

/// What can go wrong with a request of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A parameter can't be used: its name, and the key of the text that says what is wanted.
    BadRequest(&'static str, &'static str),
    /// No token and no session, or one that has ended.
    Unauthorized,
    /// There is no such thing, or it isn't for whoever asks: which of the two isn't said.
    NotFound,
    /// A method that changes something.
    Method,
    /// The store failed.
    Unavailable,
    /// Too many requests: come back after so many seconds.
    Busy(u32),
}

/// A problem as JSON.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details {
    /// Where the kind of problem is explained.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is, in a few words.
    pub title: String,
    /// The status code.
    pub status: u16,
    /// What to do about it.
    pub detail: String,
}

impl Problem {
    /// One of each kind.
    pub const ALL: [Problem; 6] = [
        Problem::BadRequest("limit", "limit"),
        Problem::Unauthorized,
        Problem::NotFound,
        Problem::Method,
        Problem::Unavailable,
        Problem::Busy(1),
    ];

    /// Its name in texts and links.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::BadRequest(..) => "bad_request",
            Problem::Unauthorized => "unauthorized",
            Problem::NotFound => "not_found",
            Problem::Method => "method",
            Problem::Unavailable => "unavailable",
            Problem::Busy(_) => "busy",
        }
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        match self {
            Problem::BadRequest(..) => StatusCode::BAD_REQUEST,
            Problem::Unauthorized => StatusCode::UNAUTHORIZED,
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::Method => StatusCode::METHOD_NOT_ALLOWED,
            Problem::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Problem::Busy(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// As it is said in a language.
    pub fn details(&self, lang: Lang) -> Details {
        let (t, code) = (texts(lang), self.code());
        let detail = format!("api-problem-{code}-detail");
        Details {
            kind: format!("/api#problem-{code}"),
            title: t.word(&format!("api-problem-{code}")).into_owned(),
            status: self.status().as_u16(),
            detail: match self {
                Problem::BadRequest(name, wants) => {
                    let what = t.word(&format!("api-wants-{wants}")).into_owned();
                    t.get(&detail, &[("name", (*name).to_owned()), ("what", what)])
                }
                _ => t.word(&detail).into_owned(),
            },
        }
    }

    /// The answer.
    pub fn answer(&self, lang: Lang) -> Response {
        let text = serde_json::to_string(&self.details(lang)).unwrap_or_default();
        let mut response = (self.status(), [(header::CONTENT_TYPE, MEDIA)], text).into_response();
        let headers = response.headers_mut();
        match self {
            Problem::Unauthorized => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"sanji\""));
            }
            Problem::Method => {
                headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
            Problem::Busy(seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Problem::BadRequest(..) | Problem::NotFound | Problem::Unavailable => {}
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_says_what_it_is_in_both_languages() {
        for lang in Lang::ALL {
            for problem in Problem::ALL {
                let said = problem.details(lang);
                assert!(!said.title.contains("api-") && !said.detail.contains("api-"), "{said:?}");
                assert!(!said.detail.contains('$'), "{said:?}");
            }
        }
    }
}
