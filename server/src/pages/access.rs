//! What a viewer may see of a school, by the grants of the viewer's person (policy.md section 7: staff see their own, a
//! principal the own school, a group's lead sums, township and county what lies in their scope).

use std::collections::BTreeMap;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use sanji_core::ids::{Label, PersonId, PostingId, SchoolId};
use sanji_core::records::Role;
use sanji_core::review::{Debtor, VisitFact};
use sanji_core::sync::message::Scope;
use sanji_core::sync::relay::rows::{GrantRow, SchoolRow};

use super::publish::due;
use super::{Pages, SharedPages};
use crate::app::SharedApp;
use crate::http::signed_in::SignedIn;
use crate::projector::board::{Days, Staff};
use crate::projector::waiting::{decides, waiting_for};
use crate::store::ReadLedger;

/// Whoever looks at a page.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The account's name.
    pub account: String,
    /// The name to show.
    pub display: String,
    /// The person.
    pub person: PersonId,
    /// What each changing form must carry.
    pub csrf: String,
    /// How many requests wait for the viewer's decision; none for whoever decides on nobody's.
    pub waiting: Option<usize>,
    /// The week, by its Monday, that the viewer as a school's head is reminded to publish.
    pub due: Option<(SchoolId, Date)>,
    grants: Vec<GrantRow>,
}

/// What may be seen of a school.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// How many have which status.
    pub sums: bool,
    /// Every cell of the staff, with its reasons; the service.
    pub cells: bool,
    /// The entries behind every cell.
    pub entries: bool,
    /// Each look at entries is written down.
    pub logged: bool,
    /// Which leave it is, on the open table: the school's heads.
    pub leave_kinds: bool,
    /// Devices and their marks.
    pub devices: bool,
    /// Plans are the viewer's to review, as a supervisor or inspector.
    pub reviews: bool,
    /// Roster, invitations, devices and settings are the viewer's to look after, as the county's administrator.
    pub administers: bool,
    /// The viewer's own postings, wherever they are.
    pub own: Vec<PostingId>,
}

/// What may be seen of somebody's obligations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwedSight {
    /// Nothing.
    Nothing,
    /// That there is one, and how it stands.
    Sums,
    /// Whose it is as well.
    Named,
}

impl Sight {
    /// Whether the cells of a posting may be seen.
    pub fn cells_of(&self, posting: PostingId) -> bool {
        self.cells || self.own.contains(&posting)
    }

    /// Whether the entries of a posting may be seen.
    pub fn entries_of(&self, posting: PostingId) -> bool {
        self.entries || self.own.contains(&posting)
    }
}

impl FromRequestParts<SharedApp> for Viewer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Response> {
        let who = SignedIn::from_request_parts(parts, app).await?;
        match parts.extensions.get::<SharedPages>() {
            Some(pages) => Viewer::counting(pages, &who).await,
            None => Ok(Viewer::new(&who)),
        }
    }
}

