//! Reading a case by hand, so that an error says which field is wrong, why, and what to write instead.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::rules::parse_week;
use crate::time::{HourMinute, UtcSecs, parse_date, parse_instant};

/// What is wrong with a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    at: String,
    zh: String,
    en: String,
}

impl Wrong {
    /// Something wrong with the field at this path.
    pub(super) fn new(at: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Wrong { at: at.into(), zh: zh.into(), en: en.into() }
    }

    /// Something wrong with the whole line.
    pub(super) fn line(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Wrong::new("", zh, en)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Wrong { at, zh, en } = self;
        if at.is_empty() { write!(f, "{zh} · {en}") } else { write!(f, "{at}:{zh} · {at}: {en}") }
    }
}

type Raw<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

fn raw(line: &str) -> Result<Raw<'_>, serde_json::Error> {
    serde_json::from_str(line)
}

/// The string `id` of a case that is at least an object.
pub(super) fn id_of(line: &str) -> Option<String> {
    serde_json::from_str(raw(line).ok()?.get("id")?.get()).ok()
}

/// A case that is an object with an id. Its fields are read one by one, so that unknown ones are never looked at.
pub(super) struct Case<'a> {
    /// What the answer is given under.
    pub id: Option<String>,
    raw: Raw<'a>,
}

impl<'a> Case<'a> {
    pub(super) fn read(line: &'a str) -> Result<Self, Wrong> {
        let raw = raw(line).map_err(|error| {
            Wrong::line(
                format!("第 {} 列起不是一个 JSON 对象:每行写一个 {{…}}", error.column()),
                format!(
                    "column {} is where this stops being one JSON object: write one {{…}} on each line",
                    error.column()
                ),
            )
        })?;
        Ok(Case { id: id_of(line), raw })
    }

    /// The named fields, read as values; `id` is checked with them.
    pub(super) fn fields(&self, names: &[&str]) -> Result<Object, Wrong> {
        let mut map = Map::new();
        for name in ["id"].iter().chain(names) {
            let Some(raw) = self.raw.get(*name) else { continue };
            let value = serde_json::from_str(raw.get()).map_err(|_| {
                Wrong::new(
                    *name,
                    "无法读取:嵌套过深、数字过大或文字有误",
                    "can't be read: nested too deep, a number too large, or broken text",
                )
            })?;
            map.insert((*name).to_owned(), value);
        }
        let object = Object { path: String::new(), map };
        object.text("id")?;
        Ok(object)
    }
}

/// An object inside a case, with the path to it.
pub(super) struct Object {
    path: String,
    map: Map<String, Value>,
}

impl Object {
    /// The path of a field: `checks[0].at`.
    pub(super) fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn given(&self, name: &str) -> Result<&Value, Wrong> {
        self.map.get(name).ok_or_else(|| Wrong::new(self.path(name), "缺少这一项:请补上", "is missing: add it"))
    }

