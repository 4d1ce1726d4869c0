//! Roles and their scopes in words, and as forms name them.

use sanji_core::ids::{GroupId, SchoolId};
use sanji_core::records::Role;
use sanji_core::sync::message::Scope;
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::Texts;

use super::{PageError, Pages};
use crate::projector::Store;

/// Roles that an administrator gives by a grant; a principal's and a teacher's come from the roster.
pub(crate) const GRANTED: [Role; 7] = [
    Role::Supervisor,
    Role::Inspector,
    Role::Township,
    Role::GroupLead,
    Role::GroupDeputy,
    Role::Liaison,
    Role::Administrator,
];

/// The word for a role.
pub(super) fn role_word(t: &Texts, role: Role) -> String {
    t.word(&format!("role-{}", role.name())).into_owned()
}

/// The words for a scope.
pub(super) fn scope_word(pages: &Pages, store: &mut impl Store, t: &Texts, scope: &Scope) -> Result<String, PageError> {
    Ok(match scope {
        Scope::County => t.word("pages-whole-county").into_owned(),
        Scope::Township(name) => name.clone(),
        Scope::School(school) => {
            let row = Book::new(pages.kept.relay().county(), store).school(*school)?;
            row.map(|row| row.name).unwrap_or_default()
        }
        Scope::Posting(posting) => {
            let held = crate::projector::board::posting(store, *posting)?;
            let school = held.map(|one| one.school);
            let row = school.map(|school| Book::new(pages.kept.relay().county(), store).school(school)).transpose()?;
            row.flatten().map(|row| row.name).unwrap_or_default()
        }
        Scope::Group(group) => group_name(pages, store, *group)?.unwrap_or_default(),
        Scope::Visit(_) => t.word("visit").into_owned(),
    })
}

/// The name of a group.
fn group_name(pages: &Pages, store: &mut impl Store, group: GroupId) -> Result<Option<String>, PageError> {
    Ok(groups(pages, store)?.into_iter().find(|(id, _)| *id == group).map(|(_, name)| name))
}

/// The groups with their names.
fn groups(pages: &Pages, store: &mut impl Store) -> Result<Vec<(GroupId, String)>, PageError> {
    let county = pages.kept.county(store)?;
    let mut groups: Vec<(GroupId, String)> = Vec::new();
    for view in county.views() {
        for (id, row) in &view.groups {
            if !groups.iter().any(|(known, _)| known == id) {
                groups.push((*id, row.now.value.name.clone()));
            }
        }
    }
    Ok(groups)
}

/// A scope as forms name it, with its words.
pub(super) struct Choice {
    /// `county`, `township:可乐乡`, `group:<id>`, `school:<id>`.
    pub value: String,
    /// What people read.
    pub words: String,
    /// The scope.
    pub scope: Scope,
}

/// Every scope of a grant: the county, its townships, groups and schools.
pub(super) fn scopes(pages: &Pages, store: &mut impl Store, t: &Texts) -> Result<Vec<Choice>, PageError> {
    let schools: Vec<(SchoolId, String, String)> = {
        let rows = Book::new(pages.kept.relay().county(), store).schools()?;
        rows.into_iter().map(|(id, row)| (id, row.township, row.name)).collect()
    };
    let mut townships: Vec<&String> = schools.iter().map(|(_, township, _)| township).collect();
    townships.sort();
    townships.dedup();
    let county =
        Choice { value: "county".into(), words: t.word("pages-whole-county").into_owned(), scope: Scope::County };
    let township = |name: &String| Choice {
        value: format!("township:{name}"),
        words: name.clone(),
        scope: Scope::Township(name.clone()),
    };
    let group =
        |(id, name): (GroupId, String)| Choice { value: format!("group:{id}"), words: name, scope: Scope::Group(id) };
    let school = |(id, township, name): &(SchoolId, String, String)| Choice {
        value: format!("school:{id}"),
        words: format!("{township} {name}"),
        scope: Scope::School(*id),
    };
    let mut all = vec![county];
    all.extend(townships.into_iter().filter(|name| !name.is_empty()).map(township));
    all.extend(groups(pages, store)?.into_iter().map(group));
    all.extend(schools.iter().map(school));
    Ok(all)
}