impl Viewer {
    /// The viewer who is signed in, with what waits for the viewer, as every page says.
    ///
    /// # Errors
    /// An answer to the request when the store fails.
    pub(super) async fn counting(pages: &SharedPages, who: &SignedIn) -> Result<Self, Response> {
        let mut viewer = Viewer::new(who);
        if !decides(&viewer.grants) {
            return Ok(viewer);
        }
        let (person, grants, head, now) = (viewer.person, viewer.grants.clone(), viewer.heads(), who.now);
        let count = move |pages: &Pages, store: &mut ReadLedger<'_>| {
            let waiting = waiting_for(pages.kept.relay(), store, now, person, &grants)?;
            let due = head.map(|school| due(pages, store, school, now.secs().date())).transpose()?.flatten();
            Ok((waiting.map(|waiting| waiting.len()), head.zip(due)))
        };
        (viewer.waiting, viewer.due) =
            pages.read(count).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())?;
        Ok(viewer)
    }

    /// The viewer who is signed in, without a look at what waits.
    pub fn new(who: &SignedIn) -> Self {
        Viewer {
            account: who.account.name.clone(),
            display: who.account.display.clone(),
            person: who.account.person,
            csrf: who.csrf.clone(),
            waiting: None,
            due: None,
            grants: who.grants.iter().filter(|grant| grant.recovered != Some(true)).cloned().collect(),
        }
    }

    /// Another system, by a token: what it looks at is written down under the token's name.
    pub fn of_token(name: &str, person: PersonId, grants: Vec<GrantRow>) -> Self {
        Viewer {
            account: format!("token {name}"),
            display: name.to_owned(),
            person,
            csrf: String::new(),
            waiting: None,
            due: None,
            grants: grants.into_iter().filter(|grant| grant.recovered != Some(true)).collect(),
        }
    }

    /// What may be seen of a school on these days. A grant opens the terms that its own days touch, as it opens documents
    /// for a phone.
    pub fn sight(&self, school: SchoolId, place: &SchoolRow, days: Days) -> Sight {
        let mut sight = Sight::default();
        for grant in self.grants.iter().filter(|grant| touches(grant, days)) {
            if let Scope::Posting(posting) = grant.scope {
                sight.own.push(posting);
                continue;
            }
            if !covers(&grant.scope, school, place) {
                continue;
            }
            match grant.role {
                Role::Principal | Role::Deputy => sight.leave_kinds = true,
                Role::Supervisor | Role::Inspector => (sight.logged, sight.reviews) = (true, true),
                Role::Township => sight.logged = true,
                Role::GroupLead | Role::GroupDeputy | Role::Liaison => sight.sums = true,
                Role::Administrator => (sight.devices, sight.administers) = (true, true),
                Role::Staff | Role::CoordinatorEnrolment | Role::CoordinatorFees | Role::Kiosk => {}
            }
        }
        // A head reads the own school's records without being written down, whatever other roles the head has.
        let head = sight.leave_kinds;
        if head || sight.logged {
            (sight.sums, sight.cells, sight.entries, sight.devices) = (true, true, true, true);
            sight.logged = !head;
        }
        sight
    }

    /// Whether the viewer is at home with one school, or with the own days, rather than with a list of schools.
    pub fn reviews_several(&self) -> bool {
        let wide = |grant: &&GrantRow| !matches!(grant.scope, Scope::Posting(_) | Scope::School(_) | Scope::Visit(_));
        let schools = self.grants.iter().filter(|grant| matches!(grant.scope, Scope::School(_)) && reviews(grant.role));
        self.grants.iter().any(|grant| wide(&grant)) || schools.count() > 1
    }

    /// The grants that the viewer holds today.
    pub fn grants(&self) -> &[GrantRow] {
        &self.grants
    }

    /// Whether the viewer looks after the county as a whole.
    pub fn has_county(&self) -> bool {
        let roles = [Role::Supervisor, Role::Inspector, Role::Administrator];
        self.grants.iter().any(|grant| grant.scope == Scope::County && roles.contains(&grant.role))
    }

    /// Whether the viewer is the county's administrator.
    pub fn administers(&self) -> bool {
        self.grants.iter().any(|grant| grant.scope == Scope::County && grant.role == Role::Administrator)
    }

    /// The school whose head the viewer is.
    pub fn heads(&self) -> Option<SchoolId> {
        self.grants.iter().find_map(|grant| match (grant.role, &grant.scope) {
            (Role::Principal | Role::Deputy, Scope::School(school)) => Some(*school),
            _ => None,
        })
    }

    /// Whether the viewer may see anybody's days by name, the own ones included.
    pub fn finds_people(&self) -> bool {
        let roles = [Role::Principal, Role::Deputy, Role::Supervisor, Role::Inspector, Role::Township];
        self.grants.iter().any(|grant| roles.contains(&grant.role) || matches!(grant.scope, Scope::Posting(_)))
    }

    /// Whether a visit may be read: by whoever takes part or with whom it was shared; in their scope by those who review, by
    /// those of a group once it was opened or where it is the group's own, and by the host's heads once it was opened there.
    pub fn reads_visit(&self, visit: &VisitFact, places: &BTreeMap<SchoolId, SchoolRow>) -> bool {
        let days = Days { first: visit.planned.min(visit.date()), last: visit.planned.max(visit.date()) };
        let covers = |scope: &Scope, school: SchoolId| places.get(&school).is_some_and(|at| covers(scope, school, at));
        let made = |scope: &Scope| visit.from.is_some_and(|from| covers(scope, from));
        self.grants.iter().any(|grant| match (&grant.scope, grant.role) {
            (Scope::Visit(id), _) => id.0 == visit.doc.object,
            _ if !touches(grant, days) => false,
            (scope, Role::Supervisor | Role::Inspector | Role::Township) => covers(scope, visit.host) || made(scope),
            (scope, Role::GroupLead | Role::GroupDeputy | Role::Liaison) => {
                let own = made(scope) || visit.group.is_some_and(|group| *scope == Scope::Group(group));
                own || visit.opened.is_some() && covers(scope, visit.host)
            }
            (scope, Role::Principal | Role::Deputy) => visit.opened.is_some() && covers(scope, visit.host),
            _ => false,
        })
    }

    /// What may be seen of what a school, its teachers or a group owe.
    pub fn reads_owed(&self, debtor: Debtor, places: &BTreeMap<SchoolId, SchoolRow>, days: Days) -> OwedSight {
        let covers = |scope: &Scope| match debtor {
            Debtor::Group(group) => matches!(scope, Scope::County) || *scope == Scope::Group(group),
            Debtor::School(school) | Debtor::Teacher(school, _) => {
                places.get(&school).is_some_and(|at| covers(scope, school, at))
            }
        };
        let of = |grant: &GrantRow| match (&grant.scope, grant.role) {
            (Scope::Posting(own), _) if matches!(debtor, Debtor::Teacher(_, posting) if posting == *own) => {
                OwedSight::Named
            }
            (scope, Role::Liaison) if covers(scope) => match debtor {
                Debtor::Teacher(..) => OwedSight::Sums,
                _ => OwedSight::Named,
            },
            (scope, role) if reviews(role) && role != Role::Administrator && covers(scope) => OwedSight::Named,
            _ => OwedSight::Nothing,
        };
        self.grants.iter().filter(|grant| touches(grant, days)).map(of).max().unwrap_or(OwedSight::Nothing)
    }

    /// Whether this is the viewer's own posting.
    pub fn is(&self, staff: &Staff) -> bool {
        self.person == staff.person
    }
}

fn reviews(role: Role) -> bool {
    !matches!(role, Role::Staff | Role::CoordinatorEnrolment | Role::CoordinatorFees | Role::Kiosk)
}

fn covers(scope: &Scope, school: SchoolId, place: &SchoolRow) -> bool {
    match scope {
        Scope::County => true,
        Scope::School(id) => *id == school,
        Scope::Township(name) => *name == place.township,
        Scope::Group(group) => place.groups.contains(group),
        Scope::Posting(_) | Scope::Visit(_) => false,
    }
}

/// Whether a grant's days touch a term that holds some of these days.
fn touches(grant: &GrantRow, days: Days) -> bool {
    let (first, _): (Date, Date) = Label::term_of(days.first).days();
    let (_, last) = Label::term_of(days.last).days();
    grant.from <= last && grant.to.is_none_or(|to| first <= to)
}