    /// Whether the field is there and not null.
    fn has(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Result<&str, Wrong> {
        self.given(name)?.as_str().ok_or_else(|| Wrong::new(self.path(name), "应为文字", "must be a string"))
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Wrong> {
        let wrong = || Wrong::new(self.path(name), "应为 true 或 false", "must be true or false");
        self.given(name)?.as_bool().ok_or_else(wrong)
    }

    /// A flag that may be left out, but not null.
    pub(super) fn flag_or_false(&self, name: &str) -> Result<bool, Wrong> {
        if self.map.contains_key(name) { self.flag(name) } else { Ok(false) }
    }

    pub(super) fn minutes(&self, name: &str) -> Result<u32, Wrong> {
        let wrong = || {
            let en = "must be a whole number of minutes, not negative, such as 40";
            Wrong::new(self.path(name), "应为不小于 0 的整数分钟,例如 40", en)
        };
        self.given(name)?.as_u64().and_then(|minutes| u32::try_from(minutes).ok()).ok_or_else(wrong)
    }

    /// A field of exactly one written form.
    fn form<T>(
        &self,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
        what: (&str, &str),
        like: &str,
    ) -> Result<T, Wrong> {
        let text = self.text(name)?;
        read(text).ok_or_else(|| {
            let text = shown(text);
            let (zh, en) = what;
            Wrong::new(
                self.path(name),
                format!("“{text}”不是{zh},应写作 {like}"),
                format!("\"{text}\" is no {en}: write it as {like}"),
            )
        })
    }

    pub(super) fn instant(&self, name: &str) -> Result<UtcSecs, Wrong> {
        let what = ("带时区的真实时刻(不含小数秒)", "real time with an offset and without fractions");
        self.form(name, parse_instant, what, "2026-03-02T08:31:10+08:00")
    }

    /// An instant that may be left out or null.
    pub(super) fn instant_if_given(&self, name: &str) -> Result<Option<UtcSecs>, Wrong> {
        self.has(name).then(|| self.instant(name)).transpose()
    }

    pub(super) fn date(&self, name: &str) -> Result<Date, Wrong> {
        self.form(name, parse_date, ("真实日期", "real date"), "2026-03-02")
    }

    pub(super) fn time(&self, name: &str) -> Result<HourMinute, Wrong> {
        self.form(name, HourMinute::parse, ("真实时间(00:00 至 23:59)", "time of day (00:00 to 23:59)"), "16:00")
    }

    /// The Monday of an ISO week.
    pub(super) fn week(&self, name: &str) -> Result<Date, Wrong> {
        self.form(name, parse_week, ("该年确有的 ISO 周", "ISO week of its year"), "2026-W10")
    }

    /// One of a set of words.
    pub(super) fn word<T: Copy + fmt::Display>(&self, name: &str, all: &[T]) -> Result<T, Wrong> {
        let codes: Vec<String> = all.iter().map(T::to_string).collect();
        let at = self.word_among(name, &codes.iter().map(String::as_str).collect::<Vec<_>>())?;
        Ok(all[at])
    }

    /// The place of a field's word in `words`.
    pub(super) fn word_among(&self, name: &str, words: &[&str]) -> Result<usize, Wrong> {
        let text = self.text(name)?;
        words.iter().position(|word| *word == text).ok_or_else(|| {
            let (text, words) = (shown(text), words.join(", "));
            Wrong::new(
                self.path(name),
                format!("没有“{text}”这个词,可用:{words}"),
                format!("\"{text}\" is an unknown word: use one of {words}"),
            )
        })
    }

    pub(super) fn object(&self, name: &str) -> Result<Object, Wrong> {
        as_object(self.path(name), self.given(name)?)
    }

    /// An object that may be left out or null.
    pub(super) fn object_if_given(&self, name: &str) -> Result<Option<Object>, Wrong> {
        self.has(name).then(|| self.object(name)).transpose()
    }

    fn list(&self, name: &str) -> Result<&[Value], Wrong> {
        let wrong = || Wrong::new(self.path(name), "应为列表 […]", "must be a list […]");
        self.given(name)?.as_array().map(Vec::as_slice).ok_or_else(wrong)
    }

    /// Each object of a list, read by `read`.
    pub(super) fn each<T>(&self, name: &str, read: impl Fn(&Object) -> Result<T, Wrong>) -> Result<Vec<T>, Wrong> {
        let path = self.path(name);
        let item = |(index, value)| read(&as_object(format!("{path}[{index}]"), value)?);
        self.list(name)?.iter().enumerate().map(item).collect()
    }

    /// Each string of a list.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Wrong> {
        let path = self.path(name);
        let item = |(index, value): (usize, &Value)| {
            value
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| Wrong::new(format!("{path}[{index}]"), "应为文字", "must be a string"))
        };
        self.list(name)?.iter().enumerate().map(item).collect()
    }

    /// Two dates in order, both included.
    pub(super) fn dates(&self) -> Result<(Date, Date), Wrong> {
        let (from, to) = (self.date("from")?, self.date("to")?);
        if to < from {
            return Err(Wrong::new(
                self.path("to"),
                format!("{to} 早于 from 的 {from}:请对调"),
                format!("{to} is before from, {from}: swap them"),
            ));
        }
        Ok((from, to))
    }
}

fn as_object(path: String, value: &Value) -> Result<Object, Wrong> {
    match value {
        Value::Object(map) => Ok(Object { path, map: map.clone() }),
        _ => Err(Wrong::new(path, "应为对象 {…}", "must be an object {…}")),
    }
}

/// A text cut to what an error can show.
fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
