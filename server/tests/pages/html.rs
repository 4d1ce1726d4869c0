//! A strict reader of pages: what a forgiving browser would mend is a fault here.

/// Elements without an end.
const VOID: [&str; 6] = ["meta", "link", "input", "br", "hr", "img"];

/// The text of a page without its tags, its words apart by single spaces; or what is wrong with it.
pub fn read(page: &str) -> Result<String, String> {
    let rest = page.strip_prefix("<!DOCTYPE html>").ok_or("no doctype")?;
    let (mut open, mut text, mut ids) = (Vec::<String>::new(), String::new(), std::collections::BTreeSet::new());
    let mut at = rest;
    while !at.is_empty() {
        let Some(next) = at.find('<') else {
            words(at, &mut text)?;
            break;
        };
        words(&at[..next], &mut text)?;
        at = &at[next..];
        let end = at.find('>').ok_or("a tag doesn't end")?;
        let (tag, after) = (&at[1..end], &at[end + 1..]);
        at = after;
        if let Some(name) = tag.strip_prefix('/') {
            let last = open.pop();
            if last.as_deref() != Some(name) {
                return Err(format!("</{name}> closes {last:?}"));
            }
            text.push(' ');
            continue;
        }
        let name = tag.split(' ').next().unwrap_or_default();
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(format!("<{tag}> is no element"));
        }
        for (key, value) in attributes(&tag[name.len()..])? {
            words(&value, &mut String::new())?;
            if key.starts_with("on") || key == "style" {
                return Err(format!("<{tag}> has {key}"));
            }
            if key == "id" && !ids.insert(value.clone()) {
                return Err(format!("id {value} stands twice"));
            }
        }
        if name == "script" {
            return Err("a script".into());
        }
        if !VOID.contains(&name) {
            open.push(name.to_owned());
        }
    }
    let text: Vec<&str> = text.split_whitespace().collect();
    if open.is_empty() { Ok(text.join(" ")) } else { Err(format!("{open:?} stay open")) }
}

/// The value of the hidden field of this name.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    let rest = page.split(&format!("type=\"hidden\" name=\"{name}\" value=\"")).nth(1)?;
    rest.split('"').next().map(str::to_owned)
}

fn words(raw: &str, text: &mut String) -> Result<(), String> {
    let mut at = raw;
    while let Some(amp) = at.find('&') {
        text.push_str(&at[..amp]);
        at = &at[amp..];
        let known = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"')];
        let (entity, sign) =
            known.iter().find(|(e, _)| at.starts_with(e)).ok_or(format!("a bare & before {at:.20}"))?;
        text.push(*sign);
        at = &at[entity.len()..];
    }
    text.push_str(at);
    Ok(())
}

fn attributes(raw: &str) -> Result<Vec<(String, String)>, String> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut at = raw;
    while let Some(rest) = at.strip_prefix(' ') {
        let end = rest.find([' ', '=']).unwrap_or(rest.len());
        let key = rest[..end].to_owned();
        at = &rest[end..];
        let mut value = String::new();
        if let Some(quoted) = at.strip_prefix("=\"") {
            let end = quoted.find('"').ok_or("an attribute doesn't end")?;
            value = quoted[..end].to_owned();
            at = &quoted[end + 1..];
        }
        if key.is_empty() || found.iter().any(|(known, _)| *known == key) {
            return Err(format!("attributes {raw}"));
        }
        found.push((key, value));
    }
    if at.is_empty() { Ok(found) } else { Err(format!("attributes {raw}")) }
}

#[test]
fn what_a_browser_would_mend_is_a_fault() {
    let page = |body: &str| read(&format!("<!DOCTYPE html><html>{body}</html>"));
    assert_eq!(page("<p class=\"a\">1 &lt; 2</p>").unwrap(), "1 < 2");
    for bad in [
        "<p>",
        "<p></b>",
        "a & b",
        "<p a=b></p>",
        "<p id=\"x\"></p><p id=\"x\"></p>",
        "<script></script>",
        "<p onclick=\"x\"></p>",
    ] {
        assert!(page(bad).is_err(), "{bad}");
    }
}
