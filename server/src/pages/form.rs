//! Fields of forms: a label, what was typed, and beside it what is wrong with it.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::texts::Texts;
use sanji_core::time::parse_date;

use super::PageError;
use super::access::Viewer;
use super::act::Fields;
use super::shell::{Ask, Page};

/// What is wrong with a form, by field, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wrong(Vec<(&'static str, String)>);

impl Wrong {
    /// Says what is wrong with a field.
    pub fn note(&mut self, field: &'static str, words: impl Into<String>) {
        self.0.push((field, words.into()));
    }

    /// The one thing that is wrong.
    pub fn one(field: &'static str, words: impl Into<String>) -> Self {
        Wrong(vec![(field, words.into())])
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with this field, beside it.
    pub fn beside(&self, field: &str) -> Markup {
        html! {
            @for (_, words) in self.0.iter().filter(|(name, _)| *name == field) {
                p.problem role="alert" id=(format!("fault-{field}")) { (words) }
            }
        }
    }

    fn has(&self, field: &str) -> bool {
        self.0.iter().any(|(name, _)| *name == field)
    }
}

/// Why a form was not taken. Nothing of it holds.
#[derive(Debug)]
pub(super) enum Refused {
    /// There is nothing here for this viewer, or the store failed.
    Page(PageError),
    /// Fields aren't right.
    Wrong(Wrong),
}

impl<E: Into<PageError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Refused::Page(error.into())
    }
}

impl From<Wrong> for Refused {
    fn from(wrong: Wrong) -> Self {
        Refused::Wrong(wrong)
    }
}

/// What a browser is told of a form: on to `to` if it was taken, else the page again, as `again` draws it.
pub(super) async fn told<F: Future<Output = Result<Page, PageError>>>(
    ask: &Ask,
    viewer: &Viewer,
    done: Result<(), Refused>,
    (to, fields): (&str, Fields),
    again: impl FnOnce(Draft) -> F,
) -> Response {
    let error = match done {
        Ok(()) => return Redirect::to(to).into_response(),
        Err(Refused::Page(error)) => error,
        Err(Refused::Wrong(wrong)) => match again(Draft { fields, wrong }).await {
            Ok(page) => return ask.show(Some(viewer), StatusCode::UNPROCESSABLE_ENTITY, &page),
            Err(error) => error,
        },
    };
    ask.failed(Some(viewer), &error)
}

/// A form as it stands: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// What was typed, or what holds.
    pub fields: Fields,
    /// What is wrong.
    pub wrong: Wrong,
}

/// A line as it was typed: what is no character to be seen, and more than one space, is one space.
pub(super) fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A date as it was typed. Far years are slips: no record can have them.
pub(super) fn day(text: &str) -> Option<Date> {
    parse_date(text.trim()).filter(|date| (2000..=2200).contains(&date.year()))
}

/// An input.
pub(super) struct Input<'a> {
    /// Its name.
    pub name: &'static str,
    /// The key of its label.
    pub label: &'a str,
    /// `text`, `password`, `date`, `time`.
    pub kind: &'a str,
    /// What browsers may fill in.
    pub autocomplete: &'a str,
    /// Whether it must not be empty.
    pub required: bool,
}

impl<'a> Input<'a> {
    /// A line of text.
    pub fn text(name: &'static str, label: &'a str) -> Self {
        Input { name, label, kind: "text", autocomplete: "off", required: false }
    }

    /// A date.
    pub fn date(name: &'static str, label: &'a str) -> Self {
        Input { kind: "date", ..Input::text(name, label) }
    }

    /// A time of day.
    pub fn time(name: &'static str, label: &'a str) -> Self {
        Input { kind: "time", ..Input::text(name, label) }
    }

    /// A password; it is never shown again.
    pub fn password(name: &'static str, label: &'a str, autocomplete: &'a str) -> Self {
        Input { name, label, kind: "password", autocomplete, required: true }
    }

    /// One that must not be empty.
    pub fn required(self) -> Self {
        Input { required: true, ..self }
    }

    /// The field in its form.
    pub fn show(&self, t: &Texts, form: &Draft) -> Markup {
        let bad = form.wrong.has(self.name);
        let value = if self.kind == "password" { "" } else { form.fields.get(self.name) };
        html! {
            label {
                (t.word(self.label))
                input name=(self.name) type=(self.kind) value=(value) autocomplete=(self.autocomplete) required[self.required]
                    aria-invalid=[bad.then_some("true")] aria-describedby=[bad.then(|| format!("fault-{}", self.name))];
            }
            (form.wrong.beside(self.name))
        }
    }
}

/// A choice among values, each with its words.
pub(super) fn choice(t: &Texts, form: &Draft, name: &'static str, label: &str, options: &[(String, String)]) -> Markup {
    let bad = form.wrong.has(name);
    html! {
        label {
            (t.word(label))
            select name=(name) aria-invalid=[bad.then_some("true")] aria-describedby=[bad.then(|| format!("fault-{name}"))] {
                @for (value, words) in options {
                    option value=(value) selected[form.fields.get(name) == value] { (words) }
                }
            }
        }
        (form.wrong.beside(name))
    }
}

/// A box to tick.
pub(super) fn tick(t: &Texts, form: &Draft, name: &'static str, label: &str) -> Markup {
    html! {
        label.tick {
            input type="checkbox" name=(name) value="1" checked[!form.fields.get(name).is_empty()];
            span { (t.word(label)) }
        }
    }
}
